"""Tests of models/ingest."""
