"""The columns that headquarters' tables are made of, the same in SQLite (STRICT) and in PostgreSQL."""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Double, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.dialects.sqlite import REAL

TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Sorted by its characters' numbers, whatever the server's language."""

WHOLE: Final = BigInteger().with_variant(Integer(), "sqlite")
REAL64: Final[Any] = Double().with_variant(REAL(), "sqlite")

metadata: Final = MetaData()
"""Every table as this version reads and writes it; `migrations` make them."""


def table(name: str, *parts: Any, into: MetaData = metadata) -> Table:
    """A table; SQLite refuses a value of another type, as PostgreSQL does."""
    return Table(name, into, *parts, sqlite_strict=True)


def text(name: str, *, key: bool = False, nullable: bool = False) -> Column[Any]:
    """A text."""
    return Column(name, TEXT, primary_key=key, nullable=nullable)


def whole(name: str, *, key: bool = False, default: int | None = None, nullable: bool = False) -> Column[Any]:
    """A whole number up to 2⁶³."""
    given = None if default is None else str(default)
    return Column(name, WHOLE, primary_key=key, nullable=nullable, server_default=given, autoincrement=False)


def instant(name: str, *, nullable: bool = False) -> Column[Any]:
    """POSIX seconds."""
    return Column(name, REAL64, nullable=nullable)


def seconds(name: str) -> Column[Any]:
    """A duration; 0 where a row does not say."""
    return Column(name, REAL64, nullable=False, server_default="0")


def octets(name: str) -> Column[Any]:
    """Bytes."""
    return Column(name, LargeBinary, nullable=False)
