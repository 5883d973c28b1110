"""When an event of an iCal file takes place: its span, and each occasion of a recurring one within a window.

What can't be expanded surely is refused, never guessed. Must not read files.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import icalendar
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # its stubs are a package of their own

from edge.errors import UserError

_TOO_OFTEN: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the file: what a message calls it, its properties, and the agency's zone."""

    what: str
    event: icalendar.Event
    zone: ZoneInfo


def occasions(entry: Entry, window: tuple[date, date]) -> list[tuple[date, date]]:
    """Start and end of each occasion that touches the window (its first and last date).

    Dates of an all-day event (the end is the first date after it), else instants. Raises UserError for what can't be
    expanded.
    """
    start, end = _span(entry)
    for name in ("RDATE", "RECURRENCE-ID"):
        if name in entry.event:
            msg = (
                f"{entry.what} has {name}, which is not supported; export the calendar with every occurrence as its "
                "own event"
            )
            raise UserError(msg)
    starts = _recurring(entry, start, end, window) if "RRULE" in entry.event else [start]
    first, last = window
    found = [(begin, begin + (end - start)) for begin in starts]
    return [(begin, until) for begin, until in found if _date(until, entry) >= first and _date(begin, entry) <= last]


def _span(entry: Entry) -> tuple[date, date]:
    """Start and end, both dates or both instants with a zone."""
    try:
        start, end = entry.event.start, entry.event.end
    except (icalendar.InvalidCalendar, icalendar.IncompleteComponent, AttributeError, TypeError) as error:
        msg = f"{entry.what} has no usable DTSTART and DTEND ({error}); correct or remove it"
        raise UserError(msg) from error
    start, end = _zoned(start, entry), _zoned(end, entry)
    if isinstance(start, datetime) != isinstance(end, datetime) or end < start:
        msg = f"{entry.what} ends before it starts, or mixes a date and a time; correct its DTEND"
        raise UserError(msg)
    return start, end


def _zoned(moment: date, entry: Entry) -> date:
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=entry.zone)
    return moment


def _date(moment: date, entry: Entry) -> date:
    return moment.astimezone(entry.zone).date() if isinstance(moment, datetime) else moment


def _recurring(entry: Entry, start: date, end: date, window: tuple[date, date]) -> list[date]:
    """The starts that a rule gives within the window (and so long before it as the event lasts), EXDATE left out."""
    rule = entry.event["RRULE"]
    if isinstance(rule, list) or not isinstance(rule, icalendar.vRecur) or _TOO_OFTEN & set(rule.get("FREQ", ())):
        msg = (
            f"{entry.what} has a recurrence rule that is not supported; export the calendar with every occurrence as "
            "its own event"
        )
        raise UserError(msg)
    timed = isinstance(start, datetime)
    anchor = start if isinstance(start, datetime) else datetime.combine(start, time(0))
    low = datetime.combine(window[0], time(0), anchor.tzinfo) - (end - start) - timedelta(days=1)
    high = datetime.combine(window[1], time(0), anchor.tzinfo) + timedelta(days=2)
    try:
        starts = rrulestr(_text(rule), dtstart=anchor).between(low, high, inc=True)
    except (ValueError, TypeError) as error:
        msg = (
            f"{entry.what}: its RRULE can't be read ({error}); export the calendar with every occurrence as its own "
            "event"
        )
        raise UserError(msg) from error
    gone = _excluded(entry)
    return [moment if timed else moment.date() for moment in starts if (moment if timed else moment.date()) not in gone]


def _excluded(entry: Entry) -> set[date]:
    given = entry.event.get("EXDATE", [])
    lists = given if isinstance(given, list) else [given]
    return {_zoned(one.dt, entry) for dates in lists for one in dates.dts}


def _text(rule: icalendar.vRecur) -> str:
    return str(rule.to_ical().decode())  # type: ignore[no-untyped-call]  # icalendar leaves it so
