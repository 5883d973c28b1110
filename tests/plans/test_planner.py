"""The planner: caps, beats, opt-out areas, weights, and the same plan from the same inputs."""

import os
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.contract.planner import UnitDoc
from edge.domain.policy import Prescription
from edge.domain.visits import VisitBook, VisitSummary
from edge.errors import UserError
from edge.plans.area import Counted, PlanArea
from edge.plans.drawn_plan import STATES, DrawnBox, DrawnPlan
from edge.plans.planner import Planner, Risk
from edge.plans.weights import IntArray
from tests.plans.planning_town import (
    BOXES,
    OPT_OUT,
    SHIFTS,
    agency,
    day_of_risk,
    only,
    planner,
    weight,
    with_policy,
)

pytestmark = pytest.mark.timeout(300)  # ten thousand draws

SHIFT = "2026-11-22/evening"
NONE = Counted.none(BOXES)


def numbers(plan: DrawnPlan) -> list[int]:
    """The boxes of a plan."""
    return [box.number for box in plan.boxes]


def drawn_or_none(one: Planner, shift: str, day: Mapping[str, Risk], counted: Counted) -> tuple[DrawnBox, ...]:
    """The boxes of a plan; none where all are at their caps."""
    try:
        return one.draw(shift, day, counted).boxes
    except UserError:
        return ()


@pytest.mark.parametrize("visits", [1, 3])
def test_caps_are_never_exceeded_in_ten_thousand_shifts(visits: int) -> None:
    """Every drawn box gets all the visits prescribed: never above 3 a shift or 7 in any seven days, nor opted out.

    Ten thousand plans: 2,500 shifts in a row of two districts, with one visit prescribed and with three.
    """
    town = agency(visits)
    planners = [Planner(town, "1"), Planner(town, "2")]
    days = [day_of_risk(seed) for seed in range(7)]
    shifts = ((date(2026, 1, 1) + timedelta(days=day), name) for day in range(10_000) for name in SHIFTS)
    recent: deque[IntArray] = deque([np.zeros(BOXES, dtype=np.int64)] * 20, maxlen=20)
    for on, name in islice(shifts, 2500):
        now = np.zeros(BOXES, dtype=np.int64)
        week = np.sum(recent, axis=0)
        for one in planners:
            for box in drawn_or_none(one, f"{on}/{name}", days[on.toordinal() % 7], Counted(now, week)):
                now[box.number - 1] += box.prescription.visits
        recent.append(now)
        assert now.max() <= min(visits, 3)
        assert (week + now).max() <= 7
        assert not now[[number - 1 for number in OPT_OUT]].any()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 4), st.integers(1, 20))
def test_no_beat_gets_more_than_its_limit(seed: int, boxes: int, limit: int, gamma: int) -> None:
    """Whatever the risk, the boxes wanted, the limit and γ; and never more boxes than wanted, none twice."""
    one = planner(boxes_per_shift=boxes, max_per_beat=limit, gamma=gamma)
    plan = one.draw(SHIFT, day_of_risk(seed), NONE)
    beats = Counter(one.agency.grid.boxes[box.cell].beat for box in plan.boxes)
    assert max(beats.values()) <= limit
    assert len(set(numbers(plan))) == len(plan.boxes) <= boxes


def test_a_box_in_an_opt_out_area_is_never_drawn() -> None:
    """Not with all the risk there is, on any of 300 dates; its state says why."""
    one = planner(boxes_per_shift=5)
    risk = only(dict.fromkeys(range(1, 31), 10) | dict.fromkeys(OPT_OUT, 10**9))
    for day in range(300):
        plan = one.draw(f"{date(2026, 1, 1) + timedelta(days=day)}/day", risk, NONE)
        assert not set(numbers(plan)) & set(OPT_OUT)
    assert [STATES[plan.appraisal.state[number - 1]] for number in OPT_OUT] == ["opt_out", "opt_out"]


def test_boxes_at_a_cap_are_not_drawn_and_near_it_get_what_is_left() -> None:
    """3 visits counted in the shift, or 7 in the week: not eligible; 6 in the week: one visit is prescribed."""
    one = planner(visits=3, boxes_per_shift=3, max_per_beat=3)
    counted = Counted.given({"1001-2000": (3, 3), "1002-2000": (0, 7), "1003-2000": (0, 6)}, one.agency)
    plan = one.draw(SHIFT, only({1: 900, 2: 900, 3: 900}), counted)
    assert [STATES[state] for state in plan.appraisal.state[:3]] == ["cap_shift", "cap_7_days", "eligible"]
    assert [(box.number, box.prescription.visits) for box in plan.boxes] == [(3, 1)]


def test_the_tightest_cap_of_a_box_crime_types_holds() -> None:
    """A box that is drawn for theft alone goes by theft's cap."""
    town = with_policy(agency(), theft=Prescription(cap_7_days=2, visits=1))
    counted = Counted.given({"1001-2000": (0, 2), "1002-2000": (0, 2)}, town)
    risk = {name: {**only({1: 10_000}, "theft")[name], **only({2: 10_000})[name]} for name in SHIFTS}
    plan = Planner(town, "1").draw("2026-11-22/night", risk, counted)
    assert [STATES[state] for state in plan.appraisal.state[:2]] == ["cap_7_days", "eligible"]


def test_counts_come_from_the_book_of_visits() -> None:
    """Counted visits of all vehicles: of the shift, and of the seven days before it starts; uncounted ones do not."""
    town = agency()
    shift = town.calendar.shift(SHIFT)

    def visit(name: str, opened: float, counted: bool = True, of: str = "2026-11-21/day") -> VisitSummary:
        return VisitSummary(name, "car-1", "1001-2000", of, opened, opened + 900.0, 900.0, counted, False)

    book = VisitBook().merge(
        [
            visit("a", shift.starts - 3600.0),
            visit("b", shift.starts - 6.9 * 86_400.0),
            visit("c", shift.starts - 7.1 * 86_400.0),
            visit("d", shift.starts - 60.0, counted=False),
            visit("e", shift.starts + 60.0, of=SHIFT),
        ]
    )
    found = Counted.of(book, town, shift)
    assert (found.shift[0], found.week[0], found.week.sum()) == (1, 2, 2)
    assert Counted.of(book, town, shift, shift.starts + 120.0).week[0] == 3


def test_a_box_has_its_turn_in_the_shift_that_needs_it_most() -> None:
    """Seven visits a week are one a day: a box with most risk in the evening is not spent on the night."""
    risk = {name: only({1: units, 2: 500})[name] for name, units in zip(SHIFTS, (600, 700, 2000), strict=True)}
    one = planner(boxes_per_shift=1)
    drawn = {name: numbers(one.draw(f"2026-11-22/{name}", risk, NONE)) for name in SHIFTS if name != "day"}
    assert drawn["evening"] == [1]
    assert drawn["night"] == [2]


def test_best_shifts_are_the_same_for_every_shift_of_a_day() -> None:
    """Though a box is there for other crime types, with other caps, in each: no best shift is lost or given twice."""
    town = with_policy(agency(3), theft=Prescription(cap_7_days=2, visits=1))
    one, risk = Planner(town, "1"), day_of_risk()
    best = [one.draw(f"2026-11-22/{name}", risk, NONE).appraisal.best for name in SHIFTS]
    assert (best[0] == best[1]).all()
    assert (best[0] == best[2]).all()
    assert best[0].sum(axis=0).max() == 1
    assert not best[0][:, [number - 1 for number in OPT_OUT]].any()


def test_a_box_out_of_turn_is_drawn_where_too_few_are_in_theirs() -> None:
    """Two boxes wanted, one in its best shift: the other one is drawn all the same, and says so."""
    risk = {name: only({1: units, 2: 500})[name] for name, units in zip(SHIFTS, (600, 700, 2000), strict=True)}
    plan = planner(boxes_per_shift=2).draw("2026-11-22/night", risk, NONE)
    assert sorted(numbers(plan)) == [1, 2]


def test_fewer_eligible_boxes_than_asked_are_all_drawn_with_certainty() -> None:
    """Three boxes with any risk, five wanted: these three."""
    risk = {"evening": only({1: 10, 11: 20, 21: 30})["evening"]}
    plan = planner(boxes_per_shift=5).draw(SHIFT, risk, NONE)
    assert [(box.number, box.probability) for box in plan.boxes] == [(21, 10**6), (11, 10**6), (1, 10**6)]


def test_a_district_without_risk_gets_no_plan_but_a_sentence() -> None:
    """Nothing is drawn from nothing, and the sentence counts the reasons."""
    with pytest.raises(UserError, match=r"no box in 1 can be drawn .*: 2 in an opt-out area, 28 with no score"):
        planner().draw(SHIFT, only({}), NONE)


def test_a_plan_names_the_types_that_made_it_and_what_is_expected() -> None:
    """A box drawn for robbery and burglary says both, the larger part first, with its policy's prescription."""
    risk = {"evening": {**only({5: 2000})["evening"], **only({5: 3000}, "burglary")["evening"]}}
    plan = planner().draw(SHIFT, risk, NONE)
    (patrol,) = plan.plan().patrols
    assert patrol.crime_types == ("robbery", "burglary")
    assert patrol.why == "expected in this shift: robbery 0.0020, burglary 0.0030"
    assert (plan.boxes[0].score, patrol.prescription.visits) == (2000 * 500 + 3000 * 250, 1)
    assert (plan.plan().source, plan.plan().digest, plan.plan().district) == ("vehicle", plan.inputs, "1")


def test_the_ledger_gets_seed_inputs_and_every_probability() -> None:
    """Protection 7: what is recorded of a computed plan."""
    plan = planner().draw(SHIFT, day_of_risk(), NONE)
    said = plan.computed()
    assert (said.plan_shift, said.district, said.seed, said.inputs) == (SHIFT, "1", plan.seed, plan.inputs)
    assert dict(said.boxes) == {box.box: box.probability for box in plan.boxes}


def test_a_special_unit_is_planned_over_its_districts_with_its_weights() -> None:
    """A unit without districts works in all of them; its own number of boxes, its own weights."""
    rows = (weight("burglary", 8, unit="burglary_team"),)
    units = (UnitDoc(id="burglary_team"), UnitDoc(id="west", districts=("1",)))
    one = planner("burglary_team", weights=rows, units=units, by_area={"burglary_team": 9})
    plan = one.draw(SHIFT, day_of_risk(), NONE)
    assert len(plan.boxes) == 9
    assert {box.crime_types for box in plan.boxes} == {("burglary",)}
    assert len(PlanArea.of(one.agency, "west").boxes) == BOXES // 2


def test_areas_and_shifts_that_are_none_are_told() -> None:
    """An unknown district, an unknown shift, a shift without a forecast."""
    with pytest.raises(UserError, match="Smalltown has no district or unit '9'; it has 1, 2"):
        planner("9")
    with pytest.raises(UserError, match="no shift 'noon'"):
        planner().draw("2026-11-22/noon", day_of_risk(), NONE)
    with pytest.raises(UserError, match="no forecast for 2026-11-22/evening"):
        planner().draw(SHIFT, {"day": day_of_risk()["day"]}, NONE)


def test_whatever_the_draw_depends_on_changes_the_inputs_hash() -> None:
    """Risk, other shifts' risk, visits, weights, γ, caps, opt-out; another district's risk does not."""
    risk, town = day_of_risk(), agency()
    first = Planner(town, "1").draw(SHIFT, risk, NONE).inputs
    elsewhere = {name: {kind: one.copy() for kind, one in types.items()} for name, types in risk.items()}
    elsewhere["day"]["theft"][40] += 1
    assert Planner(town, "1").draw(SHIFT, elsewhere, NONE).inputs == first
    elsewhere["day"]["theft"][3] += 1
    cells = {box.number: cell for cell, box in town.grid.boxes.items()}
    opted = {**town.grid.boxes, cells[9]: replace(town.grid.boxes[cells[9]], opt_out=True)}
    others = [
        Planner(town, "1").draw(SHIFT, elsewhere, NONE),
        Planner(town, "1").draw(SHIFT, risk, Counted.given({"1001-2000": (0, 1)}, town)),
        planner(gamma=3).draw(SHIFT, risk, NONE),
        planner(weights=(weight("robbery", 5),)).draw(SHIFT, risk, NONE),
        planner(visits=2).draw(SHIFT, risk, NONE),
        Planner(replace(town, grid=replace(town.grid, boxes=opted)), "1").draw(SHIFT, risk, NONE),
        Planner(town, "1").draw("2026-11-23/evening", risk, NONE),
    ]
    assert len({first, *(plan.inputs for plan in others)}) == len(others) + 1


SCRIPT = """
import hashlib
from tests.plans.planning_town import BOXES, SHIFTS, day_of_risk, planner
from edge.plans.area import Counted
one, found = planner(), hashlib.sha256()
for number in range(60):
    plan = one.draw(f"2026-01-{number % 28 + 1:02}/{SHIFTS[number % 3]}", day_of_risk(number), Counted.none(BOXES))
    found.update(repr((plan.seed, plan.inputs, plan.boxes, plan.appraisal.probability.tolist())).encode())
print(found.hexdigest())
"""


def test_the_plan_is_the_same_in_every_process_and_with_any_number_of_threads() -> None:
    """Sixty plans, byte for byte: hash seeds, threads of the numeric libraries and optimisation make no difference."""
    said = set()
    for seed, threads, flags in (("0", "1", []), ("1", "2", ["-O"]), ("4711", "8", [])):
        more = {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        run = subprocess.run(
            [sys.executable, *flags, "-c", SCRIPT], env=os.environ | more, capture_output=True, text=True, check=True
        )
        said.add(run.stdout)
    assert said == {KNOWN + "\n"}


KNOWN = "682332941c9862ab1afd23bc549850ae377ce56b2b1deaac9c67408375a9c5e5"
"""What every machine finds: a change here changes every agency's plans, and has to be meant."""
