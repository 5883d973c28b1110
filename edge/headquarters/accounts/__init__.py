"""Who may use headquarters' pages: roles, passwords, lock-outs, sessions. Must not know a page."""
