"""Tests of what both daemons share."""
