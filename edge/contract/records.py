"""Ledger records as bytes, and the chain that binds them.

A record is stored, hashed and sent as the same bytes: canonical JSON (RFC 8785). Each one's hash is SHA-256 of the
hash before it and its own bytes, so a record that is cut out or changed shows. Must not touch a database or a network.
"""

import hashlib
from datetime import datetime
from typing import Annotated, Final

import rfc8785
from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict  # typing's own is too old for pydantic before Python 3.12

from edge.domain.events import ClockState, Event, EventData
from edge.errors import UserError
from edge.text.mistakes import explain

GENESIS: Final = bytes(32)
"""The hash before the first record of a ledger."""

EVENT: Final = TypeAdapter(Event)


class _Record(TypedDict):
    """An `Event` to read: its kind says which data to expect, so that not every kind is tried."""

    id: str
    unit: str
    ledger: str
    seq: int
    boot: str
    mono: float
    time: datetime
    clock: ClockState
    shift: str | None
    officer: str | None
    data: Annotated[EventData, Field(discriminator="type")]


_RECORD: Final = TypeAdapter(_Record)


def encode_event(event: Event) -> bytes:
    """A record's canonical bytes."""
    return rfc8785.dumps(EVENT.dump_python(event, mode="json"))


def decode_event(body: bytes) -> Event:
    """The record of some bytes. Raises UserError where they are none."""
    try:
        return Event(**_RECORD.validate_json(body))
    except ValidationError as error:
        msg = f"a ledger record is malformed: {explain(error)}"
        raise UserError(msg) from error


def chain(previous: bytes, body: bytes) -> bytes:
    """The hash of a record, 32 bytes, from the hash before it and its bytes."""
    return hashlib.sha256(previous + body).digest()
