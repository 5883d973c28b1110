"""The registry in SQLite: each change on disk before it is answered, each with its line in the audit.

A connection belongs to one thread. Must not decide who may have a certificate.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Self

from edge.errors import UserError
from provisioning.registry.records import Certificate, Entry, Token
from provisioning.registry.schema import TABLES, VERSION
from provisioning.units.unit import Unit

BUSY_S: Final = 10.0
_ADVICE: Final = "restore a backup, or give the right --fleet"


class Registry:
    """A connection. ``utc``: the clock that the audit is written by. Raises UserError where it cannot be used."""

    def __init__(self, path: Path, utc: Callable[[], float]) -> None:
        self._path = path
        self._utc = utc
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite's other files have its mode, too
            self._connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
            try:
                self._prepare()
            except BaseException:  # whatever it is goes on; only the connection must not stay open
                self._connection.close()
                raise
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            msg = f"{self._path}: was written by a newer version of Roundsman; update this one"
            raise UserError(msg)
        if version == 0:
            self._connection.executescript(f"BEGIN IMMEDIATE;{TABLES};PRAGMA user_version = {VERSION};COMMIT;")

    def close(self) -> None:
        """Close the connection."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk when the block ends; nobody else writes meanwhile. Raises UserError."""
        self._run("BEGIN IMMEDIATE")
        try:
            yield
            self._run("COMMIT")
        except BaseException:  # whatever it is goes on; only nothing may be half written
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def note(self, what: str, name: str, source: str, detail: str = "") -> None:
        """A line of the audit, within a transaction."""
        self._run(
            "INSERT INTO audit (utc, what, name, source, detail) VALUES (?, ?, ?, ?, ?)",
            (self._utc(), what, name, source, detail),
        )

    def audit(self, most: int = 1000) -> list[Entry]:
        """Its last lines, the oldest of them first."""
        rows = self._run(
            "SELECT number, utc, what, name, source, detail FROM audit ORDER BY number DESC LIMIT ?", (most,)
        )
        return [Entry(*row) for row in reversed(rows)]

    def units(self) -> dict[str, Unit]:
        """Every unit of the fleet, by its id."""
        rows = self._run("SELECT unit, body FROM units ORDER BY unit")
        return {name: Unit.model_validate_json(body) for name, body in rows}

    def put_units(self, units: Iterable[Unit]) -> None:
        """Add units, or replace those of the same id."""
        for one in units:
            self._run("INSERT OR REPLACE INTO units VALUES (?, ?)", (one.unit, one.model_dump_json()))

    def put_token(self, token: Token) -> None:
        """Add a token; those that its unit had before are void from now on."""
        self.void_tokens(token.unit)
        self._run("INSERT INTO tokens VALUES (?, ?, ?, NULL, NULL)", (token.digest, token.unit, token.expires))

    def void_tokens(self, unit: str) -> None:
        """Take every unused token of a unit out of force."""
        self._run(
            "UPDATE tokens SET voided = ? WHERE unit = ? AND used IS NULL AND voided IS NULL", (self._utc(), unit)
        )

    def use_token(self, digest: str) -> None:
        """Mark a token as used."""
        self._run("UPDATE tokens SET used = ? WHERE digest = ?", (self._utc(), digest))

    def token(self, digest: str) -> Token | None:
        """A token by its digest."""
        rows = self._run("SELECT * FROM tokens WHERE digest = ?", (digest,))
        return Token(*rows[0]) if rows else None

    def tokens(self) -> list[Token]:
        """Every token, the newest last."""
        return [Token(*row) for row in self._run("SELECT * FROM tokens ORDER BY rowid")]

    def put_certificate(self, one: Certificate) -> None:
        """Add a certificate."""
        row = (one.serial, one.name, one.issuer, one.starts, one.ends, one.public_key, one.pem, one.basis, one.revoked)
        self._run("INSERT INTO certificates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def certificates(self, name: str | None = None) -> list[Certificate]:
        """Somebody's certificates, or everybody's; the newest last."""
        rows = self._run("SELECT * FROM certificates WHERE ? IS NULL OR name = ? ORDER BY rowid", (name, name))
        return [Certificate(*row) for row in rows]

    def key_known(self, public_key: str) -> bool:
        """Whether a public key (its DER, hexadecimal) was given a certificate, whoever's."""
        return bool(self._run("SELECT 1 FROM certificates WHERE public_key = ? LIMIT 1", (public_key,)))

    def revoke(self, name: str) -> list[Certificate]:
        """Revoke every certificate of somebody's that is valid; which these are."""
        now = self._utc()
        valid = [one for one in self.certificates(name) if one.valid(now)]
        for one in valid:
            self._run("UPDATE certificates SET revoked = ? WHERE serial = ?", (now, one.serial))
        return valid

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> UserError:
        return UserError(f"{self._path}: not usable as the fleet's registry ({error}); {_ADVICE}")
