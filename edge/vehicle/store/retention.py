"""How long records stay in the car: those that headquarters holds go once they are old, the oldest first.

One without an acknowledgment stays, whatever its age and however full the disk. The hash of the last one that went
stays with its number, so the chain goes on from it and can be proved from it on. Must not read a clock.
"""

import json
from datetime import datetime
from typing import Final

from edge.domain.lived import KEEP_VISITS_S
from edge.domain.state import State
from edge.vehicle.store.ledger import Ledger

KEEP_S: Final = KEEP_VISITS_S
"""Lived seconds for which a record stays: eight days, as visits and the trail do."""

KEEP_LEAST: Final = 10_000
"""The newest records stay, however old: a month of a car with 300 a day. A headquarters that was restored from a backup
asks for what it has lost."""

EVERY: Final = 500
"""Records between two looks, so that little is written for it."""

MOST: Final = 1_000
"""Records that go at once: twice as many as come, so that a ledger of before is caught up with."""


class Retention:
    """Has old records go, now and then."""

    def __init__(self) -> None:
        self._next_look = 0

    def tend(self, ledger: Ledger, state: State) -> None:
        """After a commit: remove what is old, where it is time to look. Raises sqlite3.Error as a commit does."""
        if ledger.seq >= self._next_look:
            self._next_look = ledger.seq + EVERY
            ledger.purge(_old(ledger, state.past(KEEP_S)))


def give_up(ledger: Ledger) -> bool:
    """On a full disk: remove the oldest that headquarters holds, whatever their age; whether there were any."""
    upto = min(_may_go(ledger), ledger.purged + MOST)
    return ledger.purge(upto)


def _may_go(ledger: Ledger) -> int:
    return min(ledger.stored_cursor, ledger.seq - KEEP_LEAST)


def _old(ledger: Ledger, past: float) -> int:
    """The last record that is from before ``past`` for sure: so are all before it, whatever their clock showed."""
    last = _may_go(ledger)
    rows = [row for row in ledger.after(ledger.purged, MOST) if row[0] <= last]
    return next((seq for seq, body, _ in reversed(rows) if _recorded_at(body) < past), ledger.purged)


def _recorded_at(body: bytes) -> float:
    return datetime.fromisoformat(json.loads(body)["time"]).timestamp()
