"""Fixtures of the attacks: Squaretown with its key, a broker."""

from tests.agency.square import square_agency
from tests.brokers import mosquitto
from tests.vehicle.link.signing import agency

__all__ = ["agency", "mosquitto", "square_agency"]
