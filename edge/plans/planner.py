"""The planner: from risk to the boxes of a plan. Same inputs, same plan, on every vehicle and at headquarters.

1. *Score* = Σ weight × risk over the area's crime types, in whole numbers.
2. *Who may be drawn*: no opt-out area, some score, below both caps on counted visits, and in one of its shifts by the
   weekly timetable (`timetable`), or without a place in one by its best shifts of the day (`best_shifts`), unless too
   few boxes are left.
3. *How likely*: in proportion to score^γ, no more than certain, no more than so many boxes a beat (`draw.inclusion`).
4. *Which*: a systematic sample from a start and an order that agency, shift and area give.

No floating point number takes part. Must not forecast, must not read a clock, must not publish.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeAlias

import numpy as np
import rfc8785
from numpy.typing import NDArray

from edge.contract.agency import Agency
from edge.contract.plan_bounds import check_shift
from edge.plans.area import Counted, PlanArea
from edge.plans.best_shifts import best_shifts
from edge.plans.caps import Caps, prescription
from edge.plans.draw import SURE, inclusion, systematic
from edge.plans.drawn_plan import STATES, Appraisal, DrawnBox, DrawnPlan
from edge.plans.timetable import Turns
from edge.plans.weights import IntArray, dominant, dominant_types, total_weights, type_scores, weights_for
from edge.text.coded import CodedError

Risk: TypeAlias = Mapping[str, IntArray]
"""Expected incidents of each crime type, int64 by box index, in 10⁻⁶."""


class Planner:
    """Draws the plans of one district or special unit.

    Raises CodedError where the agency has no such area, or nobody gave it a weight.
    """

    def __init__(self, agency: Agency, area: str) -> None:
        rules = agency.planner
        self.agency = agency
        self.area = PlanArea.of(agency, area)
        self.rows = weights_for(rules, area)
        self.weights = total_weights(self.rows)
        self.boxes = rules.by_area.get(area, rules.boxes_per_shift)
        self.shifts = tuple(rule.name for rule in agency.calendar.rules)
        self._rules = self._digest_of_rules()

    def draw(self, shift: str, day: Mapping[str, Risk], counted: Counted, turns: Turns | None = None) -> DrawnPlan:
        """The plan of a shift. ``day``: the risk of the shifts of its date, by their names; ``turns``: a timetable's.

        A shift that is not in ``day`` is no box's best: all of them are given everywhere, so that the plan is the same
        everywhere. Raises CodedError where the shift is none, its own risk is not given, or no box may be drawn.
        """
        own = self._index(shift, day)
        scores = [type_scores(self.weights, day.get(name, {}), self.area.places) for name in self.shifts]
        score, chosen = scores[own].sum(axis=0), dominant(scores[own])
        caps = Caps.of(self.agency.policy, tuple(self.weights), chosen)
        left = caps.left(counted.shift[self.area.places], counted.week[self.area.places])
        best = self._best_shifts(scores) if turns is None else turns.over(self._best_shifts(scores))
        state = self._states(score, caps, counted, best[own])
        if self._possible(state) < self.boxes:
            state = self._states(score, caps, counted, np.ones_like(best[own]))
        if state.all():
            raise CodedError("plan.none_drawn", area=self.area.name, shift=shift, **_counted_states(state))
        probability = self._probabilities(score, state)
        seed = seed_of(self.agency.id, shift, self.area.name)
        appraisal = Appraisal(tuple(self.weights), scores[own], state, np.array(probability, dtype=np.int64), best)
        drawn = systematic(probability, line_of(seed, self.area.beats), start_of(seed))
        boxes = [self._drawn(place, appraisal, chosen[:, place], left[place]) for place in drawn]
        boxes.sort(key=lambda box: (-box.score, box.number))
        inputs = self._inputs(shift, day, counted, turns)
        made = None if turns is None else turns.made
        return DrawnPlan(self.agency.id, shift, self.area.name, seed, inputs, tuple(boxes), appraisal, made)

    def _index(self, shift: str, day: Mapping[str, Risk]) -> int:
        check_shift(shift, self.agency)
        name = self.agency.calendar.shift(shift).name
        if name not in day:
            raise CodedError("plan.no_forecast", shift=shift)
        return self.shifts.index(name)

    def _best_shifts(self, by_shift: Sequence[IntArray]) -> NDArray[np.bool_]:
        """The best shifts of each box, by all its shifts' scores: the same for whichever of them a plan is drawn."""
        scores = np.array([np.where(self.area.opt_out, 0, each.sum(axis=0)) for each in by_shift], dtype=np.int64)
        caps = Caps.of(self.agency.policy, tuple(self.weights), dominant(np.sum(by_shift, axis=0)))
        return best_shifts(scores, self.area.beats, caps.draws, self.boxes, self.agency.planner.max_per_beat)

    def _states(self, score: IntArray, caps: Caps, counted: Counted, best: NDArray[np.bool_]) -> NDArray[np.int8]:
        places = self.area.places
        reasons = [
            self.area.opt_out,
            score <= 0,
            counted.shift[places] >= caps.shift,
            counted.week[places] >= caps.week,
            ~best,
        ]
        return np.select(reasons, list(range(1, len(STATES)))).astype(np.int8)

    def _possible(self, state: NDArray[np.int8]) -> int:
        """How many boxes can be drawn."""
        by_beat = np.bincount(self.area.beats[state == 0])
        return int(np.minimum(by_beat, self.agency.planner.max_per_beat).sum())

    def _probabilities(self, score: IntArray, state: NDArray[np.int8]) -> list[int]:
        """In 10⁻⁶ for every box of the area; powers of whole numbers, of any length."""
        gamma, limit = self.agency.planner.gamma, self.agency.planner.max_per_beat
        sizes = [size**gamma for size in np.where(state == 0, score, 0).tolist()]
        return inclusion(sizes, self.area.beats.tolist(), self.boxes, limit)

    def _drawn(self, place: int, appraisal: Appraisal, chosen: NDArray[np.bool_], left: int) -> DrawnBox:
        box, scores = self.area.boxes[place], appraisal.scores[:, place].tolist()
        types = dominant_types(appraisal.types, scores, chosen.tolist())
        by_type = dict(zip(appraisal.types, scores, strict=True))
        return DrawnBox(
            box.number,
            box.cell,
            sum(scores),
            int(appraisal.probability[place]),
            types,
            tuple(by_type[one] // self.weights[one] for one in types),
            prescription(self.agency.policy, types, int(left)),
        )

    def _digest_of_rules(self) -> str:
        """Of what the agency decided and where its boxes lie: all that does not change from shift to shift."""
        rules, policy, area = self.agency.planner, self.agency.policy, self.area
        document: dict[str, Any] = {
            "boxes": self.boxes,
            "max_per_beat": rules.max_per_beat,
            "gamma": rules.gamma,
            "weights": [row.model_dump(mode="json") for row in self.rows],
            "default": asdict(policy.default),
            "by_type": {name: asdict(one) for name, one in policy.by_type.items()},
            "shifts": self.shifts,
            "ground": [[box.number, box.beat, box.opt_out] for box in area.boxes],
        }
        return hashlib.sha256(rfc8785.dumps(document)).hexdigest()

    def _inputs(self, shift: str, day: Mapping[str, Risk], counted: Counted, turns: Turns | None) -> str:
        """SHA-256 of everything that the draw depends on but the seed; a timetable with its context's date."""
        found = hashlib.sha256(f"{self._rules};{shift}".encode())
        for name in self.shifts:
            for crime_type in self.weights:
                risk = day.get(name, {}).get(crime_type)
                found.update(f";{name};{crime_type};".encode() + (b"" if risk is None else self._bytes(risk)))
        found.update(self._bytes(counted.shift) + self._bytes(counted.week))
        found.update(b"" if turns is None else b";timetable;" + turns.digest())
        return found.hexdigest()

    def _bytes(self, values: IntArray) -> bytes:
        return values[self.area.places].astype("<i8").tobytes()


def seed_of(agency: str, shift: str, area: str) -> str:
    """The seed of a draw, 64 hexadecimal digits: the same for the same agency, shift (date and name) and area."""
    return hashlib.sha256(rfc8785.dumps(["roundsman plan", agency, shift, area])).hexdigest()


def start_of(seed: str) -> int:
    """Where the draw starts, 0 to 999,999, uniform: 2²⁵⁶ is so large that its remainder does not matter."""
    return int.from_bytes(hashlib.sha256(f"{seed}/start".encode()).digest()) % SURE


def line_of(seed: str, beats: IntArray) -> list[int]:
    """The order of the draw: the beats as the seed orders them, and so the boxes of each; ``beats``: of each box."""
    count = int(beats.max(initial=-1)) + 1
    keys = np.frombuffer(hashlib.shake_256(f"{seed}/order".encode()).digest(8 * (count + len(beats))), dtype="<u8")
    line = np.lexsort((keys[count:], beats, keys[:count][beats]))
    return [int(place) for place in line]


def _counted_states(state: NDArray[np.int8]) -> dict[str, int]:
    """How many boxes are in each state that keeps them out."""
    counts = np.bincount(state, minlength=len(STATES)).tolist()
    return {name: int(counts[STATES.index(name)]) for name in STATES[1:]}
