"""What comes from the vehicles, by its form: a record with what its message says beside it, a status, visits.

Whatever is refused names its ledger where that can be known, so that the vehicle can be told. Must not know what is
stored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Final, TypeAlias, TypeVar

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, ValidationError

from edge.contract.messages import ShiftId, decode
from edge.contract.records import decode_event
from edge.domain.events import Event, UnreadableRecord
from edge.errors import UserError
from edge.text.mistakes import explain_of_peer
from edge.text.plain import plain
from edge.text.strictness import SENT

MAX_PAYLOAD: Final = 262_144
"""Bytes: a vehicle's counted visits of seven days take about 190 each."""

LONGEST: Final = 500
"""Characters of what is said about a refused message: some would be explained at length."""

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
BEYOND: Final = 1e10
"""Seconds, or whatever else a record counts: 300 years."""

BOX: Final = re.compile(r"[0-9]{1,6}-[0-9]{1,6}")
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
Name: TypeAlias = Annotated[str, StringConstraints(pattern=f"^{NAME.pattern}$")]
MessageT = TypeVar("MessageT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came; ``properties`` are MQTT 5 user properties."""

    topic: str
    payload: bytes
    properties: Mapping[str, str] = field(default_factory=dict)


class Kind(BaseModel):
    """Of a record's data, the kind."""

    model_config = SENT
    type: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")


class Envelope(BaseModel):
    """What every record must say of itself, whatever its kind."""

    model_config = SENT
    id: str
    unit: Name
    ledger: Name
    seq: int = Field(ge=1, le=2**53, strict=True)
    time: AwareDatetime
    shift: ShiftId | None
    data: Kind


class Properties(BaseModel):
    """The user properties of a record's message that are held against its body."""

    model_config = SENT
    id: str
    ledger: Name
    seq: int = Field(ge=1, le=2**53)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


class _Named(BaseModel):
    """Of something that is no record, the ledger it would belong to."""

    model_config = SENT
    ledger: Name


class RefusedError(Exception):
    """A message that is not stored: the kind of finding, and of which record."""

    def __init__(self, kind: str, detail: str, ledger: str = "", seq: int = 0) -> None:
        super().__init__(plain(detail, LONGEST))
        self.kind, self.ledger, self.seq = kind, ledger, seq


def read_record(message: Received) -> tuple[Properties, Envelope]:
    """What a message says beside a record, and what the record says of itself. Raises RefusedError."""
    try:
        said = Properties.model_validate(message.properties)
    except ValidationError as error:
        raise RefusedError(
            "malformed", f"user properties: {explain_of_peer(error, Properties)}", _ledger_of(message)
        ) from error
    _check_length(message.payload, said.ledger, said.seq)
    try:
        return said, Envelope.model_validate_json(message.payload)
    except ValidationError as error:
        raise RefusedError("malformed", f"record: {explain_of_peer(error, Envelope)}", said.ledger, said.seq) from error


def _ledger_of(message: Received) -> str:
    """The ledger of a message whose properties are wrong, as far as it can be known; else empty."""
    said = message.properties.get("ledger", "")
    if is_name(said) or len(message.payload) > MAX_PAYLOAD:
        return said if is_name(said) else ""
    try:
        return _Named.model_validate_json(message.payload).ledger
    except ValidationError:
        return ""


def _check_length(payload: bytes, ledger: str = "", seq: int = 0) -> None:
    if len(payload) > MAX_PAYLOAD:
        raise RefusedError("too_long", f"{len(payload)} bytes, more than {MAX_PAYLOAD}", ledger, seq)


def read_event(body: bytes) -> Event:
    """A stored record as a report can use it.

    An `UnreadableRecord` where what is known of its kind is malformed, an instant has no time zone, a number is beyond
    all use, or a box is none. Raises ValidationError only for bytes that `read_record` refuses.
    """
    try:
        return _usable(decode_event(body))
    except UserError as error:
        return _unreadable(body, str(error))


def _usable(event: Event) -> Event:
    named = (getattr(event.data, "box", None), *getattr(event.data, "boxes", ()))
    boxes = [one[0] if isinstance(one, tuple) else one for one in named if one is not None]
    if not _sound((event.time, event.mono, event.data)) or not all(map(BOX.fullmatch, boxes)):
        msg = f"record {event.seq} has a time, number or box that no report can use"
        raise UserError(msg)
    return event


def _unreadable(body: bytes, problem: str) -> Event:
    """What its envelope says, as far as a report can use it; its own clock and boot are not trusted."""
    record = Envelope.model_validate_json(body)
    return Event(
        id=record.id,
        unit=record.unit,
        ledger=record.ledger,
        seq=record.seq,
        boot="",
        mono=0.0,
        time=min(max(record.time, EARLIEST), LATEST),
        clock="none",
        shift=record.shift,
        officer=None,
        data=UnreadableRecord(record.data.type, problem[:LONGEST]),
    )


def _sound(value: object) -> bool:
    if isinstance(value, str):
        return True
    if isinstance(value, datetime):
        return value.tzinfo is not None and EARLIEST <= value <= LATEST
    if isinstance(value, int | float):
        return abs(value) < BEYOND  # which no NaN is
    if isinstance(value, tuple):
        return all(map(_sound, value))
    return all(_sound(getattr(value, name)) for name in getattr(value, "__slots__", ()))


def is_name(text: str) -> bool:
    """Whether it can be the name of a unit or a ledger."""
    return NAME.fullmatch(text) is not None


def read_document(model: type[MessageT], payload: bytes) -> MessageT:
    """The message of some bytes. Raises RefusedError where they are none of its kind."""
    _check_length(payload)
    try:
        return decode(model, payload)
    except UserError as error:
        raise RefusedError("malformed", str(error)) from error
