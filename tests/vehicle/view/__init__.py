"""Tests of what a car shows."""
