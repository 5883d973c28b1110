"""Tests of the vehicle's end of the wire."""
