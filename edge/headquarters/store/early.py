"""Records that came before those they follow: they wait here until the gap closes. No ledger has many.

With receivers side by side the broker deals a ledger's records to them in turn, so this is the ordinary way of half of
them. Must not decide when one is accepted.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import and_, bindparam, select, tuple_

from edge.headquarters.store.columns import instant, octets, table, text, whole
from edge.headquarters.store.ledgers import Key, Ledgers

early_records: Final = table(
    "early_records",
    *(text("unit", key=True), text("ledger", key=True), whole("seq", key=True)),
    octets("body"),
    octets("hash"),  # as it came with the record; held against the chain when the gap closes
    instant("received"),
)


class EarlyRow(NamedTuple):
    """A record that waits. ``received``: POSIX seconds."""

    unit: str
    ledger: str
    seq: int
    body: bytes
    hash: bytes
    received: float


_OWN: Final = and_(early_records.c.unit == bindparam("of_unit"), early_records.c.ledger == bindparam("of_ledger"))
_SOME: Final = select(early_records).where(_OWN, early_records.c.seq.between(bindparam("first"), bindparam("last")))
_OVER: Final = early_records.delete().where(_OWN, early_records.c.seq <= bindparam("last"))


class EarlyRecords(Ledgers):
    """The records that wait."""

    def early_numbers(self, keys: Collection[Key]) -> dict[Key, dict[int, float]]:
        """By ledger: the numbers of the records that wait, and since when (POSIX seconds)."""
        query = select(
            early_records.c.unit, early_records.c.ledger, early_records.c.seq, early_records.c.received
        ).where(tuple_(early_records.c.unit, early_records.c.ledger).in_(sorted(keys)))
        found: dict[Key, dict[int, float]] = {}
        for unit, ledger, seq, received in self.rows(query):
            found.setdefault((unit, ledger), {})[seq] = received
        return found

    def early(self, wanted: Mapping[Key, Collection[int]]) -> dict[Key, dict[int, EarlyRow]]:
        """Some of the records that wait, by ledger and number."""
        found: dict[Key, dict[int, EarlyRow]] = {}
        for (unit, ledger), seqs in wanted.items():
            within = {"of_unit": unit, "of_ledger": ledger, "first": min(seqs), "last": max(seqs)}
            rows = (EarlyRow(*row) for row in self.rows(_SOME, within))
            found[unit, ledger] = {row.seq: row for row in rows if row.seq in seqs}
        return found

    def put_early(self, rows: Sequence[EarlyRow]) -> None:
        """Have records wait; one of the same number that waits already stays."""
        ordered = sorted(rows, key=lambda row: row[:3])
        self.insert_rows(early_records, [row._asdict() for row in ordered], known="skip")

    def forget_early(self, last: Mapping[Key, int]) -> None:
        """By ledger: no record up to this number waits any more, it is accepted, refused, or held already."""
        values = [{"of_unit": unit, "of_ledger": ledger, "last": seq} for (unit, ledger), seq in sorted(last.items())]
        if values:
            self.execute(_OVER, values)
