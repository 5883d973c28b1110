"""What headquarters makes of the vehicles' messages: stored, held already, lacking something before, or refused.

Only the next record of a ledger is stored, and only if the chain over its bytes gives the hash it came with. What a
batch brought is committed in one transaction; the acknowledgements it returns may be sent only after that. A record
whose kind is unknown here (a newer vehicle) is stored like any other: its bytes are proved, whoever reads them; so is
one that is malformed within, which is a finding besides. Must not touch the network, and must not remember anything of
a batch that is not committed.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from edge.contract.messages import Ack, Status, Visits
from edge.contract.records import chain
from edge.contract.topics import Topics
from edge.contract.wire import announced
from edge.domain.events import Event, UnreadableRecord
from edge.headquarters.receive.decoding import (
    LONGEST,
    Envelope,
    HeldStatus,
    Received,
    RefusedError,
    is_name,
    read_document,
    read_event,
    read_record,
)
from edge.headquarters.receive.projecting import project_stored
from edge.headquarters.store import Document, Head, Row, Store

_Key: TypeAlias = tuple[str, str]


@dataclass(slots=True)
class _Owed:
    """What a batch owes one ledger: its head so far, the highest number that came, what was wrong, what is new."""

    head: Head
    highest: int = 0
    duplicates: int = 0
    problem: str | None = None
    new: list[Event] = field(default_factory=list)


class Receiver:
    """Takes batches of messages into a store. ``now``: POSIX seconds."""

    def __init__(self, store: Store, topics: Topics, now: Callable[[], float]) -> None:
        self._store = store
        self._prefix = f"{topics.base}/vehicles/"
        self._now = now

    def handle(self, batch: Sequence[Received]) -> list[Ack]:
        """Store what a batch brings; the acknowledgements it earns.

        Raises StoreError with nothing stored and nothing to be acknowledged: hand the same batch in again.
        """
        work = _Batch(self._store, self._now())
        with self._store.transaction():
            for message in batch:
                unit, _, kind = message.topic.removeprefix(self._prefix).partition("/")
                if message.topic.startswith(self._prefix) and is_name(unit) and message.payload:
                    work.take(kind, unit, message)
            work.write()
        return work.acks()


class _Batch:
    """One batch on its way into the store: written when it is whole, forgotten when it fails."""

    def __init__(self, store: Store, now: float) -> None:
        self._store = store
        self._now = now
        self._owed: dict[_Key, _Owed] = {}
        self._rows: list[Row] = []

    def take(self, kind: str, unit: str, message: Received) -> None:
        """Take one message of a vehicle; one that is refused is found, and told where its ledger is known."""
        take = {"events": self._event, "status": self._status, "visits": self._visits}.get(kind)
        if take is None:
            return
        try:
            take(unit, message)
        except RefusedError as refused:
            seq = refused.seq
            self._store.record_finding(
                refused.kind, unit, refused.ledger, seq, str(refused), message.payload, self._now
            )
            if refused.ledger:
                owed = self._of(unit, refused.ledger)
                owed.highest = max(seq, owed.highest)
                owed.problem = owed.problem or f"{refused.kind}: {refused}"

    def write(self) -> None:
        """Store what was taken."""
        self._write_rows()
        project_stored(self._store, {key: owed.new for key, owed in self._owed.items() if owed.new})
        for (unit, ledger), owed in self._owed.items():
            if owed.duplicates:
                self._store.count_duplicates(unit, ledger, owed.duplicates)

    def acks(self) -> list[Ack]:
        """What each ledger is to be told once all this is committed."""
        return [_answer(unit, ledger, owed) for (unit, ledger), owed in self._owed.items()]

    def _of(self, unit: str, ledger: str) -> _Owed:
        key = (unit, ledger)
        if key not in self._owed:
            self._owed[key] = _Owed(self._store.head(unit, ledger))
        return self._owed[key]

    def _write_rows(self) -> None:
        if self._rows:
            self._store.append(self._rows)
            self._rows = []

    def _event(self, unit: str, message: Received) -> None:
        said, envelope = read_record(message)
        seq = envelope.seq
        mine = (unit, envelope.ledger, seq, f"{unit}:{envelope.ledger}:{seq}")
        if (envelope.unit, said.ledger, said.seq, said.id) != mine or envelope.id != said.id:
            detail = f"record {envelope.id:.80} came on unit {unit}'s topic as {said.id:.80}, {said.ledger} {said.seq}"
            raise RefusedError("mismatch", detail)
        owed = self._of(unit, envelope.ledger)
        owed.highest = max(seq, owed.highest)
        if seq <= owed.head.seq:
            self._repeated(unit, owed, envelope, message.payload)
        elif seq == owed.head.seq + 1:
            self._next(unit, owed, envelope, message.payload, said.hash)

    def _repeated(self, unit: str, owed: _Owed, envelope: Envelope, body: bytes) -> None:
        self._write_rows()
        if self._store.body(unit, envelope.ledger, envelope.seq) != body:
            detail = f"record {envelope.seq} came again with other bytes; the first ones are kept"
            raise RefusedError("conflict", detail, envelope.ledger, envelope.seq)
        owed.duplicates += 1

    def _next(self, unit: str, owed: _Owed, envelope: Envelope, body: bytes, claimed: str) -> None:
        ledger, seq = envelope.ledger, envelope.seq
        hash_ = chain(owed.head.hash, body)
        if hash_.hex() != claimed:
            detail = f"record {seq} does not fit the chain: {claimed[:12]}… came, {hash_.hex()[:12]}… is due"
            raise RefusedError("chain", detail, ledger, seq)
        event = read_event(body)
        if isinstance(event.data, UnreadableRecord):
            detail = f"stored, but not readable here: {event.data.problem}"[:LONGEST]
            self._store.record_finding("unreadable", unit, ledger, seq, detail, body, self._now)
        owed.new.append(event)
        kind, shift, time = envelope.data.type, envelope.shift, envelope.time.timestamp()
        self._rows.append(Row(unit, ledger, seq, envelope.id, kind, shift, time, body, hash_, self._now))
        owed.head = Head(seq, hash_)

    def _status(self, unit: str, message: Received) -> None:
        status = read_document(Status, message.payload)
        if status.unit != unit or not is_name(status.ledger):
            raise RefusedError("mismatch", f"a status of unit {status.unit!r:.80}, ledger {status.ledger!r:.80}")
        held = HeldStatus(**dict(self._never_less(status)), wire=announced(message.properties))
        body = held.model_dump_json().encode()
        self._store.put_document("status", Document(unit, body, self._now))
        if status.online:
            self._of(unit, status.ledger)

    def _never_less(self, status: Status) -> Status:
        """With the most records that its ledger was said to have: a last will knows those of its connection's start."""
        told = self._store.document("status", status.unit)
        if told is not None:
            with suppress(RefusedError):  # it is of other software
                before = read_document(Status, told.body)
                if before.ledger == status.ledger:
                    return status.model_copy(update={"recorded": max(status.recorded, before.recorded)})
        return status

    def _visits(self, unit: str, message: Received) -> None:
        visits = read_document(Visits, message.payload)
        if visits.unit != unit:
            raise RefusedError("mismatch", f"visits of unit {visits.unit!r:.80}")
        self._store.put_document("visits", Document(unit, message.payload, self._now))


def _answer(unit: str, ledger: str, owed: _Owed) -> Ack:
    head, problem = owed.head, owed.problem
    if problem is None and owed.highest > head.seq:
        problem = f"missing: record {head.seq + 1} has not come; send again from there"
    return Ack(unit=unit, ledger=ledger, seq=head.seq, head=head.hash.hex(), problem=problem)
