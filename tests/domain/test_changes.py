"""What a car may change of its plan: who may, what holds and until when, and what a newer signed plan decides."""

from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest

from edge.domain.changes import refusal
from edge.domain.events import ChangeEnded, PatrolAdded, PatrolSuppressed, instant
from edge.domain.grid import Box
from edge.domain.inputs import AddPatrol, AdoptPlan, Fix, Input, SignIn, SignOut, Start, SuppressPatrol, Tick
from edge.domain.patrol import decide
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import CRIME_TYPES, Prescription
from edge.domain.roles import MAY_CHANGE
from edge.domain.state import State
from tests.domain.script import BOUNDARY, DAY, LATE, SETTING, accounts, adopt, at, begin, meter, only, others, patrol
from tests.domain.script import said as records
from tests.metering import Metered, play
from tests.oracle_plane import NINE, PLANE

OPT_OUT = 5
GUARDED = replace(
    SETTING, grid=replace(PLANE, boxes={**PLANE.boxes, (OPT_OUT, 0): Box((OPT_OUT, 0), 6, "1", "11", opt_out=True)})
)


def add(mono: float, x: int = 1, **changed: Any) -> AddPatrol:
    """A supervisor adds box x for robbery."""
    given: dict[str, Any] = {
        "role": "supervisor", "crime_types": ("robbery",), "reason": "recent_crime", "until": None, **changed
    }  # fmt: skip
    return AddPatrol(mono, box=f"{x}-0", **given)


def suppress(mono: float, x: int = 1, **changed: Any) -> SuppressPatrol:
    """A supervisor suppresses box x: the road is closed."""
    given: dict[str, Any] = {"role": "supervisor", "reason": "road_closed", "until": None, **changed}
    return SuppressPatrol(mono, box=f"{x}-0", **given)


def state_after(*inputs: Input) -> State:
    """Where the rules stand after a start in which only an officer signs in, and these inputs."""
    return play(GUARDED, [Start(0.0, "boot", NINE, "test"), *inputs]).state


def on_patrol(*inputs: Input) -> State:
    """The same after a first fix and with box 1 in the day's plan."""
    return state_after(*at(0, 1, 900), SignIn(0.5, "4711"), adopt(0.5, patrol(1)), *inputs)


def ends(metered: Metered) -> list[tuple[float, str, str]]:
    """The second, the box and the reason of each change's end."""
    return [(mono, one.box, one.reason) for mono, one in records(metered, ChangeEnded) if isinstance(one, ChangeEnded)]


# what holds


def test_an_added_patrol_holds_at_once() -> None:
    """A car stands in box 1 of a plan without it; a supervisor adds it at 30: a visit since 30, as the policy says."""
    metered = meter(at(0, 101, 400), add(30), patrols=[patrol(3)])
    assert accounts(metered) == [("1-0", 30, 100, 70)]
    assert only(metered).counted


def test_an_added_patrol_needs_no_plan() -> None:
    """Offline and without any plan, what the car adds is its plan; it was never issued, so no version is reported."""
    state = state_after(*at(0, 1, 900), SignIn(0.5, "4711"), add(1.0, x=2))
    assert state.plan is not None
    assert ([one.box for one in state.plan.patrols], state.plan.source, state.plan.version) == (["2-0"], "vehicle", 0)
    assert state.issued is None


def test_an_added_patrol_prescribes_what_the_policy_does() -> None:
    """Minutes, visits and caps are the agency's for its crime types: a car cannot raise them."""
    strict = Prescription(minutes=5, visits=1, cap_shift=1, cap_7_days=2)
    policy = replace(SETTING.policy, by_type={"robbery": strict})
    script = [*begin([patrol(3)]), *at(0, 1, 900), add(1.0)]
    state = play(replace(SETTING, policy=policy), script).state
    added = state.plan.patrol((1, 0)) if state.plan else None
    assert added is not None
    assert added.prescription == strict


def test_caps_hold_for_an_added_box() -> None:
    """Three counted visits of another car in this shift: the added box is at its cap, and its stay is presence."""
    metered = meter(at(0, 101, 400), add(30), others(1, 3, -7200.0), patrols=[patrol(3)])
    assert metered.visits == []
    assert [stay.at_cap for stay in metered.stays] == [True]


def test_a_suppression_ends_an_open_visit_with_its_reason() -> None:
    """Suppressed at 70: closed at 70 as suppressed, as counted as it was; the car stays, as presence."""
    metered = meter(at(0, 101, 400), suppress(70))
    assert accounts(metered) == [("1-0", 0, 70, 70)]
    assert (only(metered).reason, only(metered).counted) == ("suppressed", True)
    plan = metered.state.plan
    assert plan is not None
    assert plan.listed((1, 0)) == replace(patrol(1), suppressed="road_closed")


def test_a_suppressed_box_opens_no_visit() -> None:
    """Suppressed at 5, the car arrives at 10: presence alone."""
    assert meter(at(0, 10, 900), suppress(5), at(10, 101, 400)).visits == []


def test_the_record_has_role_reason_and_the_plans_hash() -> None:
    """What was changed, by which role, why, until when, and of which plan."""
    given = [*begin([]), *at(0, 1, 900), AdoptPlan(0.5, Plan(DAY, "1", 2, (patrol(1),), digest="ab" * 32))]
    until = NINE + 3600.0
    metered = play(SETTING, [*given, add(1.0, 2, role="analyst", until=until), suppress(2.0)])
    added, suppressed = records(metered, PatrolAdded), records(metered, PatrolSuppressed)
    over, end = instant(until), instant(NINE + BOUNDARY)
    assert added == [(1, PatrolAdded(DAY, "2-0", ("robbery",), "recent_crime", "analyst", over, "ab" * 32))]
    assert suppressed == [(2, PatrolSuppressed(DAY, "1-0", "road_closed", "supervisor", end, "ab" * 32))]


# until when


def test_a_suppression_that_expires_assigns_the_box_again() -> None:
    """Suppressed from 0 to 40 while the car stands in the box: a visit from 40 on, however rarely the clock ticks."""
    metered = meter(at(0, 101, 400), suppress(0, until=NINE + 40))
    assert accounts(metered) == [("1-0", 40, 100, 60)]
    assert ends(metered) == [(40, "1-0", "expired")]


def test_an_addition_that_expires_in_mid_visit_leaves_the_visit() -> None:
    """What was prescribed on arrival stays; once the car is away, nothing opens there again."""
    metered = meter(
        at(0, 101, 400), at(101, 400, 1900), at(400, 500, 400), add(0, until=NINE + 40), patrols=[patrol(3)]
    )
    assert accounts(metered) == [("1-0", 0, 101, 101)]
    assert ends(metered) == [(40, "1-0", "expired")]


@pytest.mark.parametrize("until", [None, NINE + 10 * BOUNDARY])
def test_no_change_outlives_its_shift(until: float | None) -> None:
    """Without an end, or with one days ahead, it ends with the shift; the next shift's plan is as it was issued."""
    around = at(BOUNDARY - 70, BOUNDARY + 70, 400)
    metered = meter(around, add(BOUNDARY - 70, until=until), patrols=[patrol(3)])
    assert accounts(metered) == [("1-0", BOUNDARY - 70, BOUNDARY, 70)]
    assert ends(metered) == [(BOUNDARY, "1-0", "expired")]
    assert (metered.state.shift and metered.state.shift.id, metered.state.changes) == (LATE, ())


def test_a_suppression_that_ends_with_the_shift_opens_nothing_in_it() -> None:
    """The car stands in the suppressed box over the boundary: one visit, of the new shift, from the boundary on."""
    approach = at(BOUNDARY - 90, BOUNDARY - 70, 900)
    metered = meter(approach, at(BOUNDARY - 70, BOUNDARY + 70, 400), suppress(BOUNDARY - 80))
    assert accounts(metered) == [("1-0", BOUNDARY, BOUNDARY + 69, 69)]


def test_a_change_survives_a_restart() -> None:
    """The daemon starts again a minute later: the change holds on."""
    state = on_patrol(add(1.0, 2), Start(60.0, "boot", NINE + 60, "test"))
    assert [one.patrol.box for one in state.changes] == ["2-0"]


def test_an_added_box_that_a_new_bundle_opts_out_is_dropped_at_the_start() -> None:
    """A clinic opened: with the bundle that says so the added box is offered no more, and the ledger says why."""
    state = play(SETTING, [*begin([patrol(1)]), *at(0, 1, 900), add(1.0, OPT_OUT)]).state
    assert len(state.changes) == 1
    state, events = decide(GUARDED, state, Start(60.0, "boot", NINE + 60, "test"))
    assert state.changes == ()
    assert [event.data.reason for event in events if isinstance(event.data, ChangeEnded)] == ["not_allowed"]


# who may, and what


@pytest.mark.parametrize("role", MAY_CHANGE)
def test_a_supervisor_and_an_analyst_may(role: str) -> None:
    """Both may add and suppress."""
    assert len(on_patrol(add(1.0, 2, role=role), suppress(2.0, role=role)).changes) == 2


REFUSED = [
    ("role", on_patrol(), add(2.0, 2, role="officer")),
    ("role", on_patrol(), suppress(2.0, role="officer")),
    ("signed_out", on_patrol(SignOut(1.0)), add(2.0, 2)),
    ("no_shift", state_after(SignIn(0.5, "4711")), add(2.0, 2)),
    ("over", on_patrol(), add(2.0, 2, until=NINE + 2)),
    ("over", on_patrol(), add(2.0, 2, until=nan)),
    ("over", on_patrol(), suppress(2.0, until=-inf)),
    ("over", on_patrol(Start(5.0, "another boot", 0.0, "test")), add(6.0, 2, until=-1e300)),
    ("no_box", on_patrol(), add(2.0, 99)),
    ("no_box", on_patrol(), replace(add(2.0), box="here")),
    ("no_box", on_patrol(), replace(suppress(2.0), box="here")),
    ("opt_out", on_patrol(), add(2.0, OPT_OUT)),
    ("crime_type", on_patrol(), add(2.0, 2, crime_types=("drugs",))),
    ("crime_type", on_patrol(), add(2.0, 2, crime_types=())),
    ("assigned", on_patrol(), add(2.0)),
    ("suppressed", on_patrol(adopt(1.0, patrol(1, "a vigil"), version=2)), add(2.0)),
    ("not_assigned", on_patrol(), suppress(2.0, 2)),
    ("not_assigned", on_patrol(suppress(1.0)), suppress(2.0)),
]


@pytest.mark.parametrize(
    ("why", "state", "given"), REFUSED, ids=[f"{why}-{n}" for n, (why, _, _) in enumerate(REFUSED)]
)
def test_what_may_not_be_changed_changes_nothing(why: str, state: State, given: AddPatrol | SuppressPatrol) -> None:
    """A refused change is named as such, holds nowhere, and leaves no record."""
    assert refusal(GUARDED, state, given) == why
    after, events = decide(GUARDED, state, given)
    assert (after.changes, events) == (state.changes, ())


@pytest.mark.parametrize("crime_type", CRIME_TYPES)
def test_every_type_of_part_1_may_be_added(crime_type: str) -> None:
    """And gunfire."""
    assert refusal(GUARDED, on_patrol(), add(2.0, 2, crime_types=(crime_type,))) is None


# what ends it early


def test_a_later_change_of_the_same_box_replaces_the_earlier_one() -> None:
    """Suppressed, then added again: the plan's own directed patrol, not one of the car's making."""
    state = on_patrol(suppress(1.0), add(2.0, crime_types=("theft",)))
    assert state.plan is not None
    assert state.plan.patrols == (patrol(1),)
    metered = meter(at(0, 101, 400), suppress(10), add(30))
    assert accounts(metered) == [("1-0", 0, 10, 10), ("1-0", 30, 100, 70)]
    assert ends(metered)[0] == (30, "1-0", "replaced")


def test_an_added_patrol_may_be_suppressed_again() -> None:
    """What was added by mistake is suppressed, and its visit ends."""
    metered = meter(at(0, 101, 400), add(0), suppress(70), patrols=[patrol(3)])
    assert accounts(metered) == [("1-0", 0, 70, 70)]
    assert only(metered).reason == "suppressed"


DECIDING: dict[str, tuple[AddPatrol | SuppressPatrol, list[DirectedPatrol]]] = {
    "assigned": (add(1.0, 2), [patrol(1), patrol(2)]),
    "refused": (add(1.0, 2), [patrol(1), patrol(2, "a vigil")]),
    "suppressed": (suppress(1.0), [patrol(1, "street closed")]),
    "left out": (suppress(1.0), [patrol(3)]),
    "prescribed anew": (suppress(1.0), [patrol(1, prescription=Prescription(minutes=5.0))]),
}


@pytest.mark.parametrize("name", DECIDING)
def test_a_newer_signed_plan_that_decides_a_change_ends_it(name: str) -> None:
    """It says something new of the box: from then on the box is as headquarters has it."""
    change, patrols = DECIDING[name]
    state = on_patrol(change, adopt(5.0, *patrols, version=2))
    assert (state.changes, state.plan) == ((), state.issued)


@pytest.mark.parametrize("change", [add(1.0, 2), suppress(1.0)], ids=["added", "suppressed"])
def test_a_newer_signed_plan_that_says_nothing_new_of_a_box_leaves_the_change(
    change: AddPatrol | SuppressPatrol,
) -> None:
    """Another box was added at headquarters, which does not know of this car's change yet: the change holds on."""
    state = on_patrol(change, adopt(5.0, patrol(1), patrol(3), version=2))
    assert len(state.changes) == 1


def test_a_plan_that_the_car_computes_decides_nothing() -> None:
    """Nobody reviewed it: what a supervisor said stands on top of it."""
    drawn = Plan(DAY, "1", 1, (DirectedPatrol((2, 0), ("theft",), Prescription()),), source="vehicle")
    state = state_after(*at(0, 1, 900), SignIn(0.5, "4711"), add(1.0, 2), add(1.0, 3), AdoptPlan(2.0, drawn))
    assert state.plan is not None
    assert [(one.box, one.crime_types) for one in state.plan.patrols] == [
        ("2-0", ("robbery",)),
        ("3-0", ("robbery",)),
    ]


def test_a_change_before_time_is_trusted_ends_when_it_is() -> None:
    """A boot after the shift, without a clock: added in what was the shift then, and gone with the first fix."""
    state = on_patrol()
    boot: list[Input] = [Start(5.0, "another boot", 0.0, "test"), add(6.0, 2), Tick(8.0, 0.0)]
    for given in boot:
        state, _ = decide(GUARDED, state, given)
    assert [one.patrol.box for one in state.changes] == ["2-0"]
    late = Fix(NINE + BOUNDARY + 60, 10.0, 0.00125, 0.009, 0.0, 5.0)
    state, events = decide(GUARDED, state, late)
    assert state.changes == ()
    assert [event.data.reason for event in events if isinstance(event.data, ChangeEnded)] == ["expired"]


# a clock that leaps


@pytest.mark.parametrize("ahead", [2 * 3600.0, 45 * 3600.0], ids=["within the shift", "over its end"])
def test_a_change_over_whose_end_the_clock_leapt_holds_again_when_it_comes_back(ahead: float) -> None:
    """Suppressed for an hour; the clock leaps, for as long as it was right, and back: suppressed, by a new record."""
    later = [replace(one, utc=one.utc + ahead) for one in at(100, 300, 400)]
    metered = meter(at(0, 100, 400), later, at(300, 500, 400), suppress(20, until=NINE + 3600))
    assert ends(metered)[0][2] == "expired"
    made = records(metered, PatrolSuppressed)
    assert [(said.reason, said.role) for _, said in made if isinstance(said, PatrolSuppressed)] == [
        ("road_closed", "supervisor")
    ] * 2
    assert made[0][0] == 20
    assert [one.patrol.box for one in metered.state.changes] == ["1-0"]


def test_a_change_that_a_boot_has_ended_does_not_come_back_in_another_shift() -> None:
    """The clock did not leap: the car was off for the night, and its change is over."""
    state = on_patrol(suppress(1.0))
    boot: list[Input] = [Start(5.0, "b", 0.0, "test")]
    for given in [*boot, *(replace(one, utc=one.utc + 54_000.0) for one in at(10, 60, 400))]:
        state, _ = decide(GUARDED, state, given)
    assert state.changes == ()
