"""Fixtures of the vehicle's tests: a small square town, and a broker."""

from tests.agency.square import square_agency
from tests.brokers import mosquitto

__all__ = ["mosquitto", "square_agency"]
