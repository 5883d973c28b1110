"""Compares what is held with what was anchored outside of the database. Must not write anything.

A record that was rewritten, with the chain after it, gives other hashes from it on: the first anchor at or after it
tells. Between two anchors it is known that a record was changed, not which.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from edge.contract.anchors import AnchorsDoc
from edge.headquarters.store import AUDIT_LEDGER, Key, Store

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Anchor:
    """A ledger's head as it was anchored."""

    seq: int
    head: str
    day: date


@dataclass(frozen=True, slots=True)
class Differing:
    """A ledger that is not as it was anchored: the first number that differs, and the last before it that does not."""

    unit: str
    ledger: str
    same: int
    anchor: Anchor
    held: bool

    def __str__(self) -> str:
        what = "is not the one" if self.held else "is not held, though it was"
        where = f"anchored on {self.anchor.day}"
        first = self.same + 1
        which = (
            f"record {first} was changed"
            if first == self.anchor.seq
            else (f"the first that differs is one of records {first} to {self.anchor.seq}")
        )
        return f"record {self.anchor.seq} {what} {where}; {which}"


@dataclass(slots=True)
class Anchored:
    """The anchors of every ledger, from any number of documents."""

    ledgers: dict[Key, dict[tuple[int, str], Anchor]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, doc: AnchorsDoc) -> None:
        """Those of a document."""
        for one in doc.heads:
            found = self.ledgers[doc.unit, one.ledger]
            found.setdefault((one.seq, one.head), Anchor(one.seq, one.head, doc.date))

    def differing(self, store: Store) -> Iterator[Differing]:
        """Each ledger that is not as it was anchored."""
        for (unit, ledger), anchors in sorted(self.ledgers.items()):
            ordered = sorted(anchors.values(), key=lambda one: one.seq)
            held = _held(store, unit, ledger, [one.seq for one in ordered])
            same = 0
            for one in ordered:
                if one.seq and held.get(one.seq) != one.head:
                    yield Differing(unit, ledger, same, one, one.seq in held)
                    break
                same = one.seq


def _held(store: Store, unit: str, ledger: str, seqs: list[int]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for at in range(0, len(seqs), AT_ONCE):
        some = seqs[at : at + AT_ONCE]
        hashes = store.audit_hashes(some) if (unit, ledger) == AUDIT_LEDGER else store.hashes(unit, ledger, some)
        found |= {seq: hash_.hex() for seq, hash_ in hashes}
    return found
