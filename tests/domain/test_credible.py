"""What a vehicle says of its visits is held against what can be true: each kind of the impossible, and the possible.

Box n of the made plane lies from x = 250 n m; the day shift is from 06:00 to 18:00, and now is 12:00.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.credible import MOST_OF_UNIT, judge
from edge.domain.visits import VisitSummary
from tests.domain.script import DAY, SETTING
from tests.oracle_plane import NINE

NOON = NINE + 3 * 3600.0
FIRST, *_, LAST = sorted(SETTING.grid.boxes)


def visit(number: int = 1, x: int = 1, opened: float = NINE, dosage: float = 900.0) -> VisitSummary:
    """A counted visit of car-9, of box x."""
    return VisitSummary(f"car-9:x:{number}", "car-9", f"{x}-0", DAY, opened, opened + dosage, dosage, True, False)


def believed(visits: Sequence[VisitSummary], now: float | None = NOON) -> list[str]:
    """The ids of those that can be so."""
    return [one.id for one in judge(SETTING, visits, now).believed]


def test_a_visit_that_can_be_true_is_believed_ended_or_not() -> None:
    """It was, and it is: up to now, by a clock that is two minutes ahead."""
    ended, lasts = visit(), replace(visit(2, opened=NOON - 600.0, dosage=700.0), ended=None)
    assert judge(SETTING, [ended, lasts], NOON).believed == (ended, lasts)


IMPOSSIBLE = {
    "a box off the grid": (replace(visit(), box="99-99"), "off_grid"),
    "no box": (replace(visit(), box="1"), "off_grid"),
    "a shift that the agency does not have": (replace(visit(), shift="2026-03-02/swing"), "shift"),
    "no date": (replace(visit(), shift="2026-02-30/day"), "shift"),
    "a date written otherwise": (replace(visit(), shift="20260302/day"), "shift"),
    "another shift than that of its time": (replace(visit(), shift="2026-03-02/late"), "shift"),
    "the shift of another day": (replace(visit(), shift="2026-03-03/day"), "shift"),
    "a shift of 2099": (replace(visit(), shift="2099-03-02/day"), "shift"),
    "longer than its shift": (visit(dosage=10 * 3600.0), "shift"),
    "three minutes ahead": (visit(opened=NOON + 180.0, dosage=60.0), "future"),
    "it ends in an hour": (visit(opened=NOON - 60.0, dosage=3660.0), "future"),
    "2099": (replace(visit(opened=NINE + 73 * 365.25 * 86_400), shift="2099-03-02/day"), "future"),
    "eight days ago": (replace(visit(opened=NOON - 8 * 86_400), shift="2026-02-22/day"), "old"),
    "it ended before it began": (replace(visit(), ended=NINE - 60.0, dosage_s=0.0, counted=False), "time"),
    "counted and too short to count": (visit(dosage=30.0), "short"),
    "more minutes than the wall clock": (replace(visit(), dosage_s=1000.0), "minutes"),
    "1e300 seconds": (replace(visit(), dosage_s=1e300), "minutes"),
    "1e300 seconds, and it lasts": (replace(visit(), dosage_s=1e300, ended=None), "shift"),
    "no number": (replace(visit(), dosage_s=float("nan")), "short"),
    "no instant": (replace(visit(), opened=float("nan")), "time"),
}


@pytest.mark.parametrize(("lie", "reason"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_refused_by_its_reason_and_the_rest_is_used(lie: VisitSummary, reason: str) -> None:
    """One lie among two visits that can be so."""
    before, after = visit(2, opened=NINE - 3600.0), visit(3, opened=NINE + 7200.0)
    judged = judge(SETTING, [before, lie, after], NOON)
    assert (judged.believed, dict(judged.refused)) == ((before, after), {reason: 1})
    assert judged.untimely == ((lie,) if reason in {"future", "old"} else ())


def test_one_vehicle_is_in_one_place_at_a_time() -> None:
    """The same minute in 12 boxes is one visit; so it is 12 times in one box, and with one id in 12 boxes."""
    assert len(believed([visit(n, x=n) for n in range(1, 13)])) == 1
    assert len(believed([visit(n) for n in range(1, 13)])) == 1
    assert len(believed([visit(1, x=n, opened=NINE - 7200.0 + 600.0 * n, dosage=60.0) for n in range(1, 13)])) == 1
    assert len(believed([replace(visit(n, x=n), ended=None) for n in range(1, 13)])) == 1


def test_visits_of_a_minute_give_no_more_minutes_than_the_wall_clock() -> None:
    """3,000 visits of 60 s that begin 1 s apart: no more than one a minute, give or take a twentieth."""
    many = [visit(n, x=1 + n % 6, opened=NINE + n, dosage=60.0) for n in range(3000)]
    assert 50 <= len(believed(many)) <= 3060 / 60 / 0.9


def test_side_by_side_is_possible_and_so_is_a_clock_that_was_corrected_by_seconds() -> None:
    """A visit closes at the first second of the next; a clock set back by 20 s lets the two overlap."""
    one, other = visit(1, 1), visit(2, 2, NINE + 900.0)
    assert believed([one, other]) == [one.id, other.id]
    assert believed([one, replace(other, opened=NINE + 880.0)]) == [one.id, other.id]
    assert believed([one, replace(other, opened=NINE + 600.0)]) == [one.id]


def test_a_vehicle_is_not_believed_to_drive_faster_than_a_car() -> None:
    """From one end of a grid of 60 km to the other in a minute, and in an hour."""
    far = {(1, 0): SETTING.grid.boxes[1, 0], (241, 0): SETTING.grid.boxes[1, 0]}
    setting = replace(SETTING, grid=replace(SETTING.grid, boxes=far))
    for later, count in ((60.0, 1), (3600.0, 2)):
        visits = [visit(1, 1, dosage=60.0), visit(2, 241, NINE + 60.0 + later, 60.0)]
        assert len(judge(setting, visits, NOON).believed) == count


def test_no_more_of_a_vehicle_is_remembered_than_a_week_can_hold() -> None:
    """The newest so many."""
    week = [
        replace(one, shift=SETTING.calendar.shift_at(one.opened).id)
        for one in (visit(n, opened=NOON - 70.0 * (n + 1), dosage=60.0) for n in range(1500))
    ]
    judged = judge(SETTING, week, NOON)
    assert len(judged.believed) == MOST_OF_UNIT
    assert {one.id for one in judged.believed} <= {one.id for one in week[: MOST_OF_UNIT + 100]}
    assert judged.refused["too_many"] > 300


def test_while_the_time_is_not_known_nothing_is_refused_for_it() -> None:
    """Only what contradicts itself is."""
    tomorrow = replace(visit(2, opened=NINE + 86_400.0), shift="2026-03-03/day")
    assert believed([visit(), tomorrow], None) == [visit().id, tomorrow.id]
    assert believed([replace(tomorrow, shift=DAY)], None) == []


@given(st.data())
def test_what_is_believed_does_not_depend_on_the_order_or_on_repeats(data: st.DataObject) -> None:
    """Any visits of a vehicle, twice and in any order: the same are believed."""
    made = st.builds(visit, st.integers(1, 6), st.integers(1, 6), st.integers(0, 20).map(lambda n: NINE + 200.0 * n))
    visits = data.draw(st.lists(made, max_size=8))
    mixed = data.draw(st.permutations([*visits, *visits]))
    assert judge(SETTING, mixed, NOON).believed == judge(SETTING, visits, NOON).believed
