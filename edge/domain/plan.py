"""A plan: the directed patrols of one district and shift, and which of them is offered next.

Must not compute risk, and must not offer a box that is suppressed, at its cap or not yet due.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import hypot
from typing import Literal, TypeAlias

from edge.domain.events import ChangeReason, Role
from edge.domain.grid import Cell, box_id, centre
from edge.domain.policy import Prescription
from edge.domain.visits import VisitBook

BoxStatus: TypeAlias = Literal["due", "later", "done", "at_cap", "suppressed"]


@dataclass(frozen=True, slots=True)
class DirectedPatrol:
    """One box assigned for one shift: crime types, why, what is prescribed, and the tactics suggested (ids).

    ``why_by_model``: the reason is the forecast's own words, which say how often and how many times the average.
    """

    cell: Cell
    crime_types: tuple[str, ...]
    prescription: Prescription
    why: str = ""
    tactics: tuple[str, ...] = ()
    suppressed: str | None = None  # the reason, where an analyst has suppressed the box
    why_by_model: bool = False

    @property
    def box(self) -> str:
        """The box's id."""
        return box_id(self.cell)


@dataclass(frozen=True, slots=True)
class Plan:
    """The directed patrols of one district and shift. A higher ``version`` replaces a lower one.

    ``source``: ``vehicle`` where the car has computed it, and nobody reviewed it; ``digest``: SHA-256 of the document
    as it was signed, or of what it was computed from; empty for a plan that has none. ``data_to``: the last day whose
    incidents the forecast behind it counted; None where it was made without one, or nobody said.
    """

    shift: str
    district: str
    version: int
    patrols: tuple[DirectedPatrol, ...]
    source: Literal["approved", "vehicle"] = "approved"
    digest: str = ""
    data_to: date | None = None

    def listed(self, cell: Cell) -> DirectedPatrol | None:
        """The directed patrol of a box, suppressed or not."""
        return next((patrol for patrol in self.patrols if patrol.cell == cell), None)

    def patrol(self, cell: Cell) -> DirectedPatrol | None:
        """The directed patrol of a box that is assigned and not suppressed."""
        patrol = self.listed(cell)
        return None if patrol is None or patrol.suppressed else patrol


def data_age(data_to: date, shift: str) -> int:
    """Days from the last day whose incidents are counted to a shift's date: 1 where nothing is late."""
    return (date.fromisoformat(shift.partition("/")[0]) - data_to).days


@dataclass(frozen=True, slots=True)
class Change:
    """What this car changed of a shift's plan: ``patrol`` holds for its box until ``expires`` (POSIX seconds).

    ``id``: of the record that made it; ``district``: the box's; ``issued``: what the plan as issued had for it then;
    ``reason`` and ``role``: why and by whom, None where earlier software made it.
    """

    id: str
    shift: str
    district: str
    expires: float
    patrol: DirectedPatrol
    issued: DirectedPatrol | None = None
    reason: ChangeReason | None = None
    role: Role | None = None


def in_force(issued: Plan | None, changes: Iterable[Change], shift: str) -> Plan | None:
    """The plan issued for a shift with this car's changes on top; without one, what the car added is the plan."""
    own = {one.patrol.cell: one for one in changes if one.shift == shift}
    if not own:
        return issued
    if issued is None:
        added = tuple(one.patrol for one in own.values() if not one.patrol.suppressed)
        district = next(iter(own.values())).district
        return Plan(shift, district, 0, added, source="vehicle") if added else None
    changed = [own.pop(one.cell).patrol if one.cell in own else one for one in issued.patrols]
    return replace(issued, patrols=(*changed, *(one.patrol for one in own.values())))


def replaces(plan: Plan, held: Plan) -> bool:
    """Whether a plan takes the place of one held for its shift and district.

    An approved one gives way to a newer version alone; one that a vehicle computed, to any other.
    """
    if held.source == "vehicle":
        return plan != held
    return plan.source == "approved" and plan.version > held.version


def at_cap(patrol: DirectedPatrol, shift: str, visits: VisitBook, utc: float) -> bool:
    """Whether counted visits of all vehicles have reached the box's cap of the shift or of seven days."""
    return (
        visits.counted_in_shift(patrol.box, shift) >= patrol.prescription.cap_shift
        or visits.counted_in_7_days(patrol.box, utc) >= patrol.prescription.cap_7_days
    )


def is_early(patrol: DirectedPatrol, shift: str, visits: VisitBook, utc: float) -> bool:
    """Whether a visit that opens now comes sooner than the spacing after one that fulfils the prescription."""
    return any(
        visit.ended is None or utc - visit.ended < patrol.prescription.spacing_s
        for visit in visits.prescribed_in_shift(patrol.box, shift)
    )


def status(patrol: DirectedPatrol, shift: str, visits: VisitBook, utc: float) -> BoxStatus:
    """How a box of the plan stands at an instant."""
    if patrol.suppressed:
        return "suppressed"
    if len(visits.prescribed_in_shift(patrol.box, shift)) >= patrol.prescription.visits:
        return "done"
    if at_cap(patrol, shift, visits, utc):
        return "at_cap"
    return "later" if is_early(patrol, shift, visits, utc) else "due"


def offer(
    patrols: Iterable[DirectedPatrol], shift: str, visits: VisitBook, utc: float, *, east: float, north: float
) -> DirectedPatrol | None:
    """The nearest due box to a point of the plane; the plan's order breaks a tie. None where none is due."""
    due = [patrol for patrol in patrols if status(patrol, shift, visits, utc) == "due"]
    return min(due, key=lambda patrol: _distance(patrol.cell, east, north), default=None)


def _distance(cell: Cell, east: float, north: float) -> float:
    x, y = centre(cell)
    return hypot(x - east, y - north)
