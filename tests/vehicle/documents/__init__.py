"""Tests of the documents in force in a car."""
