"""Fixtures of headquarters' tests: Squaretown, an empty database of each kind, a receiver into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from edge.headquarters.access import login
from edge.headquarters.accounts import passwords
from edge.headquarters.address import Address
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store
from tests.agency.square import square_agency, square_toml
from tests.brokers import mosquitto
from tests.headquarters.ledgers import TOPICS
from tests.headquarters.postgres import empty_database

__all__ = ["mosquitto", "square_agency", "square_toml"]

NOW = 1_800_000_000.0


CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NOBODYS = CHEAP.hash("nobody's")


@pytest.fixture(autouse=True)
def cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password costs next to nothing, but in the module that judges what one costs."""
    if not request.module.__name__.endswith("test_passwords"):
        monkeypatch.setattr(passwords, "_HASHER", CHEAP)
        monkeypatch.setattr(login, "NOBODYS", NOBODYS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a SQLite database will be: for what only a file can meet."""
    return tmp_path / "hq.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    """Where the database will be: a file that is not there yet, and an empty database of a real server."""
    if request.param == "sqlite":
        yield tmp_path / "hq.sqlite"
        return
    with empty_database() as url:
        yield url


@pytest.fixture
def store(database: Address) -> Iterator[Store]:
    """An open, empty database."""
    with Store(database) as opened:
        yield opened


@pytest.fixture
def receiver(store: Store) -> Receiver:
    """A receiver whose clock stands still."""
    return Receiver(store, TOPICS, lambda: NOW)
