"""A short shift in Squaretown as inputs of the engine: a visit, a tactic, a pause, a loss of GPS, a restart's start."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pyproj import Transformer

from edge.contract.agency import Agency
from edge.contract.messages import Signed
from edge.contract.signed_documents import SignedKind, Verified
from edge.domain.grid import Cell, centre
from edge.domain.inputs import (
    AdoptPlan,
    Fix,
    Input,
    MergeVisits,
    Pause,
    Resume,
    SignIn,
    SignOut,
    Start,
    Tick,
    UndoTactic,
    UseTactic,
)
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Prescription
from edge.domain.state import Setting
from edge.domain.visits import VisitSummary
from tests.signed import at_its_word

UTC = 1_792_000_000.0
"""The second at which the shift's monotonic zero lies: a Wednesday in October, past noon in Squaretown."""

BOOT = "boot-1"


def setting(agency: Agency) -> Setting:
    """What a vehicle of the agency is judged in."""
    return Setting(agency.grid, agency.policy, agency.calendar, tuple(one.id for one in agency.tactics))


def cells(agency: Agency, district: str = "2") -> list[Cell]:
    """The district's boxes that may be patrolled, in the grid's order."""
    return sorted(cell for cell, box in agency.grid.boxes.items() if box.district == district and not box.opt_out)


def shift_id(agency: Agency) -> str:
    """The shift that the inputs lie in."""
    return agency.calendar.shift_at(UTC).id


def plan(agency: Agency, version: int = 1, boxes: int = 3, shift: str | None = None) -> Plan:
    """A plan of the district's first boxes: two minutes each."""
    rule = Prescription(minutes=2.0)
    patrols = tuple(DirectedPatrol(cell, ("robbery",), rule, "many robberies") for cell in cells(agency)[:boxes])
    return Plan(shift or shift_id(agency), "2", version, patrols, digest=f"{version:064x}")


def fixes(agency: Agency, cell: Cell, began: int, seconds: int) -> Iterator[Fix]:
    """One fix a second, driving to and fro in the middle of a box."""
    to_degrees = Transformer.from_crs(agency.grid.epsg, 4326, always_xy=True)
    east, north = centre(cell)
    for second in range(began, began + seconds):
        lon, lat = to_degrees.transform(east + second % 40 - 20.0, north)
        yield Fix(UTC + second, float(second), lat, lon, 4.0, 3.0)


def other_visit(agency: Agency) -> VisitSummary:
    """A counted visit of another vehicle, in the plan's second box."""
    box = plan(agency).patrols[1].box
    return VisitSummary("car-2:x:5", "car-2", box, shift_id(agency), UTC - 900, UTC - 300, 600.0, True, False)


def inputs(agency: Agency) -> Iterator[Input]:
    """The shift, from the daemon's start to the officer's sign-out."""
    here, there = cells(agency)[:2]
    yield Start(0.0, BOOT, UTC - 5.0, "test")
    yield Tick(1.0, UTC + 1.0, ntp=True)
    yield AdoptPlan(1.5, plan(agency))
    yield SignIn(2.0, "4711")
    yield MergeVisits(2.5, (other_visit(agency),))
    yield from fixes(agency, here, 3, 150)
    yield UseTactic(153.5, "foot-patrol")
    yield UndoTactic(154.0)
    yield UseTactic(155.0, "foot-patrol")
    yield from fixes(agency, here, 156, 20)
    yield Pause(176.5, "call")
    yield Tick(180.0, UTC + 180.0)
    yield Resume(190.0)
    yield from fixes(agency, here, 191, 30)
    yield Tick(260.0, UTC + 260.0)  # GPS is lost
    yield from fixes(agency, there, 270, 100)
    suppressed = tuple(replace(one, suppressed="a vigil") for one in plan(agency).patrols)
    yield AdoptPlan(371.0, replace(plan(agency, 2), patrols=suppressed))
    yield SignOut(380.0)
    yield Tick(700.0, UTC + 700.0)


def as_said(kind: SignedKind[Any], signed: Signed) -> Verified[Any]:
    """A stored plan taken at its word: what may be obeyed is tested with `edge.contract.signed_documents`."""
    return at_its_word(kind, signed, f"{signed.body['version']:064x}")
