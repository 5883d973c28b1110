"""Where the car was, fix by fix: SQLite at ``synchronous=NORMAL``, the first thing to drop when a disk fills.

A power cut may cost the last two minutes; no event is here. Stays on the vehicle.
"""

import sqlite3
from pathlib import Path
from typing import Final

from edge.domain.inputs import Fix
from edge.vehicle.store.ledger import Transaction, connect
from edge.vehicle.store.page_check import check_if_small

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS fixes (
    utc REAL PRIMARY KEY, lat REAL NOT NULL, lon REAL NOT NULL, speed REAL, accuracy REAL, quality INTEGER, flags TEXT
) WITHOUT ROWID;
"""
ADDED: Final = {"quality": "INTEGER", "flags": "TEXT"}
"""Columns that a trail of earlier software lacks; ``flags`` are separated by blanks, NULL for none."""

INSERT: Final = (
    "INSERT OR REPLACE INTO fixes (utc, lat, lon, speed, accuracy, quality, flags) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
BATCH: Final = 120
MOST_BYTES: Final = 500_000_000
"""Eight days of ten fixes a second; the oldest go first where time is not known, and so nothing is past for sure."""


class Breadcrumbs:
    """The trail of accepted fixes. ``dropped``: how many were not written; ``checked``: every page was looked at."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._db = connect(path, synchronous="NORMAL")
        self._db.executescript(SCHEMA)
        have = {row[1] for row in self._db.execute("PRAGMA table_info(fixes)")}
        for name in ADDED.keys() - have:
            self._db.execute(f"ALTER TABLE fixes ADD COLUMN {name} {ADDED[name]}")
        self.checked = check_if_small(path, self._db)
        self.dropped = 0
        self._past = float("-inf")
        self._waiting: list[tuple[float, float, float, float | None, float, int, str | None]] = []

    def add(self, fix: Fix, past: float) -> None:
        """Remember a fix; every 120 are written at once. What is from before ``past`` (POSIX seconds) may go."""
        self._past = past
        flags = " ".join(fix.flags) or None
        self._waiting.append((fix.utc, fix.lat, fix.lon, fix.speed, fix.accuracy, fix.quality, flags))
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits; drop what is too old, and what a full or failing disk does not take."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        try:
            with Transaction(self._db):
                self._db.executemany(INSERT, waiting)
                self._db.execute("DELETE FROM fixes WHERE utc < ?", (self._past,))
                if self._bytes() > self._most_bytes:
                    earliest = "SELECT utc FROM fixes ORDER BY utc LIMIT ?"
                    self._db.execute(f"DELETE FROM fixes WHERE utc IN ({earliest})", (2 * BATCH,))  # noqa: S608 - fixed
        except sqlite3.DatabaseError:
            self.dropped += len(waiting)

    def _bytes(self) -> int:
        """What is in use of the file."""
        pages, free, size = (
            int(self._db.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def close(self) -> None:
        """Write what waits and close."""
        self.flush()
        self._db.close()
