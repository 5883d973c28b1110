"""Tests of what headquarters sends."""
