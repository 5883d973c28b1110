"""Drafts of plans: drawn for the shifts to come, changed by analysts, approved."""
