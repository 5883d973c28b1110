"""Fixtures of the client's tests: a broker."""

from tests.brokers import mosquitto

__all__ = ["mosquitto"]
