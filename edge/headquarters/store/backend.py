"""What SQLite and PostgreSQL do each in their own way: connect, begin, and say which database this is."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table

from edge.headquarters.address import Address
from edge.headquarters.store.conflicts import Insert, Known
from edge.headquarters.store.postgresql import PostgreSql, postgresql_engine
from edge.headquarters.store.sqlite import Sqlite, sqlite_engine


class Backend(Protocol):
    """One opened connection's database."""

    @property
    def snapshot(self) -> str:
        """The command that begins one which reads what is there at its first query."""

    @property
    def insert(self) -> type[Insert]:
        """An insertion that may say what is to be done on a conflict."""

    @property
    def connection(self) -> Connection:
        """The connection, which commits each statement by itself outside a transaction."""

    @property
    def identity(self) -> tuple[object, ...]:
        """Which database this is: another one, or a copy, has another identity."""

    def insert_rows(self, into: Table, rows: Sequence[Mapping[str, Any]], known: Known) -> None:
        """Insert many rows, no two of one key; ``known``: what is done where a key is there already."""

    @property
    def locks_rows(self) -> bool:
        """Whether two transactions may write at once, each its own rows."""

    def begin(self) -> None:
        """Begin a transaction which writes."""

    def is_legacy(self) -> bool:
        """Whether the database has headquarters' tables of before there were migrations."""

    def lock_migrations(self) -> None:
        """Within a transaction: let no other process migrate the database until it ends."""

    def set_up(self) -> None:
        """Once it is known to be headquarters': its lasting settings."""

    def check(self) -> None:
        """Raises StoreError where what was written is not in the database of that name any more."""

    def bound_log(self) -> None:
        """Cut the write-ahead log where it has grown and nobody reads from it."""


def connect(address: Address, *, make: bool, busy_s: float) -> Backend:
    """A connection of its own. Raises SQLAlchemyError or OSError; StoreError where the database is not there."""
    if isinstance(address, Path):
        return Sqlite(address, _engine(address, make, busy_s), make=make, busy_s=busy_s)
    return PostgreSql(address, _engine(address, make, busy_s))


@lru_cache(maxsize=32)
def _engine(address: Address, make: bool, busy_s: float) -> Engine:
    """One a database and process, for what it compiles; it holds no connection."""
    if isinstance(address, Path):
        return sqlite_engine(address, make=make, busy_s=busy_s)
    return postgresql_engine(address, busy_s=busy_s)
