"""Fixtures of the contract's tests: a small square town, a broker."""

from tests.agency.square import square_agency
from tests.brokers import mosquitto

__all__ = ["mosquitto", "square_agency"]
