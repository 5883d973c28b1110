"""Tests of edge.demo."""
