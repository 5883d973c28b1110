"""Ways of planning a run of shifts from forecasts: without limits, greedily, and as the planner does.

Those with limits hold at most seven visits a box in seven days and so many boxes a beat in a shift; a visit here is one
shift in one box. Must not look at what happened but to count it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.contract.agency import Agency
from edge.plans.best_shifts import DAYS
from edge.plans.draw import SURE, inclusion, systematic
from edge.plans.planner import line_of, seed_of, start_of
from edge.risk.scorer import risk_units
from models.train.metrics import Floats, Ints

CAP_WEEK: Final = 7
AREA: Final = 0.01
"""Of all boxes, those of a shift's plan."""

Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Where plans are made: the beat (0, 1, …) of each box, which are opted out, shifts a day, and the limits.

    ``visits``: how many a box gets in a shift, when it is in the plan and its cap leaves as many.
    """

    beats: Ints
    opt_out: Bools
    shifts: int
    boxes: int
    max_per_beat: int
    visits: int = 1

    @classmethod
    def of(cls, agency: Agency) -> Self:
        """An agency's whole area as one, with its own limit a beat."""
        boxes = sorted(agency.grid.boxes.values(), key=lambda box: box.number)
        names = sorted({box.beat for box in boxes})
        return cls(
            np.array([names.index(box.beat) for box in boxes], dtype=np.int64),
            np.array([box.opt_out for box in boxes], dtype=np.bool_),
            len(agency.calendar.rules),
            max(1, round(AREA * len(boxes))),
            agency.planner.max_per_beat,
        )

    @property
    def week(self) -> int:
        """Shifts of a week."""
        return DAYS * self.shifts


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What plans hold, shift by shift: risk ``expected``, and incidents that happened, ``hits``."""

    expected: Floats
    hits: Ints


def uncapped(risk: Floats, events: Ints, field: Field) -> Outcome:
    """The boxes with the highest risk, whoever was there before. ``risk``, ``events``: ``[shifts, boxes]``."""
    every = np.where(field.opt_out, -1.0, risk)
    return _outcome([np.argsort(-one, kind="stable")[: field.boxes] for one in every], risk, events)


def greedy(risk: Floats, events: Ints, field: Field, turn: Bools | None) -> Outcome:
    """The highest risk that is free of caps and limits; ``turn``: of the boxes whose turn it is, None for all."""
    visits = np.zeros(risk.shape, dtype=np.int64)
    chosen = []
    for shift, own in enumerate(np.ones(risk.shape, dtype=np.bool_) if turn is None else turn):
        left = _left(visits, shift, field)
        places = _within_beats(np.where(own & (left > 0), risk_units(risk[shift]), 0), field)
        visits[shift, places] = np.minimum(field.visits, left[places])
        chosen.append(places)
    return _outcome(chosen, risk, events)


def drawn(risk: Floats, events: Ints, field: Field, turn: Bools, gamma: int) -> Outcome:
    """The planner's own draw. ``expected`` is the mean over draws, given the visits of the shifts before."""
    visits = np.zeros(risk.shape, dtype=np.int64)
    chosen, expected = [], []
    for shift, own in enumerate(turn):
        units, left = risk_units(risk[shift]), _left(visits, shift, field)
        open_places = np.flatnonzero(own & (left > 0) & (units > 0))
        sizes, beats = [size**gamma for size in units[open_places].tolist()], field.beats[open_places]
        probability = inclusion(sizes, beats.tolist(), field.boxes, field.max_per_beat)
        seed = seed_of("evaluation", str(shift), "all")
        places = open_places[systematic(probability, line_of(seed, beats), start_of(seed))]
        visits[shift, places] = np.minimum(field.visits, left[places])
        chosen.append(places)
        expected.append(float(np.array(probability) @ risk[shift, open_places]) / SURE)
    return Outcome(np.array(expected), _outcome(chosen, risk, events).hits)


def _left(visits: Ints, shift: int, field: Field) -> Ints:
    """The visits that the cap leaves each box, after those of the seven days up to this shift."""
    counted = visits[max(0, shift - field.week + 1) : shift].sum(axis=0)
    return np.asarray(np.where(field.opt_out, 0, CAP_WEEK - counted))


def _within_beats(units: Ints, field: Field) -> Ints:
    """The boxes with the most units, no more than the limit of a beat."""
    room = [field.max_per_beat] * (int(field.beats.max()) + 1)
    chosen: list[int] = []
    for place in np.argsort(-units, kind="stable").tolist():
        if len(chosen) == field.boxes or not units[place]:
            break
        beat = int(field.beats[place])
        if room[beat]:
            room[beat] -= 1
            chosen.append(place)
    return np.array(chosen, dtype=np.int64)


def _outcome(chosen: Sequence[Ints], risk: Floats, events: Ints) -> Outcome:
    expected = np.array([risk[shift, places].sum() for shift, places in enumerate(chosen)])
    hits = np.array([events[shift, places].sum() for shift, places in enumerate(chosen)], dtype=np.int64)
    return Outcome(expected, hits)
