"""Fixtures of the contract's tests: a small square town."""

from tests.agency.square import square_agency

__all__ = ["square_agency"]
