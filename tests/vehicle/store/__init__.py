"""Tests of what the vehicle keeps."""
