"""A forecast and a plan of the vehicle's own: in the ledger, obeyed where none is approved, replaced at once."""

from dataclasses import replace

import pytest

from edge.contract.agency import Agency
from edge.domain.events import ForecastMade, PlanAdopted, PlanComputed, RecordData
from edge.domain.inputs import AdoptPlan, Input, MergeVisits, SignIn, Start, TakeForecast, Tick
from edge.domain.meter import Phase
from edge.domain.outlook import BoxRisk, Outlook, TypeRisk
from edge.domain.patrol import decide
from edge.domain.plan import Plan, offer, replaces
from edge.domain.state import State
from edge.domain.visits import VisitSummary
from tests.vehicle.town_shift import BOOT, UTC, fixes, plan, setting, shift_id

APPROVED = Plan("2026-10-14/day", "2", 1, ())


def own(agency: Agency, digest: str = "ab" * 32, shift: str | None = None) -> Plan:
    """A plan that the vehicle has computed."""
    return replace(plan(agency, shift=shift), source="vehicle", digest=digest)


def forecast(agency: Agency, mono: float = 2.0, digest: str = "ab" * 32, shift: str | None = None) -> TakeForecast:
    """What the scoring process said."""
    drawn = own(agency, digest, shift)
    risk = tuple(BoxRisk(one.cell, (TypeRisk("robbery", 1_000, 4.0, 90.0, ()),)) for one in drawn.patrols)
    made = ForecastMade(drawn.shift, (("robbery", "12" * 32),), 0, "34" * 32, "56" * 32)
    computed = PlanComputed(drawn.shift, "2", "78" * 32, digest, tuple((one.box, 500_000) for one in drawn.patrols))
    return TakeForecast(mono, made, Outlook(drawn.shift, 0, "2026-10-13", risk), drawn, computed)


def told(agency: Agency, *inputs: Input) -> tuple[State, list[RecordData]]:
    """A signed-in vehicle is told some things."""
    state = State("car-1", "x")
    found: list[RecordData] = []
    for one in (Start(0.0, BOOT, UTC, "t"), Tick(1.0, UTC + 1.0, ntp=True), SignIn(1.5, "4711"), *inputs):
        state, events = decide(setting(agency), state, one)
        found.extend(event.data for event in events)
    return state, found


def test_protection_7_forecast_and_plan_are_in_the_ledger(square_agency: Agency) -> None:
    """Both with the hashes of their inputs, the plan with each box's probability, then its adoption."""
    given = forecast(square_agency)
    state, events = told(square_agency, given)
    assert events[-3:-1] == [given.made, given.computed]
    assert isinstance(events[-1], PlanAdopted)
    assert (events[-1].source, events[-1].digest) == ("vehicle", "ab" * 32)
    assert state.plan == given.plan
    assert state.outlook == given.outlook


def test_an_approved_plan_replaces_the_own_one_at_once(square_agency: Agency) -> None:
    """And a later forecast is recorded, and obeyed no more; whatever the versions."""
    approved = plan(square_agency)
    state, events = told(square_agency, forecast(square_agency), AdoptPlan(3.0, approved), forecast(square_agency, 4.0))
    assert state.plan == approved
    assert [event.source for event in events if isinstance(event, PlanAdopted)] == ["vehicle", "approved"]
    assert sum(isinstance(event, PlanComputed) for event in events) == 2


def test_a_new_draw_replaces_the_own_one(square_agency: Agency) -> None:
    """The same draw again is no news."""
    again = forecast(square_agency, 4.0, "cd" * 32)
    state, events = told(square_agency, forecast(square_agency), forecast(square_agency, 3.0), again)
    assert state.plan == again.plan
    assert sum(isinstance(event, PlanAdopted) for event in events) == 2


@pytest.mark.parametrize(
    ("new", "held", "expected"),
    [
        (replace(APPROVED, version=2), APPROVED, True),
        (APPROVED, APPROVED, False),
        (APPROVED, replace(APPROVED, version=9, source="vehicle"), True),
        (replace(APPROVED, version=9, source="vehicle"), APPROVED, False),
    ],
)
def test_which_plan_replaces_which(new: Plan, held: Plan, expected: bool) -> None:
    """Approved before computed; of approved ones the newer version."""
    assert replaces(new, held) is expected


def test_the_coming_shifts_forecast_does_not_take_the_running_ones_place(square_agency: Agency) -> None:
    """Each shift keeps its own; one whose shift is over is dropped with the next."""
    coming = square_agency.calendar.shift_at(square_agency.calendar.ends(shift_id(square_agency))).id
    state, _ = told(square_agency, forecast(square_agency), forecast(square_agency, 3.0, shift=coming))
    assert state.outlook is not None
    assert [one.shift for one in state.outlooks] == [shift_id(square_agency), coming]
    later = square_agency.calendar.ends(shift_id(square_agency)) - UTC + 10.0
    state, _ = decide(setting(square_agency), state, forecast(square_agency, later, "ef" * 32, coming))
    assert [one.shift for one in state.outlooks] == [coming]


def test_protection_6_caps_are_live_in_an_own_plan(square_agency: Agency) -> None:
    """A box that other vehicles have filled since the draw is not offered."""
    first, second = own(square_agency).patrols[:2]
    shift = square_agency.calendar.shift_at(UTC - 900.0).id
    visits = tuple(
        VisitSummary(f"car-{n}:x:1", f"car-{n}", first.box, shift, UTC - 900.0, UTC, 900.0, True, True)
        for n in range(2, 5)
    )
    state, _ = told(square_agency, forecast(square_agency), MergeVisits(3.0, visits))
    assert state.plan is not None
    x, y = first.cell[0] * 250.0, first.cell[1] * 250.0
    offered = offer(state.plan.patrols[:2], shift_id(square_agency), state.visits, UTC + 3.0, east=x, north=y)
    assert offered == second


def test_a_visit_outlives_the_seconds_after_a_restart_in_which_the_plan_is_computed_again(
    square_agency: Agency,
) -> None:
    """An own plan is not kept on disk: the visit resumes without it, and goes on under it."""
    cell = own(square_agency).patrols[0].cell
    state, _ = told(square_agency, forecast(square_agency), *fixes(square_agency, cell, 3, 90))
    assert state.visit is not None
    opened = state.visit.id
    state = replace(state, plans=(), outlooks=())
    again: list[Input] = [Start(100.0, BOOT, UTC, "t"), *fixes(square_agency, cell, 101, 10)]
    for one in (*again, forecast(square_agency, 112.0), *fixes(square_agency, cell, 113, 10)):
        state, _ = decide(setting(square_agency), state, one)
    assert state.visit is not None
    assert state.visit.id == opened
    assert state.visit.phase is Phase.OPEN
