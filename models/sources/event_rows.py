"""Occasions of a calendar to `edge.risk.events.Events`: boxes, and the shifts they fall in.

An event is used from the day after it was entered in the calendar, so that none is known before it was. Must not
read files.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final, TypeAlias

from edge.contract.agency import Agency
from edge.domain.grid import Grid
from edge.domain.shift import Calendar
from edge.errors import UserError
from edge.risk.events import ALL_SHIFTS, EVENT_COLUMNS, SIZE_NAMES, SIZES, Events
from edge.risk.feature_column import Column
from models.sources.calendar_file import Happening
from models.sources.provenance import Provenance

GROUP: Final = "events"
_WHERE: Final = ("in the box", "within 500 m of the box's middle", "within 1 km of the box's middle")

Row: TypeAlias = tuple[int, int, int, int, int]


def make_events(
    happenings: Iterable[Happening], agency: Agency, window: tuple[date, date], known: Provenance
) -> tuple[Events, int]:
    """The events, and how many occasions lie outside the agency's boxes."""
    rows: list[Row] = []
    outside = 0
    for happening in happenings:
        box = agency.grid.box_of(happening.lat, happening.lon)
        if box is None:
            outside += 1
            continue
        rows += [
            (max(first, _usable(happening)), last, shift, box.number - 1, happening.size)
            for first, last, shift in _spans(happening, agency.calendar, window)
            if last >= _usable(happening)
        ]
    return Events.of(rows, event_columns(known)), outside


def refuse_swapped(path: Path, happenings: Iterable[Happening], grid: Grid) -> None:
    """Raise UserError where an event is in the agency only if its latitude and longitude change places."""
    for one in happenings:
        if grid.box_of(one.lat, one.lon) is None and grid.box_of(one.lon, one.lat) is not None:
            msg = f"{path}: an event has GEO:{one.lat};{one.lon}, longitude first; iCal has latitude first: correct it"
            raise UserError(msg)


def _usable(happening: Happening) -> int:
    """The first day at whose start the event was known."""
    return 1 if happening.known is None else happening.known.toordinal() + 1


def _spans(happening: Happening, calendar: Calendar, window: tuple[date, date]) -> Iterator[tuple[int, int, int]]:
    """First and last date, and shift, of each part: a whole span of days, or shift by shift."""
    if happening.days is not None:
        first, last = happening.days
        yield first.toordinal(), last.toordinal(), ALL_SHIFTS
    if happening.span is None:
        return
    names = [rule.name for rule in calendar.rules]
    now, end = max(happening.span[0], _midnight(calendar, window[0])), happening.span[1]
    end = min(end, _midnight(calendar, date.fromordinal(window[1].toordinal() + 1)))
    while True:
        shift = calendar.shift_at(now)
        day = date.fromisoformat(shift.id.partition("/")[0]).toordinal()
        yield day, day, names.index(shift.name)
        now = shift.ends
        if now >= end:
            return


def _midnight(calendar: Calendar, day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=calendar.zone).timestamp()


def event_columns(known: Provenance) -> tuple[Column, ...]:
    """What the columns of events are, and where they are from."""
    sizes = ", ".join(f"{name} {people:,}" for name, people in zip(SIZE_NAMES, SIZES, strict=True))
    return tuple(
        Column(name, GROUP, f"people expected at events {where} in the shift ({sizes})", "people", 0.0, *known.fields)
        for name, where in zip(EVENT_COLUMNS, _WHERE, strict=True)
    )
