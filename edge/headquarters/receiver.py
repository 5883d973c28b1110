"""What headquarters makes of the vehicles' messages: stored, held already, lacking something before, or refused.

Only the next record of a ledger is stored, and only if the chain over its bytes gives the hash it came with. What a
batch brought is committed in one transaction; the acknowledgements it returns may be sent only after that. A record
whose kind is unknown here (a newer vehicle) is stored like any other: its bytes are proved, whoever reads them. Must
not touch the network.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, TypeAlias, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from edge.contract.agency import explain
from edge.contract.messages import Ack, ShiftId, Status, Visits, decode
from edge.contract.records import chain, decode_event
from edge.contract.topics import Topics
from edge.errors import UserError
from edge.headquarters.store import Document, Row, Store

MAX_PAYLOAD: Final = 65_536

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
Name: TypeAlias = Annotated[str, StringConstraints(pattern=f"^{NAME.pattern}$")]
MessageT = TypeVar("MessageT", bound=BaseModel)
_Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came; ``properties`` are MQTT 5 user properties."""

    topic: str
    payload: bytes
    properties: Mapping[str, str] = field(default_factory=dict)


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Kind(_Loose):
    """Of a record's data, the kind."""

    type: str = Field(pattern=r"^[a-z][a-z_]{0,39}$")


class Envelope(_Loose):
    """What every record must say of itself, whatever its kind."""

    id: str
    unit: Name
    ledger: Name
    seq: int = Field(ge=1, le=2**53, strict=True)
    time: AwareDatetime
    shift: ShiftId | None
    data: Kind


class Properties(_Loose):
    """The user properties of a record's message that are held against its body."""

    id: str
    ledger: Name
    seq: int = Field(ge=1, le=2**53)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


@dataclass(slots=True)
class _Batch:
    """What a batch owes its ledgers: the highest number that came, and what was wrong."""

    highest: dict[_Key, int] = field(default_factory=dict)
    problems: dict[_Key, str] = field(default_factory=dict)

    def touch(self, unit: str, ledger: str, seq: int = 0, problem: str | None = None) -> None:
        key = (unit, ledger)
        self.highest[key] = max(seq, self.highest.get(key, 0))
        if problem is not None:
            self.problems.setdefault(key, problem)


class _RefusedError(Exception):
    """A message that is not stored: the kind of finding, and of which record."""

    def __init__(self, kind: str, detail: str, ledger: str = "", seq: int = 0) -> None:
        super().__init__(detail)
        self.kind, self.ledger, self.seq = kind, ledger, seq


class Receiver:
    """Takes batches of messages into a store. ``now``: POSIX seconds."""

    def __init__(self, store: Store, topics: Topics, now: Callable[[], float]) -> None:
        self._store = store
        self._prefix = f"{topics.base}/vehicles/"
        self._now = now

    def handle(self, batch: Sequence[Received]) -> list[Ack]:
        """Store what a batch brings; the acknowledgements it earns.

        Raises sqlite3.Error with nothing stored and nothing to be acknowledged: hand the same batch in again.
        """
        owed = _Batch()
        with self._store.transaction():
            for message in batch:
                self._take(message, owed)
            return [self._answer(unit, ledger, owed) for unit, ledger in owed.highest]

    def _take(self, message: Received, owed: _Batch) -> None:
        unit, _, kind = message.topic.removeprefix(self._prefix).partition("/")
        if not message.topic.startswith(self._prefix) or not _is_name(unit) or not message.payload:
            return
        take = {"events": self._event, "status": self._status, "visits": self._visits}.get(kind)
        if take is None:
            return
        try:
            if len(message.payload) > MAX_PAYLOAD:
                raise _RefusedError("too_long", f"{kind}: {len(message.payload)} bytes, more than {MAX_PAYLOAD}")
            take(unit, message, owed)
        except _RefusedError as refused:
            self._store.find(
                refused.kind, unit, refused.ledger, refused.seq, str(refused), message.payload, self._now()
            )
            if refused.ledger:
                owed.touch(unit, refused.ledger, refused.seq, f"{refused.kind}: {refused}")

    def _event(self, unit: str, message: Received, owed: _Batch) -> None:
        said = self._properties(message)
        envelope = self._envelope(message, said)
        mine = (unit, envelope.ledger, envelope.seq, f"{unit}:{envelope.ledger}:{envelope.seq}")
        if (envelope.unit, said.ledger, said.seq, said.id) != mine or envelope.id != said.id:
            detail = f"record {envelope.id} came on unit {unit}'s topic as {said.id}, {said.ledger} number {said.seq}"
            raise _RefusedError("mismatch", detail)
        owed.touch(unit, envelope.ledger, envelope.seq)
        head = self._store.head(unit, envelope.ledger)
        if envelope.seq <= head.seq:
            self._repeated(unit, envelope, message.payload)
        elif envelope.seq == head.seq + 1:
            self._next(unit, envelope, message.payload, head.hash, said.hash)

    def _properties(self, message: Received) -> Properties:
        try:
            return Properties.model_validate(message.properties)
        except ValidationError as error:
            raise _RefusedError("malformed", f"user properties: {explain(error)}") from error

    def _envelope(self, message: Received, said: Properties) -> Envelope:
        try:
            return Envelope.model_validate_json(message.payload)
        except ValidationError as error:
            raise _RefusedError("malformed", f"record: {explain(error)}", said.ledger, said.seq) from error

    def _repeated(self, unit: str, envelope: Envelope, body: bytes) -> None:
        if self._store.body(unit, envelope.ledger, envelope.seq) != body:
            detail = f"record {envelope.seq} came again with other bytes; the first ones are kept"
            raise _RefusedError("conflict", detail, envelope.ledger, envelope.seq)
        self._store.count_duplicate(unit, envelope.ledger)

    def _next(self, unit: str, envelope: Envelope, body: bytes, previous: bytes, claimed: str) -> None:
        ledger, seq, now = envelope.ledger, envelope.seq, self._now()
        hash_ = chain(previous, body)
        if hash_.hex() != claimed:
            detail = f"record {seq} does not fit the chain: {claimed[:12]}… came, {hash_.hex()[:12]}… is due"
            raise _RefusedError("chain", detail, ledger, seq)
        try:
            decode_event(body)
        except UserError as error:
            self._store.find("unknown", unit, ledger, seq, f"stored, but not readable here: {error}", body, now)
        time = envelope.time.timestamp()
        row = Row(unit, ledger, seq, envelope.id, envelope.data.type, envelope.shift, time, body, hash_, now)
        self._store.append(row)

    def _status(self, unit: str, message: Received, owed: _Batch) -> None:
        status = _decoded(Status, message.payload)
        if status.unit != unit or not _is_name(status.ledger):
            raise _RefusedError("mismatch", f"a status of unit {status.unit!r:.80}, ledger {status.ledger!r:.80}")
        self._store.put_document("status", Document(unit, message.payload, self._now()))
        if status.online:
            owed.touch(unit, status.ledger)

    def _visits(self, unit: str, message: Received, _: _Batch) -> None:
        visits = _decoded(Visits, message.payload)
        if visits.unit != unit:
            raise _RefusedError("mismatch", f"visits of unit {visits.unit!r:.80}")
        self._store.put_document("visits", Document(unit, message.payload, self._now()))

    def _answer(self, unit: str, ledger: str, owed: _Batch) -> Ack:
        head = self._store.head(unit, ledger)
        problem = owed.problems.get((unit, ledger))
        if problem is None and owed.highest[unit, ledger] > head.seq:
            problem = f"missing: record {head.seq + 1} has not come; send again from there"
        return Ack(unit=unit, ledger=ledger, seq=head.seq, head=head.hash.hex(), problem=problem)


def _is_name(text: str) -> bool:
    return NAME.fullmatch(text) is not None


def _decoded(model: type[MessageT], payload: bytes) -> MessageT:
    try:
        return decode(model, payload)
    except UserError as error:
        raise _RefusedError("malformed", str(error)) from error
