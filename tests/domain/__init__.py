"""Tests of edge.domain."""
