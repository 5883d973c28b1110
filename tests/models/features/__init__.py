"""Tests of models/features."""
