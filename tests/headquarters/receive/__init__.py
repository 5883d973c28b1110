"""Tests of what headquarters receives."""
