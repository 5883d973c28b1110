"""Fixtures of the plans' tests: the square town, with and without tiny models."""

from tests.agency.square import square_agency, square_toml
from tests.risk.conftest import tiny

__all__ = ["square_agency", "square_toml", "tiny"]
