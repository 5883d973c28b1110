"""When an event of an iCal file takes place: its span, and each occasion of a recurring one within a window.

By RFC 5545: RRULE and RDATE give occasions, EXDATE takes some away, and an event with a RECURRENCE-ID stands for one.

What can't be expanded surely is refused, never guessed. Must not read files.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeGuard
from zoneinfo import ZoneInfo

import icalendar
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # its stubs are a package of their own

from edge.errors import UserError

_TOO_OFTEN: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the file: what a message calls it, its properties, and the agency's zone.

    ``replaced``: the starts of those of its occasions that other events of the file stand for.
    """

    what: str
    event: icalendar.Event
    zone: ZoneInfo
    replaced: frozenset[date] = frozenset()


def occasions(entry: Entry, window: tuple[date, date]) -> list[tuple[date, date]]:
    """Start and end of each occasion that touches the window (its first and last date).

    Dates of an all-day event (the end is the first date after it), else instants. Raises UserError for what can't be
    expanded.
    """
    start, end = _span(entry)
    starts = _recurring(entry, start, end, window) if "RRULE" in entry.event else [start]
    spans = {begin: begin + (end - start) for begin in starts} | _added(entry, start, end)
    gone = _excluded(entry) | entry.replaced
    first, last = window
    return [
        (begin, until)
        for begin, until in sorted(spans.items())
        if not gone & {begin, _date(begin, entry)} and _date(until, entry) >= first and _date(begin, entry) <= last
    ]


def moment_of(entry: Entry, name: str) -> date:
    """A property's date, or its instant with a zone. Raises UserError where it has none, or a zone nobody knows."""
    given = entry.event[name]
    return _moment(read_of(given, "dt"), entry, given, name)


def read_of(given: object, part: str) -> object:
    """What a property was read as; None where it could not be."""
    try:
        return getattr(given, part, None)
    except ValueError:  # icalendar keeps a property that it cannot read, and says so when it is asked
        return None


def _span(entry: Entry) -> tuple[date, date]:
    """Start and end, both dates or both instants with a zone."""
    try:
        start, end = entry.event.start, entry.event.end
    except (icalendar.InvalidCalendar, icalendar.IncompleteComponent, AttributeError, TypeError) as error:
        msg = f"{entry.what} has no usable DTSTART and DTEND ({error}); correct or remove it"
        raise UserError(msg) from error
    start = _zoned(start, entry, entry.event["DTSTART"])
    end = _zoned(end, entry, entry.event.get("DTEND"))
    if isinstance(start, datetime) != isinstance(end, datetime) or end < start:
        msg = f"{entry.what} ends before it starts, or mixes a date and a time; correct its DTEND"
        raise UserError(msg)
    return start, end


def _zoned(moment: date, entry: Entry, given: object = None) -> date:
    """The moment with the agency's zone where it has none. Raises UserError where ``given`` names one nobody knows."""
    if isinstance(moment, datetime) and moment.tzinfo is None:
        if named := getattr(given, "params", {}).get("TZID"):
            msg = f"{entry.what} has a time in {named!r}, a zone that neither the file nor IANA knows; correct its TZID"
            raise UserError(msg)
        return moment.replace(tzinfo=entry.zone)
    return moment


def _date(moment: date, entry: Entry) -> date:
    return moment.astimezone(entry.zone).date() if isinstance(moment, datetime) else moment


def _recurring(entry: Entry, start: date, end: date, window: tuple[date, date]) -> list[date]:
    """The starts that a rule gives within the window (and so long before it as the event lasts), EXDATE left out."""
    rule = entry.event["RRULE"]
    if "EXRULE" in entry.event or not _expandable(rule):
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
        starts = rrulestr(_text(_until(rule, anchor)), dtstart=anchor).between(low, high, inc=True)
    except (ValueError, TypeError) as error:
        msg = (
            f"{entry.what}: its RRULE can't be read ({error}); export the calendar with every occurrence as its own "
            "event"
        )
        raise UserError(msg) from error
    return [moment if timed else moment.date() for moment in starts]


def _expandable(rule: object) -> TypeGuard[icalendar.vRecur]:
    """Whether a rule is one, comes not by the hour, and goes on: of INTERVAL=0 there is no end."""
    if not isinstance(rule, icalendar.vRecur) or _TOO_OFTEN & set(rule.get("FREQ", ())):
        return False
    return all(isinstance(every, int) and every > 0 for every in rule.get("INTERVAL", ()))


def _until(rule: icalendar.vRecur, anchor: datetime) -> icalendar.vRecur:
    """The rule with its UNTIL in the form that its start asks for: a local date is one until its end."""
    until = next(iter(rule.get("UNTIL", ())), None)
    if until is None:
        return rule
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59))
    if anchor.tzinfo is None:
        until = until.replace(tzinfo=None)
    else:
        until = (until if until.tzinfo else until.replace(tzinfo=anchor.tzinfo)).astimezone(UTC)
    return icalendar.vRecur({**rule, "UNTIL": [until]})


def _added(entry: Entry, start: date, end: date) -> dict[date, date]:
    """The start and end of each occasion that RDATE adds."""
    found: dict[date, date] = {}
    for given, dates in _listed(entry, "RDATE"):
        begin, until = given if isinstance(given, tuple) else (given, end - start)
        begin = _moment(begin, entry, dates, "RDATE")
        if isinstance(begin, datetime) != isinstance(start, datetime):
            msg = f"{entry.what} mixes a date and a time in RDATE; correct it"
            raise UserError(msg)
        found[begin] = begin + until if isinstance(until, timedelta) else _moment(until, entry, dates, "RDATE")
    return found


def _excluded(entry: Entry) -> frozenset[date]:
    return frozenset(_moment(given, entry, dates, "EXDATE") for given, dates in _listed(entry, "EXDATE"))


def _moment(given: object, entry: Entry, where: object, name: str) -> date:
    if not isinstance(given, date):
        msg = f"{entry.what} has no usable {name}; correct or remove it"
        raise UserError(msg)
    return _zoned(given, entry, where)


def _listed(entry: Entry, name: str) -> Iterator[tuple[object, icalendar.vDDDLists]]:
    """Each moment or period of a property that may stand several times, and the property that it is of."""
    given = entry.event.get(name, [])
    for dates in given if isinstance(given, list) else [given]:
        moments = read_of(dates, "dts")
        if not isinstance(moments, list):
            msg = f"{entry.what} has no usable {name}; correct or remove it"
            raise UserError(msg)
        yield from ((one.dt, dates) for one in moments)


def _text(rule: icalendar.vRecur) -> str:
    return str(rule.to_ical().decode())  # type: ignore[no-untyped-call]  # icalendar leaves it so
