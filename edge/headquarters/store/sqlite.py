"""Headquarters' database as a SQLite file: WAL, synchronous=FULL, never written to without its name."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from os import stat_result
from os.path import samestat
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.pool import NullPool

from edge.headquarters.store.conflicts import Insert as Insertion
from edge.headquarters.store.conflicts import Known, on_known
from edge.headquarters.store.errors import StoreError

LEGACY: Final = (1, 2)
"""``user_version`` of before there were migrations: 1 had no contexts."""

MIGRATED: Final = 3
"""``user_version`` since: software of before refuses the file, the revision stands in ``alembic_version``."""

LOG_BYTES: Final = 64 * 2**20
"""What a write-ahead log that was checkpointed keeps at most."""

LOOK_AGAIN_S: Final = 0.002
"""How often to look whether whoever writes is through."""

GROWN_BYTES: Final = 16 * 2**20
"""A longer log is cut to nothing as soon as no reader needs it."""


def sqlite_engine(path: Path, *, make: bool, busy_s: float) -> Engine:
    """``make``: the file is made where it is missing; ``busy_s``: how long to wait for whoever else writes."""
    return create_engine(
        "sqlite://",
        creator=partial(_open, path, "rwc" if make else "rw", busy_s),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
    )


def _open(path: Path, mode: str, busy_s: float) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=busy_s, check_same_thread=True)


class Sqlite:
    """One connection to a file."""

    snapshot: Final = "BEGIN"
    insert: Final = Insert
    locks_rows: Final = False

    def __init__(self, path: Path, engine: Engine, *, make: bool, busy_s: float) -> None:
        if not make and not path.is_file():
            msg = f"database: {path} not found; start headquarters once, or give its database"
            raise StoreError(msg)
        self._path = path
        self._busy_s = busy_s
        self.connection: Connection = engine.connect()
        try:
            self._refuse_others()
            self._file: stat_result = path.stat()
        except BaseException:  # whatever it is goes on; only the connection must not stay open
            self.connection.close()
            raise

    @property
    def identity(self) -> tuple[object, ...]:
        """The file's."""
        return self._path, self._file.st_dev, self._file.st_ino

    def insert_rows(self, into: Table, rows: Sequence[Mapping[str, Any]], known: Known) -> None:
        """One statement a row."""
        self.connection.execute(_insertion(into, known), rows)

    def begin(self) -> None:
        """Lock the file for writing.

        SQLite's own waiting looks less and less often, down to ten times a second: beside a process that writes batch
        after batch it may find no moment for seconds.
        """
        raw, deadline = self._raw(), time.monotonic() + self._busy_s
        raw.execute("PRAGMA busy_timeout=0")
        try:
            while True:
                try:
                    raw.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                        raise
                    time.sleep(LOOK_AGAIN_S)
                else:
                    return
        finally:
            raw.execute(f"PRAGMA busy_timeout={round(self._busy_s * 1000)}")

    def is_legacy(self) -> bool:
        """By the file's ``user_version``."""
        return self._version() in LEGACY

    def lock_migrations(self) -> None:
        """The transaction has locked the file."""

    def set_up(self) -> None:
        """Every commit is synced; the log does not stay grown."""
        raw = self._raw()
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute(f"PRAGMA journal_size_limit={LOG_BYTES}")

    def check(self) -> None:
        """The file of that name is still the one that is written to."""
        try:
            if samestat(self._file, self._path.stat()):
                return
            self._set_log_aside()
        except OSError:  # gone, or out of reach
            pass
        msg = f"{self._path}: was moved or replaced while running; restore it"
        raise StoreError(msg)

    def bound_log(self) -> None:
        """Without waiting: where somebody reads, the next call does it."""
        with suppress(OSError):  # there is no log, or no file: `check` says so
            if self._path.with_name(f"{self._path.name}-wal").stat().st_size <= GROWN_BYTES:
                return
            raw = self._raw()
            (busy_ms,) = raw.execute("PRAGMA busy_timeout").fetchone()
            raw.execute("PRAGMA busy_timeout=0")
            try:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                raw.execute(f"PRAGMA busy_timeout={busy_ms}")

    def _refuse_others(self) -> None:
        """Not a byte is written before it is known whose file this is."""
        version = self._version()
        (tables,) = self._raw().execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if version not in (0, *LEGACY, MIGRATED) or (version == 0 and tables):
            made = f"by another version of Roundsman (schema {version})" if version else "by something else"
            msg = (
                f"{self._path}: made {made}; this is headquarters with schema {MIGRATED}: give headquarters its own "
                "database"
            )
            raise StoreError(msg)

    def _version(self) -> int:
        return int(self._raw().execute("PRAGMA user_version").fetchone()[0])

    def _raw(self) -> sqlite3.Connection:
        raw = self.connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - `_open` made it
        return raw

    def _set_log_aside(self) -> None:
        """Beside another database, this one's log would be taken for that one's, and spoil it."""
        self.connection.close()
        log = self._path.with_name(f"{self._path.name}-wal")
        log.rename(log.with_name(f"{log.name}-of-{self._file.st_ino}"))


@cache
def _insertion(into: Table, known: Known) -> Insertion:
    return on_known(Insert(into), into, known)
