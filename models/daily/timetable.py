"""The weekly timetables that a context carries: each area's, from the forecasts of the seven days from its date on.

Every forecast is the car's own, with what is known at 00:00 of the context's date; weights, limits and opt-out areas
are the planner's. Each area has its own: where a special unit's boxes are a district's, too, both count to the caps,
and whoever comes later finds a box at its cap. Must not draw a plan.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.contract.agency import Agency
from edge.contract.context import DAYS, ContextDoc, TimetableDoc
from edge.errors import UserError
from edge.plans.caps import Caps
from edge.plans.planner import Planner, Risk
from edge.plans.timetable import week_of
from edge.plans.weights import IntArray, dominant, type_scores
from edge.risk.forecast import forecast, known_for, open_bundle, require_models
from edge.risk.update import load_world
from models.timetable.weekly import weekly

Week: TypeAlias = Sequence[Risk]
"""The risk of each shift of a week, Monday's first one first."""


def timetables(bundle: Path, agency: Agency, context: ContextDoc, before: ContextDoc) -> tuple[TimetableDoc, ...]:
    """The timetables of all areas where somebody gave a weight. ``before``: the context before, with its own or none.

    Raises UserError where the bundle has no model that may be used, or cannot forecast.
    """
    planners = list(_planners(agency))
    week = _week(bundle, agency, context, {name for one in planners for name in one.weights})
    held = {one.district: one for one in before.timetables}
    made = ((one.area.name, timetable(one, week, held.get(one.area.name))) for one in planners)
    return tuple(_document(area, turns) for area, turns in made if turns.any())


def timetable(planner: Planner, week: Week, before: TimetableDoc | None) -> NDArray[np.bool_]:
    """The timetable of an area, bool ``[shifts, boxes of the agency]``, Monday's first shift first."""
    agency, area = planner.agency, planner.area
    by_type = np.array([type_scores(planner.weights, risk, area.places) for risk in week])
    value = np.where(area.opt_out, 0, by_type.sum(axis=1))
    caps = Caps.of(agency.policy, tuple(planner.weights), dominant(by_type.sum(axis=0)))
    limit = agency.planner.max_per_beat
    held = week_of(before, agency)[:, area.places] if before is not None and len(before.shifts) == len(week) else None
    turns = np.zeros((len(week), len(agency.grid.boxes)), dtype=np.bool_)
    share = value / max(1, int(value.max(initial=0)))
    turns[:, area.places] = weekly(share, area.beats, planner.boxes, limit, caps.draws, held)
    return turns


def _planners(agency: Agency) -> Iterator[Planner]:
    for area in agency.areas:
        with suppress(UserError):  # nobody gave a weight there, so no plan is drawn
            yield Planner(agency, area)


def _week(bundle: Path, agency: Agency, context: ContextDoc, types: set[str]) -> Week:
    """The forecasts of the seven days from the context's date on."""
    opened = open_bundle(bundle, agency)
    require_models(opened, bundle)
    names = [rule.name for rule in agency.calendar.rules]
    world, _, _ = known_for(load_world(bundle, agency), agency, f"{context.date}/{names[0]}", context)
    days = sorted((context.date + timedelta(days=ahead) for ahead in range(DAYS)), key=date.weekday)
    made = (forecast(opened, world, agency, f"{day}/{name}", types=types) for day in days for name in names)
    return [{name: each.units for name, each in one.types.items()} for one in made]


def _document(area: str, turns: NDArray[np.bool_]) -> TimetableDoc:
    places: list[IntArray] = [np.flatnonzero(turn) for turn in turns]
    return TimetableDoc(district=area, shifts=tuple(tuple((each + 1).tolist()) for each in places))
