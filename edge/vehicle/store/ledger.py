"""The vehicle's ledger: SQLite, append-only, hash-chained, with the meter's checkpoint and the delivery cursor.

Events, the state they led to and the cursor are committed in one transaction (WAL, ``synchronous=FULL``): what
`commit` has returned from survives a power cut. One thread writes (the engine); `Reader` is for the others. Must not
interpret a record.
"""

import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

from edge.contract.records import GENESIS, chain, encode_event
from edge.domain.events import Event
from edge.vehicle.store.page_check import check_if_small, suspecting

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (ledger TEXT NOT NULL, unit TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS records (seq INTEGER PRIMARY KEY, body BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS cursor (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS purged (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS visits (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""

PAGE: Final = 1024
"""Bytes of a page: a commit changes little in each of several pages, and writes every one of them whole."""

Row = tuple[int, bytes, bytes]
"""Sequence number, the record's bytes, the chain's hash after it."""

_AFTER: Final = "SELECT seq, body, hash FROM records WHERE seq > ? ORDER BY seq LIMIT ?"
_HAS_PURGED: Final = "SELECT 1 FROM sqlite_master WHERE name = 'purged'"

CURSOR_STEP: Final = 16
"""Acknowledged records by which the cursor on disk may be behind: a commit less often writes its page."""


class Ledger:
    """The writing end, for one thread.

    ``acknowledged``: what headquarters holds. It reaches the disk (``stored_cursor``) with a commit, once it has moved
    by `CURSOR_STEP`, and at the end; lost, it costs a question: a session begins with what headquarters holds.
    ``purged``: the last record that is here no more, 0 where all are. ``checked``: whether every page was looked at.
    """

    def __init__(self, path: Path, unit: str) -> None:
        """Open or create. Raises sqlite3.DatabaseError where the file cannot be used, or is another unit's."""
        self._path = path
        self._db = connect(path)
        try:
            self._db.executescript(SCHEMA)
            self.checked = check_if_small(path, self._db)
            self.id = self._identify(unit)
            last = self._db.execute("SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1").fetchone()
            stored = self._db.execute("SELECT seq FROM cursor").fetchone()
            if not self.checked:  # what a start needs must be sound
                self.checkpoint()
                self.visits()
        except sqlite3.DatabaseError:
            self._db.close()
            raise
        self.seq: int = last[0] if last else 0
        self.head: bytes = last[1] if last else GENESIS
        self.acknowledged: int = stored[0] if stored else 0
        self.stored_cursor = self.acknowledged
        self.purged = _purged(self._db)

    def _identify(self, unit: str) -> str:
        known = self._db.execute("SELECT ledger, unit FROM meta").fetchone()
        if known is None:
            known = (secrets.token_hex(6), unit)
            self._db.execute("INSERT INTO meta VALUES (?, ?)", known)
        if known[1] != unit:
            msg = f"the ledger belongs to unit {known[1]!r}, not {unit!r}"
            raise sqlite3.DatabaseError(msg)
        return str(known[0])

    def commit(
        self,
        events: Sequence[Event],
        checkpoint: bytes,
        visits: Sequence[tuple[str, bytes]] = (),
        gone: Sequence[str] = (),
    ) -> None:
        """Append events and store the state after them, in one transaction.

        ``visits``: changed ones, id and body; ``gone``: ids of those that no cap asks for any more.
        """
        head, rows = self.head, []
        for event in events:
            body = encode_event(event)
            head = chain(head, body)
            rows.append((event.seq, body, head))
        with suspecting(self._path), Transaction(self._db):
            self._db.executemany("INSERT INTO records VALUES (?, ?, ?)", rows)
            self._db.execute("INSERT OR REPLACE INTO checkpoint VALUES (1, ?)", (checkpoint,))
            self._db.executemany("INSERT OR REPLACE INTO visits VALUES (?, ?)", visits)
            self._db.executemany("DELETE FROM visits WHERE id = ?", [(one,) for one in gone])
            cursor = self._cursor_to_store()
            if cursor != self.stored_cursor:
                self._db.execute("INSERT OR REPLACE INTO cursor VALUES (1, ?)", (cursor,))
        self.stored_cursor = cursor
        self.head, self.seq = head, self.seq + len(rows)

    def _cursor_to_store(self) -> int:
        ahead = self.acknowledged - self.stored_cursor
        return self.stored_cursor if 0 <= ahead < CURSOR_STEP else self.acknowledged

    def purge(self, upto: int) -> bool:
        """Remove the records up to a number, and store the last one's hash; whether there were any."""
        row = self._db.execute("SELECT hash FROM records WHERE seq = ?", (upto,)).fetchone()
        if row is None:
            return False
        with suspecting(self._path), Transaction(self._db):
            self._db.execute("INSERT OR REPLACE INTO purged VALUES (1, ?, ?)", (upto, row[0]))
            self._db.execute("DELETE FROM records WHERE seq <= ?", (upto,))
        self.purged = upto
        return True

    def begin(self, bodies: Iterable[bytes], checkpoint: bytes, visits: Sequence[tuple[str, bytes]]) -> None:
        """Fill an empty ledger with records that are numbered from 1 on, and the state after them, at once."""
        head, seq = GENESIS, 0
        with Transaction(self._db):
            for seq, body in enumerate(bodies, 1):
                head = chain(head, body)
                self._db.execute("INSERT INTO records VALUES (?, ?, ?)", (seq, body, head))
            self._db.execute("INSERT OR REPLACE INTO checkpoint VALUES (1, ?)", (checkpoint,))
            self._db.executemany("INSERT OR REPLACE INTO visits VALUES (?, ?)", visits)
        self.head, self.seq = head, seq

    def after(self, seq: int, limit: int) -> list[Row]:
        """Up to ``limit`` records after a sequence number, in order."""
        return self._db.execute(_AFTER, (seq, limit)).fetchall()

    def checkpoint(self) -> bytes | None:
        """The state as last committed."""
        row = self._db.execute("SELECT body FROM checkpoint").fetchone()
        return row[0] if row else None

    def visits(self) -> list[bytes]:
        """Every stored visit."""
        return [row[0] for row in self._db.execute("SELECT body FROM visits")]

    def close(self) -> None:
        """Store the cursor, where the disk takes it, and close the file."""
        with suppress(sqlite3.Error):
            if self.acknowledged != self.stored_cursor:
                self._db.execute("INSERT OR REPLACE INTO cursor VALUES (1, ?)", (self.acknowledged,))
        self._db.close()


class Reader:
    """A reading end, for one other thread. Whoever replaces the file has it released meanwhile, from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._db = connect(path)

    def reopen(self) -> None:
        """Read what is there now, once the ledger's file was replaced."""
        with self._lock:
            self._db.close()
            self._db = connect(self._path)

    @contextmanager
    def released(self) -> Iterator[None]:
        """Within the block nothing is read, and the file is not open."""
        with self._lock:
            self._db.close()
            try:
                yield
            finally:
                self._db = connect(self._path)

    def after(self, seq: int, limit: int) -> list[Row]:
        """Up to ``limit`` records after a sequence number, in order."""
        with self._lock, suspecting(self._path):
            return self._db.execute(_AFTER, (seq, limit)).fetchall()

    def hash_at(self, seq: int) -> bytes | None:
        """The chain's hash after a record, the last purged one's too; the genesis before the first; else None."""
        if seq == 0:
            return GENESIS
        with self._lock, suspecting(self._path):
            row = self._db.execute("SELECT hash FROM records WHERE seq = ?", (seq,)).fetchone()
            if row is None and seq == _purged(self._db):
                row = self._db.execute("SELECT hash FROM purged").fetchone()
        return row[0] if row else None

    def purged(self) -> int:
        """The last record that is here no more; 0 where all are."""
        with self._lock, suspecting(self._path):
            return _purged(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class Transaction:
    """``BEGIN IMMEDIATE`` … ``COMMIT``, or ``ROLLBACK`` when the block raises."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")


def _purged(db: sqlite3.Connection) -> int:
    """Not read from the records: a broken page of old ones must keep no car from its start."""
    row = db.execute("SELECT seq FROM purged").fetchone() if db.execute(_HAS_PURGED).fetchone() else None
    return row[0] if row else 0


def connect(path: Path, *, synchronous: Literal["FULL", "NORMAL"] = "FULL") -> sqlite3.Connection:
    """A connection; at FULL it does not lose what it has committed."""
    db = sqlite3.connect(path, isolation_level=None, timeout=10.0, check_same_thread=False)
    db.execute(f"PRAGMA page_size={PAGE}")  # of a new file; says nothing to one that has pages
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA synchronous={synchronous}")
    db.execute("PRAGMA secure_delete=FAST")  # a page that is free is not written with zeros: it is soon used again
    return db
