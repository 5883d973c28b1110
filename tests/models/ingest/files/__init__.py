"""Tests of models/ingest/files."""
