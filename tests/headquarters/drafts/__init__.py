"""Tests of what comes from other systems."""
