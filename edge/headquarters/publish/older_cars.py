"""Which cars cannot read a document: those whose software announces an older version of the wire than its form needs.

It is published all the same: a car that cannot read it refuses it, and says so on its screen. Who publishes is told.
Must not publish.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from edge.contract.agency import Agency
from edge.contract.messages import Signed, decode
from edge.contract.signing import verify
from edge.contract.wire import FIRST
from edge.errors import UserError
from edge.headquarters.held_status import HeldStatus
from edge.headquarters.store import Document, Store
from edge.text.plain import plain

LONGEST: Final = 60
"""Characters of a version that are shown: its car chose them."""

FURTHER: Final = frozenset({"must_understand", "data_to", "timetables"})
"""Fields of signed bodies that version 1 does not know, and so refuses."""

KINDS: Final = {"roster": 5}
"""Signed kinds that came with a later version of the wire: by name, which."""

HEARD_S: Final = 30 * 86_400.0
"""A car that was not heard for so long is not in service."""


def needed(signed: Signed, agency: Agency) -> int:
    """The version of the wire in which a document is written: 1 knows the agency's key alone, and no further field.

    Every later version passes over fields that it does not know.
    """
    if signed.kind in KINDS:
        return KINDS[signed.kind]
    by_agency = agency.public_key is not None and verify(agency.public_key, signed.signed_bytes(), signed.signature)
    return FIRST if by_agency and not FURTHER & signed.body.keys() else FIRST + 1


def warning(store: Store, body: bytes, agency: Agency, now: float) -> str:
    """What is to be said of a document's bytes, where some car cannot read it; else empty. ``now``: POSIX seconds."""
    signed = Signed.model_validate_json(body)
    version = needed(signed, agency)
    heard = [one for one in store.documents("status") if one.received >= now - HEARD_S]
    older = [one for one in _readable(heard) if one.wire < version]
    if not older:
        return ""
    cars = ", ".join(f"{one.unit} (software {plain(one.software, LONGEST)})" for one in older)
    return f"these cars reject this {signed.kind} because their software is too old; update them: {cars}"


def _readable(documents: Iterable[Document]) -> Iterator[HeldStatus]:
    """What some cars reported last; a status that other software stored in another form says nothing here."""
    for one in documents:
        with suppress(UserError):
            yield decode(HeldStatus, one.body)
