"""A weekly timetable in the planner: whose turn it is, from when to when it holds, and what it leaves as it was."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.contract.context import ContextDoc, TimetableDoc
from edge.errors import UserError
from edge.plans.area import Counted
from edge.plans.drawn_plan import DrawnBox
from edge.plans.planner import Planner
from edge.plans.timetable import LASTS, Turns
from tests.plans.planning_town import BOXES, OPT_OUT, SHIFTS, agency, day_of_risk

MONDAY = date(2026, 11, 23)
WEDNESDAY = MONDAY + timedelta(days=2)
WEEK = 7 * len(SHIFTS)
NONE = Counted.none(BOXES)


def context(places: Mapping[int, tuple[int, ...]], area: str = "1", made: date = MONDAY) -> ContextDoc:
    """A context with the timetable of an area; ``places``: shift of the week to its boxes."""
    shifts = tuple(tuple(sorted(places.get(shift, ()))) for shift in range(WEEK))
    return ContextDoc(
        agency="smalltown",
        base="ab" * 32,
        number=1,
        date=made,
        timetables=(TimetableDoc(district=area, shifts=shifts),),
    )


def turns(doc: ContextDoc | None, day: date = WEDNESDAY, area: str = "1") -> Turns | None:
    """As a plan of a date has them."""
    town = agency()
    return Turns.of(doc, town, Planner(town, area).area, day.toordinal())


def drawn_or_none(town: Planner, shift: str, seed: int, counted: Counted, own: Turns | None) -> tuple[DrawnBox, ...]:
    """The boxes of a plan; none where all are at their caps."""
    try:
        return town.draw(shift, day_of_risk(seed), counted, own).boxes
    except UserError:
        return ()


def test_it_says_whose_turn_it_is_on_a_date() -> None:
    """Wednesday's first shift is the week's seventh; a box of another area, or one without a place, is not in it."""
    found = turns(context({6: (3, 9), 8: (9,), 0: (12,), 7: (40,)}))
    assert found is not None
    assert found.made == MONDAY
    assert (np.flatnonzero(found.placed) + 1).tolist() == [3, 9, 12]
    assert [(np.flatnonzero(shift) + 1).tolist() for shift in found.today] == [[3, 9], [], [9]]
    best = np.zeros((3, 30), dtype=np.bool_)
    best[1, [2, 4]] = True
    assert [(np.flatnonzero(shift) + 1).tolist() for shift in found.over(best)] == [[3, 9], [5], [9]]


def test_it_holds_from_the_day_before_its_context_for_two_weeks() -> None:
    """A shift that began the evening before goes on; later than that, plans use the best shifts of the day again."""
    doc = context({0: (1,)})
    held = [ahead for ahead in range(-3, 20) if turns(doc, MONDAY + timedelta(days=ahead)) is not None]
    assert held == list(range(-1, LASTS))
    assert turns(doc, area="2") is None
    assert turns(None) is None
    assert turns(doc.model_copy(update={"timetables": ()})) is None


def test_a_plan_follows_it_and_names_it() -> None:
    """Boxes with a place are drawn in their shifts alone; the inputs' hash is another's, and so for another date's."""
    town, shift, day = Planner(agency(boxes_per_shift=3), "1"), f"{WEDNESDAY}/day", day_of_risk()
    mine, others = (12, 14, 16, 23, 25, 27), tuple(number for number in range(1, 12) if number not in OPT_OUT)
    found = [
        town.draw(shift, day, NONE, turns(given))
        for given in (
            None,
            context({7: mine, 0: others}),
            context({7: mine, 0: others}),
            context({7: mine, 0: others}, made=WEDNESDAY),
            context({7: others, 0: mine}),
        )
    ]
    without, here, again, later, elsewhere = found
    assert not {box.number for box in here.boxes} & set(others)
    assert not {box.number for box in elsewhere.boxes} & set(mine)
    assert [one.timetable for one in (without, here, later)] == [None, MONDAY, WEDNESDAY]
    assert (again.inputs, again.boxes) == (here.inputs, here.boxes)
    assert later.boxes == here.boxes
    assert len({one.inputs for one in (without, here, later, elsewhere)}) == 4


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 2))
def test_caps_beats_and_opt_out_hold_whatever_it_says(seed: int, visits: int) -> None:
    """A timetable that names any boxes in any shifts, opted-out ones, too, and twelve days in a row."""
    town = Planner(agency(visits), "1")
    random = np.random.default_rng(seed)
    places = {shift: tuple((np.flatnonzero(random.random(30) < 0.5) + 1).tolist()) for shift in range(WEEK)}
    doc, recent = context(places), [np.zeros(BOXES, dtype=np.int64)] * 20
    for number in range(36):
        on = MONDAY + timedelta(days=number // 3)
        now, week = np.zeros(BOXES, dtype=np.int64), np.sum(recent[-20:], axis=0)
        boxes = drawn_or_none(town, f"{on}/{SHIFTS[number % 3]}", number, Counted(now, week), turns(doc, on))
        for box in boxes:
            now[box.number - 1] += box.prescription.visits
        recent.append(now)
        assert (week + now).max() <= 7
        assert not now[[one - 1 for one in OPT_OUT]].any()
        assert max(Counter((box.number - 1) // 10 for box in boxes).values(), default=0) <= 2


def test_too_few_boxes_of_a_shift_are_no_reason_for_a_short_plan() -> None:
    """Where a timetable leaves fewer boxes than a plan has, all may be drawn, as they may without one."""
    every = tuple(number for number in range(1, 31) if number not in OPT_OUT)
    plan = Planner(agency(), "1").draw(f"{WEDNESDAY}/day", day_of_risk(), NONE, turns(context({0: every})))
    assert len(plan.boxes) == 5


@pytest.mark.parametrize("number", OPT_OUT)
def test_protection_6_an_opted_out_box_has_no_turn(number: int) -> None:
    """Whatever the timetable says."""
    plan = Planner(agency(), "1").draw(f"{WEDNESDAY}/day", day_of_risk(), NONE, turns(context({7: (number,)})))
    assert number not in [box.number for box in plan.boxes]
