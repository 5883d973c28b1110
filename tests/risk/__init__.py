"""Tests of edge.risk."""
