"""Fixtures of risk's tests: a small square town, and a bundle of it with tiny models."""

from datetime import date

import pytest

from tests.agency.square import square_agency
from tests.risk.tiny import Tiny, tiny_bundle

__all__ = ["square_agency"]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Squaretown with models of three types, whose counts end on 2026-10-12."""
    return tiny_bundle(tmp_path_factory.mktemp("tiny"), date(2026, 10, 12))
