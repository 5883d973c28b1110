"""Ledger records as bytes, and the chain that binds them.

A record is stored, hashed and sent as the same bytes: canonical JSON (RFC 8785). Each one's hash is SHA-256 of the
hash before it and its own bytes, so a record that is cut out or changed shows. Must not touch a database or a network.
"""

import hashlib
from typing import Final

import rfc8785
from pydantic import TypeAdapter, ValidationError

from edge.contract.agency import explain
from edge.domain.events import Event
from edge.errors import UserError

GENESIS: Final = bytes(32)
"""The hash before the first record of a ledger."""

EVENT: Final = TypeAdapter(Event)


def encode_event(event: Event) -> bytes:
    """A record's canonical bytes."""
    return rfc8785.dumps(EVENT.dump_python(event, mode="json"))


def decode_event(body: bytes) -> Event:
    """The record of some bytes. Raises UserError where they are none."""
    try:
        return EVENT.validate_json(body)
    except ValidationError as error:
        msg = f"a ledger record is malformed: {explain(error)}"
        raise UserError(msg) from error


def chain(previous: bytes, body: bytes) -> bytes:
    """The hash of a record, 32 bytes, from the hash before it and its bytes."""
    return hashlib.sha256(previous + body).digest()
