"""What a batch of messages brings, sorted by ledger and vehicle before the database is asked anything. No network.

What is refused here is refused whatever is held: it is malformed, too long, or another's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from edge.contract.comparison import PROPERTY, numbers
from edge.contract.messages import Status
from edge.contract.vehicle_messages import MESSAGES, STATUS
from edge.contract.wire import announced
from edge.headquarters.held_status import HeldStatus
from edge.headquarters.receive.decoding import (
    Envelope,
    Received,
    RefusedError,
    is_name,
    read_document,
    read_record,
)

Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Came:
    """A record as it came. ``claimed``: the chain's hash that it came with."""

    envelope: Envelope
    body: bytes
    claimed: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is not stored, and why; ``ledger`` empty: of none that can be known. ``seq`` 0: of no record."""

    kind: str
    unit: str
    ledger: str
    seq: int
    detail: str
    body: bytes


@dataclass(slots=True)
class Batch:
    """Records by ledger in the order they came; each vehicle's latest status and other messages; what is refused.

    ``documents``: by name and vehicle; ``reported``: by ledger, the most records that a status gives it;
    ``compared``: by ledger, the numbers of records whose hashes its vehicle asks for.
    """

    records: dict[Key, list[Came]] = field(default_factory=dict)
    statuses: dict[str, HeldStatus] = field(default_factory=dict)
    reported: dict[Key, int] = field(default_factory=dict)
    compared: dict[Key, tuple[int, ...]] = field(default_factory=dict)
    documents: dict[tuple[str, str], bytes] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    @property
    def asked(self) -> list[Key]:
        """The ledgers whose vehicles ask what is held of them."""
        return [(unit, status.ledger) for unit, status in self.statuses.items() if status.online]


def sort_batch(prefix: str, messages: Iterable[Received]) -> Batch:
    """Sort messages; a topic that is no vehicle's below ``prefix`` is ignored."""
    batch = Batch()
    for message in messages:
        unit, _, kind = message.topic.removeprefix(prefix).partition("/")
        sort = _KINDS.get(kind) or (_document if kind in MESSAGES else None)
        if sort is None or not message.topic.startswith(prefix) or not is_name(unit) or not message.payload:
            continue
        try:
            sort(batch, unit, message)
        except RefusedError as why:
            batch.refused.append(Refused(why.kind, unit, why.ledger, why.seq, str(why), message.payload))
    return batch


def _record(batch: Batch, unit: str, message: Received) -> None:
    properties, envelope = read_record(message)
    seq = envelope.seq
    mine = (unit, envelope.ledger, seq, f"{unit}:{envelope.ledger}:{seq}")
    if (envelope.unit, properties.ledger, properties.seq, properties.id) != mine or envelope.id != properties.id:
        came = f"{properties.id:.80}, {properties.ledger} {properties.seq}"
        raise RefusedError("mismatch", f"record {envelope.id:.80} came on unit {unit}'s topic as {came}")
    came_as = Came(envelope, message.payload, bytes.fromhex(properties.hash))
    batch.records.setdefault((unit, envelope.ledger), []).append(came_as)


def _status(batch: Batch, unit: str, message: Received) -> None:
    status = read_document(Status, message.payload)
    if status.unit != unit or not is_name(status.ledger):
        raise RefusedError("mismatch", f"a status of unit {status.unit!r:.80}, ledger {status.ledger!r:.80}")
    key = (unit, status.ledger)
    batch.statuses[unit] = HeldStatus(**dict(status), wire=announced(message.properties))
    if asked := numbers(message.properties.get(PROPERTY, "")):
        batch.compared[key] = asked
    batch.reported[key] = max(status.recorded, batch.reported.get(key, 0))  # a last will is of its connection's start


def _document(batch: Batch, unit: str, message: Received) -> None:
    """Any other that has a row: what makes it one is its model."""
    name = message.topic.rpartition("/")[2]
    document = read_document(MESSAGES[name].model, message.payload)
    if document.unit != unit:
        raise RefusedError("mismatch", f"{name} of unit {document.unit!r:.80}")
    batch.documents[name, unit] = message.payload


_KINDS = {"events": _record, STATUS.name: _status}
