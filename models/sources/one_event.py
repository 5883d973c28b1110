"""The parts of one event of an iCal file: its newest version, and single occasions that were changed.

Parts are known by UID and RECURRENCE-ID (RFC 5545, 3.8.4). Must not expand a rule.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from edge.errors import UserError
from models.sources.occasions import Entry, moment_of

Key: TypeAlias = tuple[str, date | None]
"""UID, and the start of the occasion that it stands for."""


def entries_of(entries: Sequence[Entry]) -> list[Entry]:
    """The newest version of each event, by SEQUENCE, else the later in the file, with what replaces its occasions.

    Raises UserError for a change of "this and all that follow", or of an event that is not named.
    """
    newest: dict[Key, Entry] = {}
    for number, entry in enumerate(entries):
        key = _key(entry, number)
        if key not in newest or _sequence(entry) >= _sequence(newest[key]):
            newest[key] = entry
    replaced: dict[str, set[date]] = {}
    for uid, stands_for in newest:
        if stands_for is not None:
            replaced.setdefault(uid, set()).add(stands_for)
    return [
        entry if stands_for is not None else replace(entry, replaced=frozenset(replaced.get(uid, ())))
        for (uid, stands_for), entry in newest.items()
    ]


def _key(entry: Entry, number: int) -> Key:
    uid = str(entry.event.get("UID", ""))
    if "RECURRENCE-ID" not in entry.event:
        return uid or f"event {number}", None
    if not uid:
        msg = f"{entry.what} has RECURRENCE-ID, but no UID that says of which event; add it, or remove the event"
        raise UserError(msg)
    if "RANGE" in getattr(entry.event["RECURRENCE-ID"], "params", ()):
        msg = (
            f"{entry.what} changes an occasion and all that follow (RANGE), which is not supported; export the "
            "calendar with every occurrence as its own event"
        )
        raise UserError(msg)
    return uid, moment_of(entry, "RECURRENCE-ID")


def _sequence(entry: Entry) -> int:
    given = entry.event.get("SEQUENCE", 0)
    return given if isinstance(given, int) else 0
