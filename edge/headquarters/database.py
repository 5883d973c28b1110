"""The file of headquarters' database: opened, made where asked for, watched, written in transactions that are synced.

Must not know what is in the tables: `edge.headquarters.store` does.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from os.path import samestat
from pathlib import Path
from typing import Final, Self

from edge.errors import UserError
from edge.headquarters.schema import SCHEMA, VERSION

BUSY_S: Final = 10.0
"""How long to wait for whoever else writes."""


class Database:
    """One connection: SQLite, WAL, synchronous=FULL."""

    def __init__(self, path: Path, *, make: bool = True) -> None:
        """Open the database, made where it is missing and ``make``. Raises UserError where it cannot be used."""
        if not make and not path.is_file():
            msg = f"database: {path} is not there; start headquarters once, or name its database"
            raise UserError(msg)
        try:
            address = f"{path.absolute().as_uri()}?mode={'rwc' if make else 'rw'}"
            self._db = sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_S)
            try:
                self._prepare(path, make)
                self._path, self._file = path, path.stat()
            except BaseException:  # whatever it is goes on; only the connection must not stay open
                self._db.close()
                raise
        except (sqlite3.Error, OSError) as error:
            msg = f"{path}: not usable as headquarters' database ({error}); name another path or restore a backup"
            raise UserError(msg) from error

    def _prepare(self, path: Path, make: bool) -> None:
        query = "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version"
        version, tables = self._db.execute(query).fetchone()
        if version not in range(VERSION + 1) or (version == 0 and (tables or not make)):
            made = f"by another version of Roundsman (schema {version})" if version else "by something else"
            msg = f"{path}: made {made}; this is headquarters with schema {VERSION}: name its own database"
            raise UserError(msg)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        if version < VERSION:
            self._db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")

    def check_file(self) -> None:
        """What was written is in the file of that name. Raises UserError where it was taken away or replaced."""
        try:
            if samestat(self._file, self._path.stat()):
                return
            self._set_log_aside()
        except OSError:  # gone, or out of reach
            pass
        msg = f"{self._path}: taken away or replaced while headquarters runs; put its database back"
        raise UserError(msg)

    def _set_log_aside(self) -> None:
        """Beside another database, this one's log would be taken for that one's, and spoil it."""
        self.close()
        log = self._path.with_name(f"{self._path.name}-wal")
        log.rename(log.with_name(f"{log.name}-of-{self._file.st_ino}"))

    @property
    def identity(self) -> tuple[Path, int, int]:
        """Which file this is."""
        return self._path, self._file.st_dev, self._file.st_ino

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; committed and synced when the block ends. Raises sqlite3.Error with nothing written."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:  # whatever it is goes on; only nothing may be half written
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read within the block is of one instant, whatever is stored meanwhile."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")
