"""A bundle's world brought up to date by a context: its counts, events and weather, and shots heard since midnight.

A week of daily contexts gives the very counts that training would have on that day. Must not make features, and must
not use a context whose counts continue another bundle's.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc, CountRow, GunfireDoc
from edge.domain.policy import CRIME_TYPES
from edge.domain.shift import Calendar
from edge.risk.counts import WEIGHT, Counts, load_counts
from edge.risk.days import Days, load_days
from edge.risk.events import Events
from edge.risk.features import World
from edge.risk.frame import Frame
from edge.risk.layers import Layers, load_layers
from edge.text.coded import CodedError

GUNFIRE: Final = CRIME_TYPES.index("gunfire")
_COLUMNS: Final = ("kind", "box", "day", "shift", "known", "weight")


def load_world(directory: Path, agency: Agency) -> World:
    """What a bundle knows, as of its making. Raises CodedError where a file is damaged, or there are no counts."""
    layers, days = directory / "layers.npz", directory / "days.npz"
    return World(
        Frame.of(agency.grid),
        len(agency.calendar.rules),
        load_counts(directory / "counts.npz"),
        load_layers(layers) if layers.exists() else Layers.none(len(agency.grid.boxes)),
        load_days(days) if days.exists() else Days.none(),
        Events.none(),
    )


def updated(world: World, context: ContextDoc, calendar: Calendar, day: int) -> World:
    """The world with a context, for a forecast of a day (ordinal).

    Raises CodedError where the context's counts continue other counts than the bundle's.
    """
    if context.base != world.counts.digest():
        raise CodedError("context.other_counts")
    counts = merged(world.counts, delta(context))
    if context.date.toordinal() == day + 1:
        counts = with_evening(counts, day)
    days = world.days
    for one in context.weather:
        days = days.with_values(context.date.toordinal() + one.ahead, one.values)
    counts = with_gunfire(counts, context.gunfire, calendar, day)
    return replace(world, counts=counts, days=days, events=world.events.plus(_events(context)))


def delta(context: ContextDoc) -> Counts:
    """The context's rows. Complete to the day it says."""
    at = context.date.toordinal()
    last = at - context.complete
    table = np.array(context.counts, dtype=np.int64).reshape(-1, 6)
    columns = {
        "kind": table[:, 0],
        "box": table[:, 1] - 1,
        "day": at - table[:, 2],
        "shift": table[:, 3],
        "known": at - table[:, 4],
        "weight": table[:, 5],
    }
    return Counts.of(columns, first=last, last=last)


def rows_between(before: Counts, now: Counts, day: date) -> tuple[CountRow, ...]:
    """The rows of a context of a date that lead from a bundle's counts to those of now: what `delta` takes back."""
    at = day.toordinal()
    known, had = now.known_before(at), before.known_before(at)
    table = _without_nothing(known.plus(replace(had, weight=-had.weight)))
    columns = (table.kind, table.box + 1, at - table.day, table.shift, at - table.known, table.weight)
    return tuple(zip(*(column.tolist() for column in columns), strict=True))


def with_gunfire(counts: Counts, shots: tuple[GunfireDoc, ...], calendar: Calendar, day: int) -> Counts:
    """The counts with shots heard since midnight, as if the day before the forecast's had known of them."""
    if not shots:
        return counts
    shifts = [rule.name for rule in calendar.rules]
    found = [(one.box - 1, calendar.shift_at(one.at.timestamp())) for one in shots]
    columns = {
        "kind": np.full(len(found), GUNFIRE),
        "box": np.array([box for box, _ in found]),
        "day": np.array([min(_day(shift.id), day - 1) for _, shift in found]),
        "shift": np.array([shifts.index(shift.name) for _, shift in found]),
        "known": np.full(len(found), day - 1),
        "weight": np.full(len(found), WEIGHT),
    }
    return merged(counts, Counts.of(columns, counts.last, counts.last))


def with_evening(counts: Counts, day: int) -> Counts:
    """The counts for a shift that goes on past midnight, when the next day's context has come.

    The evening's shots have become counts of a day that its forecast may not know of; they stay as they were when they
    were live, else a night's alert would end at midnight.
    """
    evening = _rows(counts, (counts.kind == GUNFIRE) & (counts.known == day))
    if not len(evening):
        return counts
    columns = {name: getattr(evening, name).astype(np.int64) for name in _COLUMNS}
    columns |= {"day": np.minimum(columns["day"], day - 1), "known": np.full(len(evening), day - 1)}
    return merged(counts, Counts.of(columns, counts.last, counts.last))


def merged(counts: Counts, more: Counts) -> Counts:
    """``counts.plus(more)`` without the rows that then weigh nothing.

    Only what was known as late as ``more`` is sorted: a car has years of counts and a few days of news.
    """
    start = int(np.searchsorted(counts.known, more.known[0])) if len(more) else len(counts)
    tail = _without_nothing(_rows(counts, slice(start, None)).plus(more))
    columns = {name: np.concatenate([getattr(counts, name)[:start], getattr(tail, name)]) for name in _COLUMNS}
    return Counts(**columns, first=tail.first, last=tail.last)


def _rows(counts: Counts, which: slice | NDArray[np.bool_]) -> Counts:
    return replace(counts, **{name: getattr(counts, name)[which] for name in _COLUMNS})


def _without_nothing(counts: Counts) -> Counts:
    """Without rows that weigh nothing: what was taken back leaves no trace."""
    held = counts.weight != 0
    return counts if held.all() else _rows(counts, held)


def _events(context: ContextDoc) -> Events:
    at = context.date.toordinal()
    rows = [(at + first, at + last, shift, box - 1, size) for first, last, shift, box, size in context.events]
    return Events.of(rows)


def _day(shift: str) -> int:
    return date.fromisoformat(shift.partition("/")[0]).toordinal()
