"""Upcoming events from an iCal file: a span, a position and a size class of each, and nothing else.

Only the lines of `ALLOWED` are read: what names a person (attendees, organiser, contact) or describes (summary,
description) is dropped before the text is parsed; of a UID, which may be an address, only a hash is left, by which the
parts of one event are known. Must not know of boxes.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import icalendar

from edge.errors import UserError
from edge.risk.events import SIZE_NAMES
from models.sources.document import EventsDoc
from models.sources.occasions import Entry, occasions, read_of
from models.sources.one_event import entries_of
from models.sources.points import read_rows, read_text

ALLOWED: Final = frozenset({
    "BEGIN", "END", "VERSION", "PRODID", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME",
    "DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE",
    "GEO", "LOCATION", "STATUS", "CREATED",
})  # fmt: skip
"""The iCal properties that are read."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One occasion: local dates of an all-day event, or instants (POSIX seconds); degrees; index into the sizes.

    ``known``: the local date it was entered in the calendar, where it says so.
    """

    days: tuple[date, date] | None
    span: tuple[float, float] | None
    lat: float
    lon: float
    size: int
    known: date | None


def read_happenings(document: EventsDoc, folder: Path, zone: ZoneInfo, window: tuple[date, date]) -> "Reading":
    """Every occasion that touches the window of dates, and how many have no usable position or were cancelled.

    A time without a zone is the agency's. Raises UserError naming the file, the event (by its number) and the mend.
    """
    path = folder / document.file
    text = only_allowed(read_text(path), document.size_property)
    try:
        parsed = icalendar.Calendar.from_ical(text, multiple=True)
    except ValueError as error:
        msg = f"{path}: not an iCal file ({' '.join(str(error).split())}); export the calendar as iCal (.ics)"
        raise UserError(msg) from error
    calendars = [each for each in parsed if isinstance(each, icalendar.Calendar)]
    if not calendars:
        msg = f"{path}: not an iCal file (no VCALENDAR); export the calendar as iCal (.ics)"
        raise UserError(msg)
    events = [event for calendar in calendars for event in calendar.events]
    entries = entries_of([Entry(f"{path}: event {number}", each, zone) for number, each in enumerate(events, start=1)])
    places = _places(folder, document)
    found = Reading([], 0, 0, len(events) - len(entries))
    for entry in entries:
        _read(found, entry, document, places, window)
    return found


@dataclass(slots=True)
class Reading:
    """What a file gave: occasions, events without a known position, cancelled ones, older versions of an event."""

    happenings: list[Happening]
    nowhere: int
    cancelled: int
    repeated: int


def only_allowed(text: str, size_property: str) -> str:
    """The lines of the properties that are read, and a hash of each UID; all others are gone before any is parsed."""
    whole = re.sub(r"(\r\n|\n|\r)[ \t]", "", text)
    kept: list[str] = []
    for line in re.split(r"\r\n|\n|\r", whole):
        name = re.split("[;:]", line)[0].upper()
        if name == "UID":
            kept.append(f"UID:{hashlib.sha256(line.partition(':')[2].strip().encode()).hexdigest()[:32]}")
        elif name in {*ALLOWED, size_property}:
            kept.append(line)
    return "\r\n".join(kept) + "\r\n"


def _places(folder: Path, document: EventsDoc) -> dict[str, tuple[float, float]]:
    """Positions by the name that LOCATION gives."""
    if document.places is None:
        return {}
    path = folder / document.places
    try:
        return {
            row["name"].strip(): (float(row["lat"]), float(row["lon"]))
            for row in read_rows(path, ("name", "lat", "lon"))
        }
    except ValueError as error:
        msg = f"{path}: lat or lon is not a number ({error}); correct it"
        raise UserError(msg) from error


def _read(
    found: Reading,
    entry: Entry,
    document: EventsDoc,
    places: Mapping[str, tuple[float, float]],
    window: tuple[date, date],
) -> None:
    if str(entry.event.get("STATUS", "")).upper() == "CANCELLED":
        found.cancelled += 1
        return
    position = _position(entry, places)
    if position is None:
        found.nowhere += 1
        return
    size, known = _size(entry, document.size_property), _known(entry)
    for start, end in occasions(entry, window):
        if isinstance(start, datetime) and isinstance(end, datetime):
            span = start.timestamp(), end.timestamp()
            found.happenings.append(Happening(None, span, *position, size, known))
        else:
            last = max(end - timedelta(days=1), start)
            found.happenings.append(Happening((start, last), None, *position, size, known))


def _position(entry: Entry, places: Mapping[str, tuple[float, float]]) -> tuple[float, float] | None:
    given = entry.event.get("GEO")
    if isinstance(given, icalendar.vGeo):
        return float(given.latitude), float(given.longitude)
    return places.get(str(entry.event.get("LOCATION", "")).strip())


def _size(entry: Entry, name: str) -> int:
    text = str(entry.event.get(name, SIZE_NAMES[0])).strip().lower()
    if text not in SIZE_NAMES:
        msg = f"{entry.what}: {name} is {text!r}; use one of {', '.join(SIZE_NAMES)}, or leave it out for small"
        raise UserError(msg)
    return SIZE_NAMES.index(text)


def _known(entry: Entry) -> date | None:
    """The local date on which the event was entered, where it says so."""
    created = read_of(entry.event.get("CREATED"), "dt")
    if not isinstance(created, datetime):
        return None
    instant = created if created.tzinfo else created.replace(tzinfo=UTC)
    return instant.astimezone(entry.zone).date()
