"""Ledger records as bytes, and the chain that binds them.

A record is stored, hashed and sent as the same bytes: canonical JSON (RFC 8785). Each one's hash is SHA-256 of the
hash before it and its own bytes, so a record that is cut out or changed shows. A record of a newer version is read as
far as it is known here: an unknown kind is an `OtherRecord`, an unknown value is kept as text, an unknown field is
passed over. Must not touch a database or a network.
"""

import hashlib
from datetime import datetime
from functools import cache
from typing import (
    Annotated,
    Any,
    Final,
    NotRequired,  # typing's own is too old for pydantic before Python 3.12
)

import rfc8785
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from edge.domain.events import KINDS, ClockState, Event, EventData, OtherRecord, Segment, Unknown
from edge.text.coded import CodedError
from edge.text.mistakes import explain

GENESIS: Final = bytes(32)
"""The hash before the first record of a ledger."""

EVENT: Final = TypeAdapter(Event)


class _Envelope(TypedDict):
    """What every `Event` says, whatever its kind."""

    id: str
    unit: str
    ledger: str
    seq: int
    boot: str
    mono: float
    time: datetime
    clock: ClockState | Unknown
    shift: str | None
    officer: str | None
    second: NotRequired[str | None]


class _Record(_Envelope):
    """An `Event` of a known kind: the kind says which data to expect, so that not every kind is tried."""

    data: Annotated[EventData, Field(discriminator="type")]


class _Kind(TypedDict):
    """What the data of any kind says; its other fields come with it."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]  # as pydantic has it
    type: str


class _OfAnyKind(TypedDict):
    """An `Event`'s data alone."""

    data: _Kind


@cache
def _form(of: Any) -> TypeAdapter[Any]:
    """How records are read: made when the first one is, which no car's start waits for."""
    return TypeAdapter(of)


def encode_event(event: Event) -> bytes:
    """A record's canonical bytes."""
    body = EVENT.dump_python(event, mode="json")
    _drop_empty(body, event.SPARSE)
    _drop_empty(body["data"], event.data.SPARSE)
    for part in body["data"].get("segments", ()):
        _drop_empty(part, Segment.SPARSE)
    return rfc8785.dumps(body)


def _drop_empty(body: dict[str, Any], sparse: tuple[str, ...]) -> None:
    for name in sparse:
        if not body[name]:
            del body[name]


def decode_event(body: bytes) -> Event:
    """The record of some bytes. Raises CodedError where they are none, or what is known of its kind is malformed."""
    try:
        return Event(**_form(_Record).validate_json(body))
    except ValidationError as error:
        other = _of_an_unknown_kind(body)
        if other is None:
            raise CodedError("record.malformed", detail=explain(error)) from error
        return other


def _of_an_unknown_kind(body: bytes) -> Event | None:
    try:
        envelope, data = _form(_Envelope).validate_json(body), {**_form(_OfAnyKind).validate_json(body)["data"]}
    except ValidationError:
        return None
    if data["type"] in KINDS:
        return None
    return Event(**envelope, data=OtherRecord(str(data.pop("type")), data))


def chain(previous: bytes, body: bytes) -> bytes:
    """The hash of a record, 32 bytes, from the hash before it and its bytes."""
    return hashlib.sha256(previous + body).digest()
