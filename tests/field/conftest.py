"""What the field's cases share."""

from tests.agency.square import square_agency
from tests.brokers import mosquitto

__all__ = ["mosquitto", "square_agency"]
