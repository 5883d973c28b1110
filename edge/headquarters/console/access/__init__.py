"""Who may see which page: logins, the guard, and the pages of one's own account."""
