"""The context: the small daily document that changes, signed by headquarters. What it may say.

It brings the incidents since the bundle was made, as counts by box, type, shift and day (all of them each time, so a
car that missed one needs the last alone), upcoming events, the weather expected, the fleet's counted visits, shots
heard since midnight, and the weekly timetable of plans. A box and a time: no address, no person. Must not hold a count
that `edge.risk.counts` could not.
"""

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from edge.contract.agency import Agency
from edge.contract.fields import ShortName
from edge.contract.messages import LARGEST, Hash, Instant
from edge.contract.signed_body import SignedBody
from edge.domain.policy import CRIME_TYPES
from edge.text.coded import CodedError
from edge.text.mistakes import explain
from edge.text.strictness import SENT
from edge.text.words import os_error

MOST_ROWS: Final = 40_000
"""Count rows: two months of Chicago. Who needs more makes a new bundle."""

MOST_VISITS: Final = 20_000
"""Rows of visits: eight days of 77 districts with six boxes in each of three shifts are 11,088."""

DAYS: Final = 7
"""Of a week."""

Ago = Annotated[int, Field(ge=1, le=20_000)]
"""Days before the context's date: 1 is the day before."""

Ahead = Annotated[int, Field(ge=0, le=60)]
"""Days from the context's date on: 0 is that day."""

Box = Annotated[int, Field(ge=1, le=1_000_000)]
"""A box's number."""

Kind = Annotated[int, Field(ge=0, lt=len(CRIME_TYPES))]
"""A crime type: its place in `edge.domain.policy.CRIME_TYPES`."""

ShiftIndex = Annotated[int, Field(ge=0, le=23)]
"""A shift: its place in the agency's day."""

Weight = Annotated[int, Field(ge=-(2**20), le=2**20)]
"""Units of 1/256 incident; negative where a report was taken back."""

CountRow = tuple[Kind, Box, Ago, ShiftIndex, Ago, Weight]
"""Crime type, box, day on which the shift starts, shift, day by which it was known, weight."""

EventRow = tuple[Ahead, Ahead, Annotated[int, Field(ge=-1, le=23)], Box, Annotated[int, Field(ge=0, le=3)]]
"""First and last day, shift (-1: all), box, size class."""

MOST_OF_BOX: Final = 1_000
"""Counted visits of a box in a day: more than there can be."""

VisitRow = tuple[Box, Annotated[int, Field(ge=0, le=8)], Annotated[int, Field(ge=1, le=MOST_OF_BOX)]]
"""Box, days before the context's date (0: on it), counted visits of the whole fleet that opened then."""


class WeatherDoc(BaseModel):
    """The weather expected on a day, by the names of the bundle's columns."""

    model_config = SENT
    ahead: Ahead
    values: dict[ShortName, Annotated[float, Field(allow_inf_nan=False)]] = Field(max_length=20)


class TimetableDoc(BaseModel):
    """The weekly timetable of the plans of a district, or a special unit.

    ``shifts``: for each shift of the week, Monday's first one first, the boxes planned for it, by number, ascending.
    """

    model_config = SENT
    district: str
    shifts: tuple[tuple[Box, ...], ...] = Field(min_length=DAYS, max_length=DAYS * 24)

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if any(list(boxes) != sorted(set(boxes)) for boxes in self.shifts):
            msg = f"{self.district}: a shift's boxes must be in ascending order, each once"
            raise ValueError(msg)
        return self


class GunfireDoc(BaseModel):
    """Shots heard in a box at an instant."""

    model_config = SENT
    box: Box
    at: Instant


class ContextDoc(SignedBody):
    """What has changed since a bundle was made. ``number`` grows with every context.

    ``base``: digest of the bundle's counts, which ``counts`` continue with what was known at 00:00 of ``date``;
    they are complete to ``complete`` days before it.

    ``timetables``: of some districts and units, each once; written only where there is any. Software of before version
    4 passes over them and draws from turns, so its own plan may differ from headquarters'. They are not in
    ``must_understand`` all the same: a car that refused the context would lose its incidents, visits and shots, too,
    while the plan that counts is the one that headquarters publishes, and a car's own says that it is.
    """

    agency: str
    base: Hash
    number: int = Field(ge=1, le=2**53)
    date: date
    complete: Ago = 1
    counts: tuple[CountRow, ...] = Field((), max_length=MOST_ROWS)
    events: tuple[EventRow, ...] = Field((), max_length=1000)
    weather: tuple[WeatherDoc, ...] = Field((), max_length=15)
    visits: tuple[VisitRow, ...] = Field((), max_length=MOST_VISITS)
    gunfire: tuple[GunfireDoc, ...] = Field((), max_length=1000)
    timetables: tuple[TimetableDoc, ...] = Field((), max_length=1000, exclude_if=lambda tables: not tables)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(row[4] > row[2] for row in self.counts):
            msg = "counts: a row is marked as known before the day it happened"
            raise ValueError(msg)
        if any(last < first for first, last, *_ in self.events):
            msg = "events: an event ends before it begins"
            raise ValueError(msg)
        if twice := [name for name, times in Counter(one.district for one in self.timetables).items() if times > 1]:
            msg = f"timetables: {twice[0]} has two"
            raise ValueError(msg)
        return self


def load_context(path: Path) -> ContextDoc:
    """A context that is not signed yet. Raises CodedError where the file is none."""
    try:
        if path.stat().st_size > LARGEST:
            raise CodedError("context.too_large", path=str(path))
        return ContextDoc.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CodedError("context.no_file", path=str(path), error=os_error(error)) from error
    except ValidationError as error:
        raise CodedError("file.malformed", path=str(path), detail=explain(error)) from error


def check_context(doc: ContextDoc, agency: Agency) -> None:
    """Raises CodedError where a context names a box or shift that this agency does not have.

    The timetable of an area that it does not have is passed over: nothing is planned there.
    """
    boxes = {box.number for box in agency.grid.boxes.values()}
    named = {row[1] for row in doc.counts} | {row[3] for row in doc.events} | {row[0] for row in doc.visits}
    named |= {box for one in doc.timetables for shift in one.shifts for box in shift}
    if unknown := (named | {one.box for one in doc.gunfire}) - boxes:
        raise CodedError("context.no_box", box=min(unknown))
    shifts = {row[3] for row in doc.counts} | {row[2] for row in doc.events}
    if max(shifts, default=0) >= len(agency.calendar.rules):
        raise CodedError("context.no_shift", shift=max(shifts))
    week = DAYS * len(agency.calendar.rules)
    if wrong := [one for one in doc.timetables if len(one.shifts) != week]:
        values = {"district": wrong[0].district, "found": len(wrong[0].shifts), "week": week}
        raise CodedError("context.other_week", **values)
    for one in doc.gunfire:
        if datetime.fromtimestamp(one.at.timestamp(), agency.calendar.zone).date() < doc.date:
            raise CodedError("context.old_shots", at=f"{one.at:%Y-%m-%d %H:%M} UTC")
