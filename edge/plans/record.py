"""The record of a drawn plan: every box of the area, with what made it likely to be drawn or kept it out.

It lies beside the plan's draft as JSON, so that *why this box* can be answered after the draft was edited. Must not
decide anything: it repeats what the planner did.
"""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from edge.contract.fields import PartOne
from edge.contract.messages import BoxId, Hash, ShiftId
from edge.contract.planner import WeightDoc
from edge.errors import UserError
from edge.plans.build import Built
from edge.plans.drawn_plan import STATES, BoxState
from edge.risk.explain import Factors, factors_of, type_risk
from edge.text.mistakes import explain
from edge.text.strictness import SENT
from edge.text.why import model_reason
from edge.text.words import say

RECORD_SUFFIX = ".json"


class TypeRecord(BaseModel):
    """A crime type in a box. ``units``: incidents expected, in 10⁻⁶; ``score``: its part of the box's, in 10⁻⁸.

    ``why``: in a sentence; ``factors``: the model's groups, which multiply to ``times``, of the average box.
    """

    model_config = SENT
    crime_type: PartOne
    units: int
    score: int
    times: float
    why: str
    factors: tuple[tuple[str, float], ...]


class BoxRecord(BaseModel):
    """A box. ``probability``: of being drawn, in 10⁻⁶; ``in_shift``, ``in_7_days``: counted visits.

    ``for_types``: what it is drawn for; ``visits``: prescribed; both empty where it was not drawn. ``turn``: the shifts
    of the day in which it may be drawn, by the weekly timetable or the day's best.
    """

    model_config = SENT
    box: BoxId
    number: int
    beat: str
    state: BoxState
    drawn: bool
    probability: int
    score: int
    in_shift: int
    in_7_days: int
    turn: tuple[str, ...]
    for_types: tuple[PartOne, ...] = ()
    visits: int | None = None
    types: tuple[TypeRecord, ...]


class PlanRecord(BaseModel):
    """All of a draw: rules, weights, seed, hashes, boxes in the order of their numbers.

    ``timetable``: the date of the context whose weekly timetable it followed; None where the day's best shifts counted.
    """

    model_config = SENT
    kind: Literal["roundsman plan record"] = "roundsman plan record"
    agency: str
    bundle: Hash
    shift: ShiftId
    district: str
    seed: Hash
    inputs: Hash
    forecast_inputs: Hash
    forecast_output: Hash
    known_to: str
    timetable: date | None = None
    boxes_per_shift: int
    max_per_beat: int
    gamma: int
    weights: tuple[WeightDoc, ...]
    remarks: tuple[str, ...]
    boxes: tuple[BoxRecord, ...]

    @property
    def drawn(self) -> tuple[BoxRecord, ...]:
        """The plan's boxes, the highest score first."""
        return tuple(sorted((box for box in self.boxes if box.drawn), key=lambda box: (-box.score, box.number)))

    def box(self, named: str) -> BoxRecord:
        """A box by its id or number. Raises UserError where it lies outside the area."""
        found = next((box for box in self.boxes if named in (box.box, str(box.number))), None)
        if found is None:
            some = f"{self.boxes[0].number} or {self.boxes[0].box}"
            msg = f"box {named!r} is not in the plan's district {self.district}; give one of its boxes, such as {some}"
            raise UserError(msg)
        return found


def record_of(built: Built) -> PlanRecord:
    """The record of a plan that was built."""
    plan, planner = built.plan, built.planner
    rules = planner.agency.planner
    factors = {name: factors_of(one, built.forecast.index) for name, one in built.forecast.types.items()}
    return PlanRecord(
        agency=plan.agency,
        bundle=built.agency.hash,
        shift=plan.shift,
        district=plan.area,
        seed=plan.seed,
        inputs=plan.inputs,
        forecast_inputs=built.forecast.inputs,
        forecast_output=built.forecast.output,
        known_to=built.forecast.known_to.isoformat(),
        timetable=plan.timetable,
        boxes_per_shift=planner.boxes,
        max_per_beat=rules.max_per_beat,
        gamma=rules.gamma,
        weights=planner.rows,
        remarks=built.remarks,
        boxes=tuple(_box_record(place, built, factors) for place in range(len(planner.area.boxes))),
    )


def load_record(path: Path) -> PlanRecord:
    """A record that `plan build` wrote; of a draft, the one beside it. Raises UserError where there is none."""
    beside = path.with_suffix(RECORD_SUFFIX)
    try:
        return PlanRecord.model_validate_json(beside.read_bytes())
    except OSError as error:
        msg = f"{beside}: {error.strerror}; `roundsman plan build` writes it next to the plan; build the plan again"
        raise UserError(msg) from error
    except ValidationError as error:
        msg = f"{beside}: not a plan record: {explain(error)[:300]}"
        raise UserError(msg) from error


def _box_record(place: int, built: Built, factors: dict[str, Factors]) -> BoxRecord:
    planner, seen = built.planner, built.plan.appraisal
    box, index = planner.area.boxes[place], int(planner.area.places[place])
    drawn = next((one for one in built.plan.boxes if one.number == box.number), None)
    return BoxRecord(
        box=box.id,
        number=box.number,
        beat=box.beat,
        state=STATES[int(seen.state[place])],
        drawn=drawn is not None,
        probability=int(seen.probability[place]),
        score=int(seen.scores[:, place].sum()),
        in_shift=int(built.counted.shift[index]),
        in_7_days=int(built.counted.week[index]),
        turn=tuple(name for name, own in zip(planner.shifts, seen.best[:, place].tolist(), strict=True) if own),
        for_types=drawn.crime_types if drawn is not None else (),
        visits=drawn.prescription.visits if drawn is not None else None,
        types=tuple(
            _type_record(name, int(score), built, factors[name], index)
            for name, score in zip(seen.types, seen.scores[:, place], strict=True)
            if name in factors
        ),
    )


def _type_record(name: str, score: int, built: Built, factors: Factors, index: int) -> TypeRecord:
    risk = type_risk(name, built.forecast.types[name], factors, index)
    return TypeRecord(
        crime_type=name,
        units=risk.units,
        score=score,
        times=risk.times,
        why=say(model_reason(name, risk.units / 1e6, risk.times, risk.parts)),
        factors=risk.parts,
    )
