"""The metering table's rows on position: arrive, leave, side by side, parked, position uncertain, GPS lost.

Numbers by hand, in seconds after 09:00. Box 1 is x = 250 to 500 m; a car "driving" in one place is never parked.
"""

from dataclasses import replace

import pytest

from edge.domain.events import GpsFound, GpsLost, VisitClosed, VisitLeft, VisitOpened, VisitResumed
from tests.domain.script import SETTING, accounts, at, meter, only, patrol, presence, said, second, seconds_of
from tests.metering import Metered
from tests.oracle_plane import drive, fix

RULES = SETTING.policy.metering


def _left(metered: Metered) -> list[float]:
    """When it was known that a visit was left: by driving out, not by a loss."""
    return [mono for mono, left in said(metered, VisitLeft) if isinstance(left, VisitLeft) and left.reason == "left"]


# arrive | ≥ 10 m inside an assigned box for 5 s; counted from the first second inside. Not assigned: presence only


def test_arrive_after_5_seconds_counted_from_the_first_second_inside() -> None:
    """At x = 6 + 10 t the car is in box 1 from 25 (256 m) and 10 m deep from 26 (266 m): it opens at 31, since 25."""
    metered = meter(drive(0, 70, 6))
    ((made, opened),) = said(metered, VisitOpened)
    assert isinstance(opened, VisitOpened)
    assert (made, opened.box, second(opened.opened)) == (31, "1-0", 25)
    assert accounts(metered) == [("1-0", 25, 50, 25)]  # outside from 50 (506 m)


@pytest.mark.parametrize(("leaves", "visits"), [(25, []), (26, [("1-0", 20, 26, 6)])])
def test_arrive_takes_5_seconds(leaves: int, visits: list[tuple[str, float, float, float]]) -> None:
    """Inside for 20…24 is 4 s and no arrival; 20…25 is 5 s and one."""
    metered = meter(at(0, 20, 200), at(20, leaves, 400), at(leaves, 60, 200))
    assert accounts(metered) == visits


@pytest.mark.parametrize(
    ("x", "accuracy", "arrives"), [(259, 5, False), (261, 5, True), (265, 20, False), (271, 20, True)]
)
def test_arrive_10_m_inside_and_deeper_with_a_worse_accuracy(x: float, accuracy: float, arrives: bool) -> None:
    """9 m is not inside, 11 m is; at 20 m accuracy the margin is 20 m."""
    assert bool(meter(at(0, 90, x, accuracy=accuracy)).visits) is arrives


def test_arrive_in_a_box_that_is_not_assigned_is_presence_only() -> None:
    """Box 2 is assigned, the car is in box 1 for 90 s: a stay, no visit."""
    metered = meter(at(0, 91, 400), patrols=[patrol(2)])
    assert metered.visits == []
    assert presence(metered) == [("1-0", 0, 90, 90)]


# leave | ≥ 25 m outside for 10 s; margins widen. Outside is not dosage; back within 120 s resumes, later is a new one


@pytest.mark.parametrize(("back", "left", "dosage"), [(50, [], 70), (51, [50], 59)])
def test_leave_after_10_seconds_outside(back: int, left: list[float], dosage: float) -> None:
    """30 m outside at 40…49 is 9 s: never left, all 70 s are dosage. At 40…50 it has left: 40 s and 51…70 are."""
    metered = meter(at(0, 40, 400), at(40, back, 530), at(back, 71, 400))
    assert _left(metered) == left
    assert only(metered).dosage_s == dosage


@pytest.mark.parametrize(
    ("x", "accuracy", "left"), [(524, 5, False), (526, 5, True), (530, 20, False), (551, 20, True)]
)
def test_leave_25_m_outside_and_farther_with_a_worse_accuracy(x: float, accuracy: float, left: bool) -> None:
    """24 m outside for a minute is not left, 26 m is; at 20 m accuracy the margin is 50 m."""
    metered = meter(at(0, 40, 400), at(40, 100, x, accuracy=accuracy))
    assert bool(_left(metered)) is left


def test_leave_ends_dosage_at_the_first_second_outside() -> None:
    """Outside from 70 for good, left at 80: the visit is that of 0…70, closed when its 120 s are over."""
    metered = meter(at(0, 70, 400), at(70, 300, 600))
    (closed,) = said(metered, VisitClosed)
    assert (closed[0], only(metered).reason, only(metered).counted) == (190, "left", True)
    assert accounts(metered) == [("1-0", 0, 70, 70)]
    assert presence(metered) == [("1-0", 0, 70, 70), ("2-0", 70, 299, 229)]


def test_leave_and_back_within_120_seconds_resumes() -> None:
    """Away at 40, inside again at 160: one visit of 40 s and 40 s, whose 120 s outside are not dosage."""
    metered = meter(at(0, 40, 400), at(40, 160, 600), at(160, 201, 400))
    ((made, resumed),) = said(metered, VisitResumed)
    assert isinstance(resumed, VisitResumed)
    assert (made, second(resumed.at), resumed.away_s) == (165, 160, 120)
    assert accounts(metered) == [("1-0", 0, 200, 80)]


def test_leave_and_back_later_is_a_new_visit() -> None:
    """Inside again at 161: two visits of 40 s and 39 s."""
    metered = meter(at(0, 40, 400), at(40, 161, 600), at(161, 201, 400))
    assert accounts(metered) == [("1-0", 0, 40, 40), ("1-0", 161, 200, 39)]


# side by side | one visit is open at a time: arriving in B closes A at B's first second inside


def test_side_by_side_closes_the_one_at_the_first_second_inside_the_other() -> None:
    """At x = 6 + 5 t: in box 1 from 49, in box 2 from 99, arrived there at 106 (10 m deep from 101): never both."""
    metered = meter(drive(0, 160, 6, 5), at(160, 400, 900), patrols=[patrol(1), patrol(2)])
    assert accounts(metered) == [("1-0", 49, 99, 50), ("2-0", 99, 149, 50)]
    assert [visit.reason for visit in metered.visits] == ["moved_on", "left"]
    kinds = [event.data.type for event in metered.events if event.data.type in ("visit_opened", "visit_closed")]
    assert kinds == ["visit_opened", "visit_closed", "visit_opened", "visit_closed"]
    assert [mono for mono, _ in said(metered, VisitOpened)][1] == seconds_of(metered, VisitClosed)[0] == 106


# parked | < 0.5 m/s for 10 s: box membership is frozen; ends when the position is lost


@pytest.mark.parametrize(("usual", "every_11th", "parked"), [(0.4, 0.4, True), (0.5, 0.5, False), (0.4, 0.6, False)])
def test_parked_after_10_seconds_below_half_a_metre_a_second(usual: float, every_11th: float, parked: bool) -> None:
    """Slow from 0 it is parked at 10: fixes 50 m beside the box move nobody. At 0.5 m/s, or slow for 9 s, they do."""
    metered = meter([fix(t, 400 if t < 41 else 200, every_11th if t % 11 == 10 else usual) for t in range(101)])
    assert only(metered).dosage_s == (100 if parked else 41)


def test_parked_ends_with_a_fix_that_is_not_slow() -> None:
    """Parked in box 1 from 10, drifted to x = 200 at 30; at 111 it drives at x = 600: outside at once."""
    metered = meter(at(0, 30, 300, 0.1), at(30, 111, 200, 0.1), at(111, 130, 600))
    assert accounts(metered) == [("1-0", 0, 111, 111)]


def test_parked_ends_when_the_position_is_lost() -> None:
    """Parked in box 1, lost for 10 s, found at x = 200: that fix decides, it is in box 0: the visit ended at 20."""
    metered = meter(at(0, 21, 400, 0.1), at(30, 71, 200, 0.1))
    assert accounts(metered) == [("1-0", 0, 20, 20)]
    assert presence(metered) == [("1-0", 0, 20, 20), ("0-0", 30, 70, 40)]


# position uncertain | accuracy worse than 30 m, or a fix older than max(3 s, 2.5 × the receiver's own interval)


def test_position_uncertain_pauses_the_timer_for_a_poor_accuracy() -> None:
    """31 m at 30…33: nothing from the good fix at 29 to that at 34 is dosage, 65 s of 70; at 30 m all is."""
    poor, good = (meter(at(0, 30, 400), at(30, 34, 400, accuracy=worst), at(34, 71, 400)) for worst in (31, 30))
    assert only(poor).dosage_s == 65
    assert only(good).dosage_s == 70


@pytest.mark.parametrize("flag", ["dead_reckoning", "manual", "simulated", "no_satellites"])
def test_position_uncertain_where_satellites_did_not_give_it(flag: str) -> None:
    """300 s of estimated positions at ±5 m after 71 s by satellites: 70 s are dosage, and the position is lost."""
    estimated = [replace(one, flags=(flag,)) for one in at(71, 371, 400)]
    metered = meter(at(0, 71, 400), estimated)
    assert accounts(metered) == presence(metered) == [("1-0", 0, 70, 70)]
    assert seconds_of(metered, GpsLost) == [80]


def test_a_flag_that_says_no_more_than_what_an_accuracy_rests_on_is_good() -> None:
    """Few satellites, an assumed accuracy, a repaired date: satellites gave the position."""
    flagged = [replace(one, flags=("few_satellites", "accuracy_assumed", "rollover")) for one in at(0, 71, 400)]
    assert accounts(meter(flagged)) == [("1-0", 0, 70, 70)]


def test_position_uncertain_says_so() -> None:
    """A poor fix makes the position uncertain at once; a good one ends that."""
    poor = meter(at(0, 30, 400), fix(30, 400, accuracy=31), run_on=0).state.track
    good = meter(at(0, 30, 400), fix(30, 400, accuracy=31), fix(31, 400), run_on=0).state.track
    assert poor.quality(30, RULES) == "uncertain"
    assert good.quality(31, RULES) == "good"


@pytest.mark.parametrize(("interval", "limit"), [(1, 3.0), (2, 5.0), (3, 7.5)])
def test_position_uncertain_when_the_last_fix_is_too_old(interval: int, limit: float) -> None:
    """A receiver's usual interval sets how old a fix may be: 3 s at least, else 2.5 intervals."""
    track = meter([fix(mono, 400) for mono in range(0, 61, interval)], run_on=0).state.track
    assert track.quality(60 + limit, RULES) == "good"
    assert track.quality(60 + limit + 0.1, RULES) == "uncertain"


def test_position_uncertain_time_is_no_dosage() -> None:
    """At 1 Hz a gap of 6 s, 30 to 36, is neither dosage nor presence; a gap of 3 s is both."""
    gap = meter(at(0, 31, 400), at(36, 71, 400))
    short = meter(at(0, 31, 400), at(33, 71, 400))
    assert accounts(gap) == presence(gap) == [("1-0", 0, 70, 64)]
    assert accounts(short) == presence(short) == [("1-0", 0, 70, 70)]


# GPS lost (10 s) | dosage stops at the last good fix; back in the same box within 120 s resumes; elsewhere is fresh


def test_gps_lost_after_10_seconds() -> None:
    """Fixes end at 30: uncertain at 39, lost at 40, since 30."""
    metered = meter(at(0, 31, 400))
    ((made, lost),) = said(metered, GpsLost)
    assert isinstance(lost, GpsLost)
    assert (made, second(lost.since)) == (40, 30)
    assert metered.state.track.quality(39.9, RULES) == "lost"  # of the state after, in which it is
    before = meter(at(0, 31, 400), run_on=0).state.track
    assert (before.quality(39.9, RULES), before.quality(40, RULES)) == ("uncertain", "lost")


def test_gps_lost_stops_dosage_at_the_last_good_fix_and_the_same_box_resumes() -> None:
    """Lost at 30, found in the same box at 45: 30 s and 25 s, one visit, one stay."""
    metered = meter(at(0, 31, 400), at(45, 71, 400))
    assert accounts(metered) == presence(metered) == [("1-0", 0, 70, 55)]
    assert seconds_of(metered, GpsFound) == [0, 45]


def test_gps_lost_and_found_elsewhere_is_a_fresh_arrival() -> None:
    """Lost in box 1 at 30, found in box 3 at 45, where it has to be for 5 s: the first visit ended at 30."""
    metered = meter(at(0, 31, 400), at(45, 71, 900), patrols=[patrol(1), patrol(3)])
    assert accounts(metered) == [("1-0", 0, 30, 30), ("3-0", 45, 70, 25)]
    assert seconds_of(metered, VisitOpened) == [5, 50]


@pytest.mark.parametrize(("found", "visits"), [(190, 1), (191, 2)])
def test_gps_lost_for_more_than_120_seconds_ends_the_visit(found: int, visits: int) -> None:
    """Lost at 70: found in the same box at 190 it resumes, at 191 it is another visit."""
    metered = meter(at(0, 71, 400), at(found, 300, 400))
    assert len(metered.visits) == visits
    assert sum(visit.dosage_s for visit in metered.visits) == 70 + 299 - found
