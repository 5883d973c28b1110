"""What the field's cases share."""

from tests.agency.square import square_agency

__all__ = ["square_agency"]
