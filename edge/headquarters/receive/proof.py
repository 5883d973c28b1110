"""The proof: walks stored ledgers again, record by record. Must not repair anything.

The receiver checks each record against its chain before it stores it. Whether the database still holds the same bytes
shows only when they are walked again: all at once (`verify_all`), or a little at a time while headquarters runs
(`ChainWalk`). What came of the last walk of a ledger is stored, for pages to say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edge.contract.records import chain
from edge.headquarters.store import ChainCheck, Head, Ledger, Store

STEP: Final = 500
EVERY_S: Final = 0.5
"""So many records so often: a year of fifty cars, some 50 million records, in a working day."""


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """How a stored ledger stands the proof; ``problem`` None: intact from record 1 to ``head_seq``."""

    unit: str
    ledger: str
    head_seq: int
    records: int
    problem: str | None

    @property
    def intact(self) -> bool:
        """No record missing, none changed."""
        return self.problem is None


def verify_all(store: Store) -> list[LedgerCheck]:
    """Check every ledger that is held, from record 1."""
    with store.snapshot():
        headless = [Ledger(unit, ledger, Head(), 0) for unit, ledger in store.headless()]
        return [verify_ledger(store, ledger) for ledger in [*store.ledgers(), *headless]]


def record_checks(store: Store, checks: list[LedgerCheck], now: float) -> None:
    """Store what came of a walk, for pages to say (POSIX seconds)."""
    with store.transaction():
        store.record_checks(ChainCheck(one.unit, one.ledger, one.records, now, one.problem) for one in checks)


def verify_ledger(store: Store, ledger: Ledger) -> LedgerCheck:
    """Walk a ledger: every number from 1 to its head, each hash from the one before and the bytes."""
    walked, problem = Head(), None
    while problem is None and (rows := store.some_records(ledger.unit, ledger.id, walked.seq, STEP)):
        walked, problem = _walk(walked, rows)
    return _check(ledger, walked, problem)


class ChainWalk:
    """Walks the ledgers one after the other, a step at a time. ``now``: POSIX seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._ledger: Ledger | None = None
        self._walked = Head()
        self._stepped = 0.0

    def tend(self, store: Store) -> None:
        """Walk on, where it is time to."""
        if abs(self._now() - self._stepped) >= EVERY_S:
            self._stepped = self._now()
            self.step(store)

    def step(self, store: Store) -> None:
        """Walk the next records of the ledger under way, else of the one walked longest ago."""
        ledger = self._ledger = self._ledger or _oldest(store)
        if ledger is None:
            return
        rows = store.some_records(ledger.unit, ledger.id, self._walked.seq, STEP)
        upto = [row for row in rows if row[0] <= ledger.head.seq]
        self._walked, problem = _walk(self._walked, upto)
        if problem is not None or len(upto) < STEP or self._walked.seq == ledger.head.seq:
            record_checks(store, [_check(ledger, self._walked, problem)], self._now())
            self._ledger, self._walked = None, Head()


def _oldest(store: Store) -> Ledger | None:
    checks = store.chain_checks()

    def checked(ledger: Ledger) -> tuple[float, str, str]:
        check = checks.get((ledger.unit, ledger.id))
        return check.checked if check is not None else 0.0, ledger.unit, ledger.id

    return min(store.ledgers(), key=checked, default=None)


def _walk(after: Head, rows: list[tuple[int, bytes, bytes]]) -> tuple[Head, str | None]:
    """How far some records go on from a head, and what is wrong with the next one."""
    seq, hash_ = after.seq, after.hash
    for number, body, stored in rows:
        hash_ = chain(hash_, body)
        if number != seq + 1:
            return Head(seq, hash_), f"record {seq + 1} is missing"
        if hash_ != stored:
            return Head(
                seq, hash_
            ), f"record {number} does not fit the chain: this record or an earlier one was changed"
        seq = number
    return Head(seq, hash_), None


def _check(ledger: Ledger, walked: Head, problem: str | None) -> LedgerCheck:
    if problem is None and walked.seq != ledger.head.seq:
        problem = f"the records end at {walked.seq}, but the head is at {ledger.head.seq}"
    if problem is None and walked.hash != ledger.head.hash:
        problem = "the head does not match the last record's hash"
    return LedgerCheck(ledger.unit, ledger.id, ledger.head.seq, walked.seq, problem)
