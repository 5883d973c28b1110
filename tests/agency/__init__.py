"""Tests of edge.agency and of the documents an analyst writes."""
