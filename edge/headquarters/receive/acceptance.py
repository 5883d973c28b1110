"""What one ledger's records come to: accepted, early, held already, or refused. Pure: no database, no clock.

Only the next record of a ledger is accepted, and only if the chain over its bytes gives the hash it came with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from edge.contract.records import chain
from edge.headquarters.receive.batch import Came, Refused
from edge.headquarters.store import Head

EARLY_MOST: Final = 1_024
"""How far beyond the head a record may wait: twice a vehicle's window. One further is sent again by its vehicle."""


@dataclass(slots=True)
class Outcome:
    """``accepted`` in order; ``early``: are to wait; ``spent``: wait no more; ``dropped``: too far ahead."""

    head: Head
    accepted: list[Came] = field(default_factory=list)
    early: dict[int, Came] = field(default_factory=dict)
    spent: set[int] = field(default_factory=set)
    refused: list[Refused] = field(default_factory=list)
    duplicates: int = 0
    dropped: int = 0


def accept(head: Head, came: Iterable[Came], waiting: Mapping[int, Came], held: Mapping[int, bytes]) -> Outcome:
    """Hold records against their ledger.

    ``waiting``: those that came earlier and can be reached now; ``held``: the bytes of those held already.
    """
    outcome = Outcome(head)
    ahead: dict[int, list[Came]] = {}
    for one in came:
        if one.envelope.seq <= head.seq:
            _repeated(outcome, one, held.get(one.envelope.seq))
        else:
            ahead.setdefault(one.envelope.seq, []).append(one)
    while (due := outcome.head.seq + 1) in ahead or due in waiting:
        own = ahead.pop(due, [])
        if not _next(outcome, own, waiting.get(due)):
            break
    for seq, copies in ahead.items():
        _wait(outcome, seq, copies[0])
    return outcome


def set_aside(head: Head, came: Iterable[Came], held: Mapping[int, bytes]) -> Outcome:
    """Hold records against a ledger that another receiver is at work on: whatever is new waits."""
    outcome = Outcome(head)
    for one in came:
        seq = one.envelope.seq
        if seq <= head.seq:
            _repeated(outcome, one, held.get(seq))
        else:
            _wait(outcome, seq, one)
    return outcome


def _next(outcome: Outcome, copies: list[Came], waiting: Came | None) -> bool:
    """Accept the next record, from the first of its copies that fits; False where none does."""
    candidates = copies if waiting is None else [*copies, waiting]
    if waiting is not None:
        outcome.spent.add(waiting.envelope.seq)
    fits = next((one for one in candidates if chain(outcome.head.hash, one.body) == one.claimed), None)
    if fits is None:
        for one in candidates:
            due = chain(outcome.head.hash, one.body).hex()
            came = f"got {one.claimed.hex()[:12]}…, expected {due[:12]}…"
            _refuse(outcome, "chain", one, f"record {one.envelope.seq} does not fit the chain: {came}")
        return False
    outcome.head = Head(fits.envelope.seq, fits.claimed)
    outcome.accepted.append(fits)
    for other in copies:
        if other is not fits:
            _repeated(outcome, other, fits.body)
    return True


def _wait(outcome: Outcome, seq: int, one: Came) -> None:
    if seq - outcome.head.seq <= EARLY_MOST:
        outcome.early.setdefault(seq, one)
    else:
        outcome.dropped += 1


def _repeated(outcome: Outcome, one: Came, first: bytes | None) -> None:
    if one.body == first:
        outcome.duplicates += 1
    else:
        detail = f"record {one.envelope.seq} came again with different content; the first version was kept"
        _refuse(outcome, "conflict", one, detail)


def _refuse(outcome: Outcome, kind: str, one: Came, detail: str) -> None:
    key = one.envelope
    outcome.refused.append(Refused(kind, key.unit, key.ledger, key.seq, detail, one.body))
