"""The scoring process: ``python -m edge.plans.child`` reads a request from stdin and answers on stdout, then ends.

One process a forecast: what numpy and onnxruntime take goes back with it. Must not write a file or open a socket.
"""

import os
import sys
from collections.abc import Sequence
from typing import Final

import numpy as np

from edge.contract.agency import Agency, load_agency
from edge.contract.context import ContextDoc
from edge.domain.grid import parse_box_id
from edge.domain.outlook import BoxRisk, Outlook, TypeRisk
from edge.plans.area import Counted
from edge.plans.drawn_plan import DrawnPlan
from edge.plans.from_forecast import draw_from
from edge.plans.planner import Planner
from edge.plans.scoring import DrawnPatrol, ScoringReply, ScoringRequest, reply_form
from edge.risk.explain import Factors, factors_of, type_risk
from edge.risk.features import World
from edge.risk.forecast import Forecast, Opened, forecast, forecast_made, known_for, open_bundle
from edge.risk.update import load_world
from edge.text.coded import CodedError
from edge.text.words import Notice

NICE: Final = 5
"""Metering goes first; but a shot heard must be told of within seconds."""
MOST_EXPLAINED: Final = 60
"""Boxes of a district that are explained beside those asked for: the ones with the most expected incidents."""


def answer(request: ScoringRequest) -> ScoringReply:
    """The reply; a mistake of the bundle's or the request's is its ``problem``."""
    try:
        return _answer(request)
    except CodedError as error:
        return ScoringReply(problem=error.why)


def _answer(request: ScoringRequest) -> ScoringReply:
    agency = load_agency(request.directory)
    opened = open_bundle(request.directory, agency, request.key)
    if not opened.scorers:
        if opened.refused:
            raise CodedError("model.none_used", whys=opened.refused)
        raise CodedError("model.none")
    world, context, remarks = known_for(load_world(request.directory, agency), agency, request.shift, request.context)
    digest = request.context_digest if context is not None else ""
    done = forecast(opened, world, agency, request.shift, digest)
    visits = Counted.of_context(context, agency, done.day, request.visits)
    plan, why_none = (
        draw(opened, world, agency, request.district, done, visits, context) if request.draw else (None, ())
    )
    boxes = [agency.grid.boxes[parse_box_id(box)].number - 1 for box in request.boxes]
    boxes += [one.number - 1 for one in plan.boxes] if plan is not None else []
    outlook = outlook_of(done, agency, request.district, boxes, context)
    return ScoringReply(
        made=forecast_made(done, opened, outlook.context),
        outlook=outlook,
        plan=_boxes(plan) if plan is not None else (),
        computed=plan.computed() if plan is not None else None,
        remarks=(*map(_not_used, opened.refused), *remarks, *done.remarks, *why_none),
    )


def _not_used(refusal: Notice) -> Notice:
    """The warning of a model that is not used."""
    return Notice("risk.model_not_used", {"why": refusal}, "warning")


def draw(
    opened: Opened,
    world: World,
    agency: Agency,
    district: str,
    done: Forecast,
    visits: Counted,
    context: ContextDoc | None,
) -> tuple[DrawnPlan | None, tuple[Notice, ...]]:
    """A district's plan for a forecast's shift; where none can be drawn, the warning that says why."""
    try:
        return draw_from(done, Planner(agency, district), opened, world, visits, context), ()
    except CodedError as error:
        return None, (Notice("plan.not_computed", {"why": error.why}, "warning"),)


def outlook_of(
    done: Forecast, agency: Agency, district: str, boxes: Sequence[int], context: ContextDoc | None
) -> Outlook:
    """The boxes asked for (indices), those with shots heard, and the district's riskiest, each explained.

    None of an opt-out area: nothing is offered there, so nothing is said of it.
    """
    shots = [one.box - 1 for one in context.gunfire] if context is not None else []
    opt_out = {box.number - 1 for box in agency.grid.boxes.values() if box.opt_out}
    chosen = {*boxes, *shots, *_riskiest(done, agency, district)} - opt_out
    factors = {name: factors_of(one, done.index) for name, one in done.types.items()}
    cells = {box.number - 1: box.cell for box in agency.grid.boxes.values()}
    explained = tuple(BoxRisk(cells[box], _types(done, factors, box)) for box in sorted(chosen))
    return Outlook(done.shift, context.number if context is not None else 0, done.known_to.isoformat(), explained)


def _riskiest(done: Forecast, agency: Agency, district: str) -> list[int]:
    within = agency.areas[district]
    of_district = (box for box in agency.grid.boxes.values() if box.district in within and not box.opt_out)
    boxes = sorted(box.number - 1 for box in of_district)
    total = np.sum([one.units for one in done.types.values()], axis=0)[boxes]
    return [boxes[place] for place in np.argsort(-total, kind="stable")[:MOST_EXPLAINED].tolist()]


def _types(done: Forecast, factors: dict[str, Factors], box: int) -> tuple[TypeRisk, ...]:
    return tuple(type_risk(name, one, factors[name], box) for name, one in done.types.items())


def _boxes(plan: DrawnPlan) -> tuple[DrawnPatrol, ...]:
    return tuple(DrawnPatrol(box.box, box.crime_types, box.prescription) for box in plan.boxes)


def main() -> None:
    """Read, answer, end."""
    os.nice(NICE)
    reply = answer(ScoringRequest.model_validate_json(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(reply_form().dump_json(reply))


if __name__ == "__main__":
    main()
