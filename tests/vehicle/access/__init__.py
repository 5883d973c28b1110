"""Tests of who may use the car's screen."""
