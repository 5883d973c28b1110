"""Presence by box: where vehicles were over some days, and how much of it was counted visits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from edge.contract.agency import Agency
from edge.headquarters.reports.days import beat_of, date_of, over_days
from edge.headquarters.reports.register import Column, Question, Report, Table


@dataclass(frozen=True, slots=True)
class BoxPresence:
    """One box. Seconds of presence and of dosage; ``days``, ``vehicles``: with any presence in it."""

    box: str
    beat: str
    days: int
    vehicles: int
    stays: int
    presence_s: float
    counted: int
    dosage_s: float


@dataclass(frozen=True, slots=True)
class Presence:
    """All boxes with presence, the most first. ``since``, ``until``: ISO dates, both included."""

    since: str
    until: str
    boxes: tuple[BoxPresence, ...]


def make(question: Question) -> Presence:
    """What the ledgers received so far come to."""
    since, until = (date_of(question.values[name], name) for name in ("since", "until"))
    visits = question.store.visit_sums(since, until)
    boxes = [
        BoxPresence(
            one.box,
            beat_of(question.agency, one.box),
            one.days,
            one.vehicles,
            one.stays,
            one.presence_s,
            *visits.get(one.box, (0, 0.0)),
        )
        for one in question.store.box_sums(since, until)
    ]
    return Presence(since, until, tuple(sorted(boxes, key=lambda one: (-one.presence_s, one.box))))


def rows(made: Presence, _agency: Agency) -> Table:
    """One row a box."""
    return [{column.name: getattr(one, column.name) for column in COLUMNS} for one in made.boxes]


def document(made: Presence) -> Mapping[str, Any]:
    """The same, with the days."""
    boxes = [{column.name: getattr(one, column.name) for column in COLUMNS} for one in made.boxes]
    return {"since": made.since, "until": made.until, "boxes": boxes}


COLUMNS: Final = (
    Column("box", "Box", "box"),
    Column("beat", "Beat"),
    Column("days", "Days", "count"),
    Column("vehicles", "Vehicles", "count"),
    Column("stays", "Stays", "count"),
    Column("presence_s", "Presence, minutes", "minutes"),
    Column("counted", "Counted visits", "count"),
    Column("dosage_s", "Dosage, minutes", "minutes"),
)

REPORT: Final = Report(
    name="presence",
    title="Presence by box",
    columns=COLUMNS,
    make=make,
    rows=rows,
    document=document,
    filters=over_days(),
    notes=(
        "Presence is any time a vehicle was in a box, counted or not; dosage is the minutes of counted visits.",
        "A night shift counts for the date it starts.",
    ),
)
