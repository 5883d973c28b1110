"""What these tests share."""

from tests.agency.square import square_agency
from tests.provisioning.fleets import clock, fleet, signed_square

__all__ = ["clock", "fleet", "signed_square", "square_agency"]
