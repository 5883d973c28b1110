"""Fixtures of the link's tests."""

from tests.vehicle.link.signing import agency

__all__ = ["agency"]
