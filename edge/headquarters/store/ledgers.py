"""Ledger records as the vehicles wrote them, and how far each ledger is held. Must not change or delete a record."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, UniqueConstraint, and_, bindparam, func, select, tuple_

from edge.contract.records import GENESIS
from edge.headquarters.store.columns import instant, octets, table, text, whole
from edge.headquarters.store.database import Database

Key: TypeAlias = tuple[str, str]
"""Unit and id of a ledger."""

CHUNK: Final = 1_000
"""Records read at once: no reader holds the database for longer."""

events: Final = table(
    "events",
    *(text("unit", key=True), text("ledger", key=True), whole("seq", key=True)),
    *(text("id"), text("type"), text("shift", nullable=True)),
    instant("time"),  # as recorded
    octets("body"),  # canonical JSON: what is hashed
    octets("hash"),  # of the chain, after this record
    instant("received"),
    UniqueConstraint("id"),
)

heads: Final = table(
    "heads",
    *(text("unit", key=True), text("ledger", key=True)),
    *(whole("seq"), octets("hash")),  # the last record held
    whole("duplicates", default=0),
)


@dataclass(frozen=True, slots=True)
class Head:
    """How far a ledger is held: the last number and the chain's hash after it."""

    seq: int = 0
    hash: bytes = GENESIS


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger held, with how many of its records came more than once."""

    unit: str
    id: str
    head: Head
    duplicates: int


class Row(NamedTuple):
    """One record to store, as the table has it. ``time``, ``received``: POSIX seconds."""

    unit: str
    ledger: str
    seq: int
    id: str
    type: str
    shift: str | None
    time: float
    body: bytes
    hash: bytes
    received: float


def _of(one: Any) -> ColumnElement[bool]:
    """Of one ledger."""
    return and_(one.c.unit == bindparam("unit"), one.c.ledger == bindparam("ledger"))


_AT: Final = and_(_of(events), events.c.seq == bindparam("seq"))
_HEAD: Final = select(heads.c.seq, heads.c.hash).where(_of(heads))
_BODY: Final = select(events.c.body).where(_AT)
_RECORDS: Final = (
    select(events.c.seq, events.c.body, events.c.hash)
    .where(_of(events), events.c.seq > bindparam("seq"))
    .order_by(events.c.seq)
    .limit(bindparam("most"))
)


class Ledgers(Database):
    """What is held of the vehicles' ledgers."""

    def head(self, unit: str, ledger: str) -> Head:
        """How far a ledger is held; seq 0 and the genesis hash where nothing is."""
        row = self.row(_HEAD, {"unit": unit, "ledger": ledger})
        return Head() if row is None else Head(*row)

    def lock_heads(self, keys: Collection[Key]) -> tuple[dict[Key, Head], dict[Key, Head]]:
        """Within a transaction: how far some ledgers are held, those locked until it ends, and those that others have.

        A new ledger gets a head of number 0: see `forget_empty_heads`.
        """
        locked = self._heads(keys, lock=True)
        rest = set(keys) - locked.keys()
        elsewhere = self.heads(rest) if rest else {}
        if new := sorted(rest - elsewhere.keys()):
            values = [{"unit": unit, "ledger": ledger, "seq": 0, "hash": GENESIS} for unit, ledger in new]
            self.execute(self.insert(heads).on_conflict_do_nothing(), values)
            locked |= self._heads(new, lock=True)
        return locked, elsewhere

    def heads(self, keys: Collection[Key]) -> dict[Key, Head]:
        """How far some ledgers are held, of those that are."""
        return self._heads(keys, lock=False)

    def _heads(self, keys: Collection[Key], *, lock: bool) -> dict[Key, Head]:
        query = select(heads).where(tuple_(heads.c.unit, heads.c.ledger).in_(sorted(keys)))
        rows = self.rows(query.with_for_update(skip_locked=True) if lock else query)
        return {(unit, ledger): Head(seq, hash_) for unit, ledger, seq, hash_, _ in rows}

    def lock_head(self, unit: str, ledger: str) -> Head:
        """Within a transaction: how far a ledger is held, locked until it ends; another's lock is waited for."""
        row = self.row(_HEAD.with_for_update(), {"unit": unit, "ledger": ledger})
        return Head() if row is None else Head(*row)

    def forget_empty_heads(self, keys: Collection[Key]) -> None:
        """Of some ledgers locked: no head where no record was accepted."""
        named = tuple_(heads.c.unit, heads.c.ledger).in_(sorted(keys))
        self.execute(heads.delete().where(heads.c.seq == 0, named))

    def ledgers(self, unit: str | None = None) -> list[Ledger]:
        """Every ledger held, or those of one vehicle."""
        query = select(heads).order_by(heads.c.unit, heads.c.ledger)
        if unit is not None:
            query = query.where(heads.c.unit == unit)
        return [Ledger(one, ledger, Head(seq, hash_), dup) for one, ledger, seq, hash_, dup in self.rows(query)]

    def append(self, rows: Sequence[Row]) -> None:
        """Store records, each ledger's in order, and move its head to the last of them."""
        self.insert_rows(events, [row._asdict() for row in rows])
        last = {(row.unit, row.ledger): (row.seq, row.hash) for row in rows}
        moved = self.insert(heads)
        moved = moved.on_conflict_do_update(
            index_elements=["unit", "ledger"], set_={"seq": moved.excluded.seq, "hash": moved.excluded.hash}
        )
        names = ("unit", "ledger", "seq", "hash")
        self.execute(moved, [dict(zip(names, (*key, *head), strict=True)) for key, head in last.items()])

    def body(self, unit: str, ledger: str, seq: int) -> bytes | None:
        """A record's bytes, None where it is not held."""
        row = self.row(_BODY, {"unit": unit, "ledger": ledger, "seq": seq})
        return None if row is None else bytes(row[0])

    def bodies(self, wanted: Mapping[Key, Collection[int]]) -> dict[Key, dict[int, bytes]]:
        """The bytes of some records, by ledger and number."""
        found: dict[Key, dict[int, bytes]] = {}
        for (unit, ledger), seqs in wanted.items():
            query = select(events.c.seq, events.c.body)
            own = query.where(events.c.unit == unit, events.c.ledger == ledger, events.c.seq.in_(sorted(seqs)))
            found[unit, ledger] = {seq: bytes(body) for seq, body in self.rows(own)}
        return found

    def hashes(self, unit: str, ledger: str, seqs: Collection[int]) -> list[tuple[int, bytes]]:
        """The chain's hashes after some records of a ledger, of those that are held."""
        query = select(events.c.seq, events.c.hash).where(
            events.c.unit == unit, events.c.ledger == ledger, events.c.seq.in_(sorted(seqs))
        )
        return [(seq, bytes(hash_)) for seq, hash_ in self.rows(query.order_by(events.c.seq))]

    def count_duplicates(self, unit: str, ledger: str, count: int) -> None:
        """So many records came that are held already."""
        counted = heads.update().where(heads.c.unit == unit, heads.c.ledger == ledger)
        self.execute(counted.values(duplicates=heads.c.duplicates + count))

    def records(self, unit: str, ledger: str, after: int = 0) -> Iterator[tuple[int, bytes, bytes]]:
        """Number, bytes and hash of each record of a ledger after a number, in order, read by chunks."""
        while rows := self.some_records(unit, ledger, after, CHUNK):
            yield from rows
            after = rows[-1][0]

    def some_records(self, unit: str, ledger: str, after: int, most: int) -> list[tuple[int, bytes, bytes]]:
        """The next records of a ledger after a number."""
        rows = self.rows(_RECORDS, {"unit": unit, "ledger": ledger, "seq": after, "most": most})
        return [(seq, bytes(body), bytes(hash_)) for seq, body, hash_ in rows]

    def last_hashes(self) -> dict[tuple[str, str], bytes | None]:
        """By unit and ledger: the hash stored with the record that the head names, None where it is not held."""
        last = and_(*(events.c[name] == heads.c[name] for name in ("unit", "ledger", "seq")))
        query = select(heads.c.unit, heads.c.ledger, events.c.hash).outerjoin_from(heads, events, last)
        return {(unit, ledger): hash_ and bytes(hash_) for unit, ledger, hash_ in self.rows(query)}

    def headless(self) -> list[tuple[str, str]]:
        """Unit and id of the ledgers with records and no head."""
        held = select(events.c.unit, events.c.ledger).where(events.c.seq == 1)
        return [(unit, ledger) for unit, ledger in self.rows(held.except_(select(heads.c.unit, heads.c.ledger)))]

    def count(self) -> int:
        """How many records are held."""
        row = self.row(select(func.count()).select_from(events))
        return 0 if row is None else int(row[0])
