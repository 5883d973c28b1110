"""Tests of models: ingest, train, evaluate, export."""
