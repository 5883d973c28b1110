"""Who may use this car's screen, in which role: the roster in force, PINs, and what is locked. Decides no patrol."""
