"""Draws the plan of a district or special unit for headquarters: the very forecast and draw of the car.

Must not publish: what comes out is a draft for an analyst to review.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from edge.contract.agency import Agency, load_agency
from edge.contract.context import ContextDoc, check_context, load_context
from edge.contract.messages import Visits, decode
from edge.domain.credible import judge
from edge.domain.state import Setting
from edge.domain.visits import VisitBook, VisitSummary
from edge.errors import UserError
from edge.plans.area import Counted
from edge.plans.drawn_plan import DrawnPlan
from edge.plans.from_forecast import draw_from
from edge.plans.planner import Planner
from edge.risk.forecast import Forecast, forecast, known_for, open_bundle, require_models
from edge.risk.update import load_world
from edge.text.coded import CodedError
from edge.text.mistakes import counted as number_of
from edge.text.words import say, word


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A drawn plan and all that it was drawn from; ``remarks``: what was left out of the forecast, and why."""

    agency: Agency
    planner: Planner
    forecast: Forecast
    counted: Counted
    plan: DrawnPlan
    remarks: tuple[str, ...]


def build_plan(directory: Path, shift: str, area: str, context_path: Path | None, visits_path: Path | None) -> Built:
    """Forecast all shifts of a date, and draw one's plan.

    ``context_path``: a context's file; ``visits_path``: the vehicles' visits messages, one a line; without it the
    context's visits are counted. Raises UserError where bundle, files, shift or area are not what they should be.
    """
    agency = load_agency(directory)
    given = _context(context_path, agency) if context_path is not None else None
    return build_upon(directory, agency, shift, area, given, visits_path)


def build_upon(
    directory: Path,
    agency: Agency,
    shift: str,
    area: str,
    given: ContextDoc | None,
    visits_path: Path | None = None,
) -> Built:
    """As `build_plan`, upon a context that was read and checked. ``directory``: where the agency was loaded from."""
    planner = Planner(agency, area)
    opened = open_bundle(directory, agency)
    require_models(opened, directory)
    world, context, remarks = known_for(load_world(directory, agency), agency, shift, given)
    made = forecast(opened, world, agency, shift)
    if visits_path is not None:
        counted = Counted.of(read_visits(visits_path, agency), agency, agency.calendar.shift(made.shift))
    else:
        counted = Counted.of_context(context, agency, made.day)
    plan = draw_from(made, planner, opened, world, counted, context)
    said = (
        *map(say, (*opened.refused, *remarks, *made.remarks)),
        *_without_model(planner, made),
        *_fewer(planner, plan),
    )
    return Built(agency, planner, made, counted, plan, said)


def _without_model(planner: Planner, made: Forecast) -> Iterator[str]:
    """What to say of types that were given a weight, and have no model."""
    if lacking := [word("crime_type", name) for name in planner.weights if name not in made.types]:
        yield f"{', '.join(lacking)}: in planner.weights, but without a model, so no box is drawn for it"


def _fewer(planner: Planner, plan: DrawnPlan) -> Iterator[str]:
    """Why there are fewer boxes than asked for."""
    if len(plan.boxes) < planner.boxes:
        free = plan.appraisal.state == 0
        beats = number_of(len(set(planner.area.beats[free].tolist())), "beat")
        may = f"{int(free.sum()):,} may be drawn, in {beats}, and max_per_beat is {planner.agency.planner.max_per_beat}"
        yield f"{len(plan.boxes)} of {planner.boxes} boxes (boxes_per_shift): {may}"


def _context(path: Path, agency: Agency) -> ContextDoc:
    """A context's file. Raises UserError where it is none, or names what this agency does not have."""
    context = load_context(path)
    try:
        check_context(context, agency)
    except CodedError as error:
        msg = f"{path}: {error}; give the context of this agency"
        raise UserError(msg) from error
    return context


def read_visits(path: Path, agency: Agency) -> VisitBook:
    """The visits of some vehicles: messages of the topic ``visits``, one a line. Raises UserError naming the line.

    Only those that can be true; the shift that one names is not looked at, as long as its time lies in one.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        msg = f"{path}: {error.strerror}; give a file of the vehicles' visits messages, one per line"
        raise UserError(msg) from error
    book = VisitBook()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                message = decode(Visits, line)
            except UserError as error:
                msg = f"{path}: line {number}: {error}"
                raise UserError(msg) from error
            book = book.merge(_believed((visit.value(message.unit) for visit in message.visits), agency))
    return book


def _believed(visits: Iterable[VisitSummary], agency: Agency) -> Iterator[VisitSummary]:
    """Those of one vehicle that can be true, whenever that was."""
    named = {visit.id: visit for visit in visits}
    at_their_time = (replace(one, shift=agency.calendar.shift_at(one.opened).id) for one in named.values())
    ground = Setting(agency.grid, agency.policy, agency.calendar, ())
    for one in judge(ground, at_their_time, None).believed:
        yield named[one.id]
