"""Presence by box: where vehicles were over some days, and how much of it was counted visits."""

from dataclasses import dataclass
from typing import Final

from edge.headquarters.reports.days import beat_of, over_days
from edge.headquarters.reports.register import Column, Question


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


def lines(question: Question, since: str, until: str) -> list[BoxPresence]:
    """What the ledgers received so far come to: all boxes with presence, the most first."""
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
    return sorted(boxes, key=lambda one: (-one.presence_s, one.box))


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

REPORT: Final = over_days(
    name="presence",
    title="Presence by box",
    columns=COLUMNS,
    lines=lines,
    of="boxes",
    notes=(
        "Presence is any time a vehicle was in a box, counted or not; dosage is the minutes of counted visits.",
        "A night shift counts toward the date it starts.",
    ),
)
