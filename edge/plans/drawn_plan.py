"""A drawn plan: the boxes, with what probability each was drawn, and what it was drawn from.

Must not draw, and must not approve: what is here is a draft, or a vehicle's own plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.domain.events import PlanComputed
from edge.domain.grid import Cell, box_id
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Prescription
from edge.plans.weights import IntArray

BoxState: TypeAlias = Literal["eligible", "opt_out", "no_risk", "cap_shift", "cap_7_days", "other_shift"]

STATES: Final[tuple[BoxState, ...]] = ("eligible", "opt_out", "no_risk", "cap_shift", "cap_7_days", "other_shift")
"""Whether a box may be drawn, else why not: the first reason that holds, in this order."""


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """One box of a plan. ``score``: weight × risk, in 10⁻⁸; ``probability``: of being drawn, in 10⁻⁶.

    ``prescription``: policy's, its visits no more than the caps leave. ``expected``: by crime type, in 10⁻⁶ incidents.
    """

    number: int
    cell: Cell
    score: int
    probability: int
    crime_types: tuple[str, ...]
    expected: tuple[int, ...]
    prescription: Prescription

    @property
    def box(self) -> str:
        """The box's id."""
        return box_id(self.cell)

    @property
    def why(self) -> str:
        """What is expected, in words."""
        pairs = zip(self.crime_types, self.expected, strict=True)
        return f"expected in this shift: {', '.join(f'{kind} {units / 1e6:.4f}' for kind, units in pairs)}"


@dataclass(frozen=True, slots=True, eq=False)
class Appraisal:
    """Every box of the area, in the order of their numbers.

    ``scores``: int64 ``[types, n]``, weight × risk by ``types``; ``state``: an index into `STATES`; ``probability``:
    int64 in 10⁻⁶, 0 where the box is not eligible; ``best``: bool ``[shifts, n]``, the shifts of the day in which
    it may be drawn.
    """

    types: tuple[str, ...]
    scores: IntArray
    state: NDArray[np.int8]
    probability: IntArray
    best: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPlan:
    """The boxes drawn for one shift of a district or special unit, the highest score first.

    ``seed``: which agency, shift and area give; ``inputs``: SHA-256 of all else that the draw depends on.
    ``timetable``: the date of the context whose weekly timetable says whose turn it was; None where the day's best
    shifts did.
    """

    agency: str
    shift: str
    area: str
    seed: str
    inputs: str
    boxes: tuple[DrawnBox, ...]
    appraisal: Appraisal
    timetable: date | None = None

    def plan(self, version: int = 1, why: Mapping[Cell, str] | None = None) -> Plan:
        """A vehicle's own plan; ``why``: other words than the plain ones, by cell."""
        words = why or {}
        patrols = tuple(
            DirectedPatrol(box.cell, box.crime_types, box.prescription, words.get(box.cell, box.why))
            for box in self.boxes
        )
        return Plan(self.shift, self.area, version, patrols, source="vehicle", digest=self.inputs)

    def computed(self) -> PlanComputed:
        """What the ledger says of the draw."""
        boxes = tuple((box.box, box.probability) for box in self.boxes)
        return PlanComputed(self.shift, self.area, self.seed, self.inputs, boxes)
