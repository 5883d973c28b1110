"""Logins, sessions and changes of accounts, over the store: called by commands and pages alike. Knows neither."""
