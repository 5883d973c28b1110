"""Headquarters' database on a PostgreSQL server. The database itself is made by its administrator."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import psycopg
from psycopg.types.array import ListBinaryDumper
from sqlalchemy import ARRAY, Connection, Engine, Table, bindparam, create_engine, func, make_url, select, text
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.pool import NullPool

from edge.headquarters.address import DatabaseUrl
from edge.headquarters.store.conflicts import Insert as Insertion
from edge.headquarters.store.conflicts import Known, on_known

CONNECT_S: Final = 10
LOST: Final[dict[str, Any]] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""When a server that has fallen silent counts as gone: after about 25 s."""

MIGRATIONS: Final = 0x526F756E64736D61
"""The advisory lock of whoever migrates."""


def postgresql_engine(url: DatabaseUrl, *, busy_s: float) -> Engine:
    """``busy_s``: how long to wait for whoever else writes the same rows."""
    parsed = make_url(url.secret)
    settings = {"connect_timeout": CONNECT_S, "options": f"-c lock_timeout={round(busy_s * 1000)}", **LOST}
    unsaid = {key: value for key, value in settings.items() if key not in parsed.query}
    return create_engine(parsed, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=unsaid)


class PostgreSql:
    """One connection to a server."""

    snapshot: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    insert: Final = Insert
    locks_rows: Final = True

    def __init__(self, url: DatabaseUrl, engine: Engine) -> None:
        self._url = url
        self.connection: Connection = engine.connect()
        raw = self.connection.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)  # noqa: S101 - the engine's driver
        raw.adapters.register_dumper(list, ListBinaryDumper)  # as text, a record's bytes take fifty times as long

    @property
    def identity(self) -> tuple[object, ...]:
        """The server's database as it is named."""
        return (self._url,)

    def insert_rows(self, into: Table, rows: Sequence[Mapping[str, Any]], known: Known) -> None:
        """All in one statement, an array a column: a statement a row takes five times as long."""
        self.connection.execute(
            _bulk(into, known), {column.name: [row[column.name] for row in rows] for column in into.columns}
        )

    def begin(self) -> None:
        """Rows are locked as they are written."""
        self.connection.exec_driver_sql("BEGIN")

    def is_legacy(self) -> bool:
        """PostgreSQL came with the migrations."""
        return False

    def lock_migrations(self) -> None:
        """Until the transaction ends."""
        self.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATIONS})

    def set_up(self) -> None:
        """The server's own settings hold: `fsync` and `synchronous_commit` are on unless somebody put them off."""

    def check(self) -> None:
        """A server's database has no file to be taken away: a lost connection shows by itself."""

    def bound_log(self) -> None:
        """The server bounds its own log."""


@cache
def _bulk(into: Table, known: Known) -> Insertion:
    """The insertion of arrays, one a column."""
    arrays = (bindparam(column.name, type_=ARRAY(column.type)) for column in into.columns)
    names = [column.name for column in into.columns]
    rows = func.unnest(*arrays).table_valued(*names).render_derived()
    return on_known(Insert(into).from_select(names, select(*(rows.c[name] for name in names))), into, known)
