"""Tests of models/export."""
