"""Tests of models/count."""
