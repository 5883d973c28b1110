"""Tests of the car."""
