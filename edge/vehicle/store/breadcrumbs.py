"""Where the car was, fix by fix: SQLite at ``synchronous=NORMAL``, the first thing to drop when a disk fills.

A power cut may cost the last two minutes; no event is here. Stays on the vehicle.
"""

import sqlite3
from pathlib import Path
from typing import Final

from edge.domain.inputs import Fix
from edge.vehicle.store.ledger import Transaction, connect, quick_check

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS fixes (
    utc REAL PRIMARY KEY, lat REAL NOT NULL, lon REAL NOT NULL, speed REAL, accuracy REAL
) WITHOUT ROWID;
"""
BATCH: Final = 120
KEEP_S: Final = 8 * 86_400.0


class Breadcrumbs:
    """The trail of accepted fixes, of the last eight days. ``dropped``: how many could not be written."""

    def __init__(self, path: Path) -> None:
        self._db = connect(path, synchronous="NORMAL")
        self._db.executescript(SCHEMA)
        quick_check(self._db)
        self.dropped = 0
        self._waiting: list[tuple[float, float, float, float | None, float]] = []

    def add(self, fix: Fix) -> None:
        """Remember a fix; every 120 are written at once."""
        self._waiting.append((fix.utc, fix.lat, fix.lon, fix.speed, fix.accuracy))
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits; drop what is too old, and what a full or failing disk does not take."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        try:
            with Transaction(self._db):
                self._db.executemany("INSERT OR REPLACE INTO fixes VALUES (?, ?, ?, ?, ?)", waiting)
                self._db.execute("DELETE FROM fixes WHERE utc < ?", (waiting[-1][0] - KEEP_S,))
        except sqlite3.DatabaseError:
            self.dropped += len(waiting)

    def close(self) -> None:
        """Write what waits and close."""
        self.flush()
        self._db.close()
