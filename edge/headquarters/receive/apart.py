"""Vehicles whose ledgers part: one that went back in time, and two that live under one name. Pure.

A vehicle that has begun another ledger never reports the one before again; one that asks for hashes has found that
other records are held of its ledger than it has. Must not refuse anything: it only says so.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from edge.headquarters.receive.batch import Batch, Refused
from edge.headquarters.store import Key, Reported

PASSING_S: Final = 60.0
"""So long after its next ledger was first reported an earlier one may be: messages overtake each other."""

DIVERGED: Final = (
    "the vehicle's records in this ledger differ from headquarters': it was restored from an older image, its card was"
    " copied, or a record was changed here (run `hq verify`); it sends the missing records again in a new ledger"
)


def apart(batch: Batch, known: Mapping[Key, Reported], now: float) -> Iterator[Refused]:
    """A finding for each ledger that has parted, and for each that is live beside a later one of its vehicle."""
    for unit, ledger in batch.compared:
        yield Refused("diverged", unit, ledger, 0, DIVERGED, b"")
    of_unit: dict[str, list[Reported]] = defaultdict(list)
    for one in known.values():
        of_unit[one.unit].append(one)
    for unit, status in sorted(batch.statuses.items()):
        own = known.get((unit, status.ledger))
        if not status.online or own is None:
            continue
        later = [one for one in of_unit[unit] if own.first < one.first <= now - PASSING_S]
        if later:
            newest = max(later, key=lambda one: one.first)
            detail = (
                f"ledger {own.ledger} is reported again though {unit} had begun {newest.ledger}: two vehicles run under"
                f" the name {unit}, or an old card or image was put back; enroll one of them under a name of its own"
            )
            yield Refused("clone", unit, own.ledger, 0, detail, b"")
