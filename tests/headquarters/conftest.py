"""Fixtures of headquarters' tests: Squaretown, an empty database, a receiver into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store
from tests.agency.square import square_agency, square_toml
from tests.brokers import mosquitto
from tests.headquarters.ledgers import TOPICS

__all__ = ["mosquitto", "square_agency", "square_toml"]

NOW = 1_800_000_000.0


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the database will be."""
    return tmp_path / "hq.sqlite"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    """An open, empty database."""
    with Store(database) as opened:
        yield opened


@pytest.fixture
def receiver(store: Store) -> Receiver:
    """A receiver whose clock stands still."""
    return Receiver(store, TOPICS, lambda: NOW)
