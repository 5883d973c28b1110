"""Headquarters' side of releases."""
