"""Tests of models/daily."""
