"""The metering table's rows on dosage: a visit counts, prescribed, at the prescribed time, caps, two vehicles together.

Numbers by hand, in seconds after 09:00. Box 1 is x = 250 to 500 m.
"""

import pytest

from edge.domain.events import Overstayed, PrescribedReached, VisitClosed, VisitCounted, VisitOpened
from edge.domain.inputs import MergeVisits
from edge.domain.plan import offer, status
from edge.domain.policy import Prescription
from edge.domain.visits import VisitBook, VisitSummary
from edge.headquarters.reports.boxes import shared_once
from tests.domain.script import DAY, SETTING, accounts, at, meter, only, others, patrol, presence, said, seconds_of
from tests.metering import Metered
from tests.oracle_plane import CALENDAR, NINE

HOURS = 3600


def _counts(metered: Metered) -> tuple[int, int]:
    """Counted visits of box 1 in the shift, and those of them that fulfil the prescription."""
    book = metered.state.visits
    return book.counted_in_shift("1-0", DAY), len(book.prescribed_in_shift("1-0", DAY))


# a visit counts | from 60 s (the whole stay then counts); shorter is presence


@pytest.mark.parametrize(("last", "counted"), [(59, False), (60, True)])
def test_a_visit_counts_from_60_seconds_as_a_whole(last: int, counted: bool) -> None:
    """60 s count, all 60 of them; 59 s do not, and are presence all the same."""
    metered = meter(at(0, last + 1, 400))
    assert (only(metered).counted, only(metered).dosage_s) == (counted, last)
    assert seconds_of(metered, VisitCounted) == ([60] if counted else [])
    assert _counts(metered) == (counted, counted)
    assert presence(metered) == [("1-0", 0, last, last)]


def test_a_visit_counts_by_its_dosage_not_by_the_wall_clock() -> None:
    """40 s, 100 s away, 19 s: 159 s by the clock, 59 s of dosage, not counted."""
    assert not only(meter(at(0, 40, 400), at(40, 140, 600), at(140, 160, 400))).counted


# prescribed | 15 min a visit, 1 a shift, more ≥ 2 h apart; an earlier one is early: to the caps, not the prescription


def test_prescribed_is_15_minutes_1_visit_2_hours_apart() -> None:
    """The defaults, in the policy and in what an opened visit says."""
    prescribed = SETTING.policy.prescription(("robbery",))
    assert (prescribed.minutes, prescribed.visits, prescribed.spacing_s) == (15, 1, 2 * HOURS)
    ((_, opened),) = said(meter(at(0, 20, 400)), VisitOpened)
    assert isinstance(opened, VisitOpened)
    assert opened.prescribed_s == 900


@pytest.mark.parametrize(("ended", "early"), [(0, False), (1, True)])
def test_prescribed_spacing_is_2_hours(ended: int, early: bool) -> None:
    """Opened at 7,200: another car's visit ended exactly 2 h before, or a second less."""
    first = 2 * HOURS
    metered = meter(others(1, 1, ended), at(first, first + 70, 400))
    assert only(metered).early is early
    assert _counts(metered) == (2, 1 if early else 2)


def test_prescribed_an_early_one_counts_to_the_caps_only() -> None:
    """0…70 fulfils the prescription; 300…370 is early: two for the cap, one for the prescription."""
    metered = meter(at(0, 71, 400), at(71, 300, 900), at(300, 371, 400))
    assert [(visit.counted, visit.early) for visit in metered.visits] == [(True, False), (True, True)]
    assert _counts(metered) == (2, 1)


def test_prescribed_after_an_early_or_an_uncounted_one_is_not_early() -> None:
    """Only a visit that fulfils the prescription makes the next one early."""
    short = meter(at(0, 41, 400), at(41, 300, 900), at(300, 371, 400))
    assert [visit.early for visit in short.visits] == [False, False]
    early = VisitSummary("car-2:1", "car-2", "1-0", DAY, NINE - 900, NINE - 10, 890.0, counted=True, early=True)
    assert not only(meter(MergeVisits(0.0, (early,)), at(0, 71, 400))).early


# at the prescribed time | prompt to move on, next box offered; 5 min past it: over-stay, recorded


def test_at_the_prescribed_time_the_officer_is_prompted_and_the_next_box_offered() -> None:
    """At 900 s the prompt; box 1 is not due again for 2 h, so box 3 is offered though the car stands in box 1."""
    patrols = [patrol(1), patrol(3)]
    metered = meter(at(0, 901, 400), patrols=patrols, run_on=0)
    assert seconds_of(metered, PrescribedReached) == [900]
    assert said(metered, VisitClosed) == []
    offered = offer(patrols, DAY, metered.state.visits, NINE + 900, east=400, north=125)
    assert offered == patrols[1]


def test_at_the_prescribed_time_and_5_minutes_it_is_an_over_stay() -> None:
    """1,199 s are none, at 1,200 s it is recorded, once, and the visit goes on."""
    assert seconds_of(meter(at(0, 1200, 400)), Overstayed) == []
    metered = meter(at(0, 1300, 400))
    assert seconds_of(metered, Overstayed) == [1200]
    assert accounts(metered) == [("1-0", 0, 1299, 1299)]


# caps | counted visits, of all vehicles: 3 a shift and 7 in any 7 days. At its cap: not offered, presence, no timer


def test_caps_of_3_a_shift_hold_for_the_visits_of_all_vehicles() -> None:
    """Two of another car and one own: the box is at its cap, and the next stay is presence, "at cap", no visit."""
    metered = meter(others(1, 2, -3 * HOURS), at(0, 71, 400), at(71, 300, 900), at(300, 400, 400))
    assert accounts(metered) == [("1-0", 0, 71, 71)]
    assert [(stay.box, stay.at_cap) for stay in metered.stays] == [("1-0", False), ("3-0", False), ("1-0", True)]


def test_caps_of_7_in_7_days_hold_over_shifts() -> None:
    """Seven visits in the last seven days, none in this shift: at cap. Six, or seven of which one is older: not."""
    week = 7 * 24 * HOURS
    yesterday, edge = -24 * HOURS, 900 - week  # opened 900 s before they ended

    def told(count: int, ended: float) -> MergeVisits:
        return others(1, count, ended, shift=CALENDAR.shift_at(NINE + ended - 900).id)

    assert meter(told(7, yesterday), at(0, 71, 400)).visits == []
    assert meter(told(6, yesterday), at(0, 71, 400)).visits
    assert meter(told(7, edge + 20), at(0, 71, 400)).visits == []
    assert meter(told(7, edge - 20), at(0, 71, 400)).visits


def test_caps_do_not_reckon_uncounted_visits() -> None:
    """Passes of less than 60 s use up no cap."""
    assert meter(others(1, 9, -3 * HOURS, counted=False), at(0, 71, 400)).visits


def test_caps_keep_a_box_from_being_offered() -> None:
    """At its cap, with visits still prescribed, the nearest box is passed over."""
    many, far = patrol(1, prescription=Prescription(visits=5)), patrol(6)
    book = VisitBook().merge(others(1, 3, -3 * HOURS).visits)
    assert status(many, DAY, book, NINE) == "at_cap"
    assert offer([many, far], DAY, book, NINE, east=400, north=125) == far


def test_caps_reached_by_another_car_in_mid_visit_let_it_finish() -> None:
    """The third visit of others is told at 30: the visit goes on and counts, left and resumed too; none is offered."""
    box = patrol(1, prescription=Prescription(visits=5))
    told = MergeVisits(30.0, others(1, 3, -3 * HOURS).visits)
    metered = meter(told, at(0, 71, 400), at(71, 100, 600), at(100, 131, 400), patrols=[box])
    assert accounts(metered) == [("1-0", 0, 130, 101)]
    assert only(metered).counted
    assert offer([box], DAY, metered.state.visits, NINE + 130, east=400, north=125) is None


# two vehicles together | two visits, both count to caps; reports give vehicle-minutes and the union by the wall clock


def test_two_vehicles_together_are_two_visits_that_both_count_to_the_caps() -> None:
    """car-1 for 0…100, car-3 for 50…150: whoever has heard of both holds two counted visits of the box."""
    one, other = meter(at(0, 101, 400)), meter(at(50, 151, 400), unit="car-3")
    both = one.state.visits.merge(other.state.visits.all())
    assert len({visit.visit for visit in (only(one), only(other))}) == 2
    assert both.counted_in_shift("1-0", DAY) == 2
    heard = MergeVisits(20.0, tuple(both.all()))
    assert meter(others(1, 1, -3 * HOURS), heard, at(200, 300, 400), unit="car-4").visits == []


def test_two_vehicles_together_are_vehicle_minutes_and_a_union() -> None:
    """0…100 and 50…150 are 200 vehicle-seconds and 150 s by the wall clock."""
    visits = [only(meter(at(0, 101, 400))), only(meter(at(50, 151, 400), unit="car-3"))]
    parts = [(visit.dosage_s, [(visit.opened.timestamp(), visit.ended.timestamp())]) for visit in visits]
    assert shared_once(parts) == (200, 150)
