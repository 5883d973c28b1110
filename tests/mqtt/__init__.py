"""Tests of the MQTT both ends use."""
