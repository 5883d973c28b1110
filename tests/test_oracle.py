"""The oracle itself, held to small drives whose visits and seconds were worked out by hand, in each docstring."""

from dataclasses import replace

import pytest

from edge.domain.policy import Policy
from tests.oracle import oracle
from tests.oracle_plane import CALENDAR, PLANE, drive, fix, stays, tell, visit


def test_driving_through() -> None:
    """A pass is a visit too short to count, and presence in each box on the way.

    At t = 0…69 s x = 6 + 10 t. In box 1 from 25 (256) to 49 (496), 10 m deep from 26 (266), so arrived at 31; the
    first second outside is 50 (506), 25 m away from 52 (526), so left at 62: 25 s. Presence 25, 25 and 19 s.
    """
    told = tell(drive(0, 70, 6))
    assert told.visits == (visit(1, 25, 50, 25),)
    assert stays(told) == [("0-0", 0, 25, 25), ("1-0", 25, 50, 25), ("2-0", 50, 69, 19)]
    assert told.presence == {"0-0": 25, "1-0": 25, "2-0": 19}


def test_a_brush_of_a_second_is_neither_arrival_nor_presence() -> None:
    """Inside box 1 at t = 25 and 26 only: that time belongs to box 0, until x < 0 at 52, outside every box."""
    told = tell([*drive(0, 27, 6), *drive(27, 60, 246, -10)])
    assert told.visits == ()
    assert told.presence == {"0-0": 52}


def test_two_seconds_inside_are_presence_before_they_are_an_arrival() -> None:
    """Inside box 1 at t = 25…30, never 10 m deep for 5 s: no visit, and presence until 31; outside every box at 56."""
    told = tell([*drive(0, 31, 6), *drive(31, 60, 246, -10)])
    assert told.visits == ()
    assert told.presence == {"0-0": 50, "1-0": 6}


def test_parking_freezes() -> None:
    """Parked, a drift of 50 m moves nobody.

    In box 1 (x = 300) from 0, stands from 10, so parked at 20. Drifts to x = 200 for t = 30…60: still box 1. At 111
    it drives at x = 600: outside at once, 100 m away, left at 121. 111 s, counts.
    """
    told = tell(
        [
            *[fix(t, 300, 5) for t in range(10)],
            *[fix(t, 200 if 30 <= t <= 60 else 300, 0.1) for t in range(10, 111)],
            *[fix(t, 600, 5) for t in range(111, 130)],
        ]
    )
    assert told.visits == (visit(1, 0, 111, 111),)
    assert stays(told) == [("1-0", 0, 111, 111), ("2-0", 111, 129, 18)]


def test_parked_outlasts_a_gap_but_not_a_loss() -> None:
    """A gap leaves the car parked, drift or not; a loss ends it, and the first fix afterwards decides.

    Parked in box 1 at 10, drifting to x = 200 from 40 to the last fix at 70: 70 s, less 6 s for a gap from 20 to 26.
    With a gap of 10 s, from 20 to 30, it is parked again at 40, its first fix outside: still box 1, 70 s less 10 s.
    Found at x = 200 already at 30, it is in box 0: the visit ended at 20.
    """
    gap = tell([fix(t, 200 if t >= 40 else 400, 0.1) for t in range(71) if not 20 < t < 26])
    assert gap.visits == (visit(1, 0, 70, 64),)
    loss = tell([fix(t, 200 if t >= 40 else 400, 0.1) for t in range(71) if not 20 < t < 30])
    assert loss.visits == (visit(1, 0, 70, 60),)
    elsewhere = tell([fix(t, 200 if t >= 30 else 400, 0.1) for t in range(71) if not 20 < t < 30])
    assert elsewhere.visits == (visit(1, 0, 20, 20),)


def test_an_unfinished_run_outside_belongs_to_the_box_in_which_the_car_parks() -> None:
    """Standing just outside is standing in the box the car was in.

    In box 1 until 30, 15 m outside from 31 (nearer than 25: not left), standing there from 35, parked at 45. It
    counts as in box 1 from then on, and the run from 31 with it. At 101 the car goes east for good: 101 s.
    """
    told = tell(
        [
            *[fix(t, 480, 5) for t in range(31)],
            *[fix(t, 515, 5 if t < 35 else 0.2) for t in range(31, 101)],
            *[fix(t, 600, 5) for t in range(101, 120)],
        ]
    )
    assert told.visits == (visit(1, 0, 101, 101),)


def test_back_within_120_seconds_resumes() -> None:
    """Away for exactly 120 s: one visit, whose time outside is not dosage.

    In box 1 t = 0…39, at x = 600 for t = 40…159, back from 160 to the last fix at 200: away at 40, first second inside
    160. 40 s before and 40 s after: 80 s, counts.
    """
    told = tell([fix(t, 600 if 40 <= t < 160 else 400) for t in range(201)])
    assert told.visits == (visit(1, 0, 200, 80),)
    assert stays(told) == [("1-0", 0, 40, 40), ("2-0", 40, 160, 120), ("1-0", 160, 200, 40)]


def test_back_after_120_seconds_is_a_new_visit() -> None:
    """As above, but back at 161, 121 s after: two visits of 40 s and 39 s, neither counts."""
    told = tell([fix(t, 600 if 40 <= t < 161 else 400) for t in range(201)])
    assert told.visits == (visit(1, 0, 40, 40), visit(1, 161, 200, 39))


def test_a_short_run_outside_is_dosage_once_the_car_is_back() -> None:
    """30 m outside for t = 40…49 (9 s, not left), then back until 70: 70 s. Gone for good in it: only 40 s."""
    back = tell([fix(t, 530 if 40 <= t < 50 else 400) for t in range(71)])
    gone = tell([fix(t, 530 if t >= 40 else 400) for t in range(50)])
    assert back.visits == (visit(1, 0, 70, 70),)
    assert gone.visits == (visit(1, 0, 49, 40),)  # lost, 9 s into the run, with the last fix


def test_side_by_side() -> None:
    """The one closes when the other opens; a box that was closed so is not resumed, however soon the car is back.

    At t = 0…159 s x = 6 + 5 t: in box 1 from 49 (251), in box 2 from 99 (501), beyond it from 149 (751). From 160 on
    in box 1 again: box 2 ended at 149, and a second visit of box 1 opens.
    """
    fixes = [*drive(0, 160, 6, 5), *[fix(t, 400) for t in range(160, 251)]]
    told = tell(fixes, assigned=(1, 2))
    assert told.visits == (visit(1, 49, 99, 50), visit(2, 99, 149, 50), visit(1, 160, 250, 90))


def test_a_box_beside_that_is_not_assigned_does_not_take_over() -> None:
    """Into a box that is not assigned the car must go as far as into nowhere.

    20 m inside box 2 (nearer than 25 m to box 1) for a minute: with box 2 assigned it opens there, else box 1's visit
    goes on, and all of it is dosage once the car is back.
    """
    fixes = [fix(t, 520 if 40 <= t < 100 else 400) for t in range(151)]
    assert tell(fixes, assigned=(1,)).visits == (visit(1, 0, 150, 150),)
    assert tell(fixes, assigned=(1, 2)).visits == (
        visit(1, 0, 40, 40),
        visit(2, 40, 100, 60),
        visit(1, 100, 150, 50),
    )


def test_a_gap_of_6_seconds_is_not_trusted() -> None:
    """At 1 Hz the limit is 3 s: 6 s without a fix are neither dosage nor presence; the visit goes on: 64 s of 70."""
    told = tell([fix(t, 400) for t in range(71) if not 30 < t < 36])
    assert told.visits == (visit(1, 0, 70, 64),)
    assert stays(told) == [("1-0", 0, 70, 64)]


def test_a_slow_receiver_is_trusted_longer() -> None:
    """A fix every 4 s: the first interval is longer than 3 s, then the limit is 10 s. 0, 4, … 80: 76 s of 80."""
    told = tell([fix(t, 400) for t in range(0, 81, 4)])
    assert told.visits == (visit(1, 0, 80, 76),)


def test_a_gap_of_15_seconds_is_a_loss() -> None:
    """Lost and found in the same box is one visit, elsewhere a fresh arrival.

    Lost at 30, found at 45: dosage stops at 30 and resumes at 45, 55 s of 70, one stay. Found in box 3: the visit
    ended at 30.
    """
    told = tell([fix(t, 400) for t in range(71) if not 30 < t < 45])
    assert told.visits == (visit(1, 0, 70, 55),)
    assert stays(told) == [("1-0", 0, 70, 55)]
    other = tell([fix(t, 400 if t < 45 else 900) for t in range(71) if not 30 < t < 45], assigned=(1, 3))
    assert other.visits == (visit(1, 0, 30, 30), visit(3, 45, 70, 25))
    assert stays(other) == [("1-0", 0, 30, 30), ("3-0", 45, 70, 25)]


def test_a_slow_receiver_is_lost_later() -> None:
    """A fix every 5 s has a limit of 12.5 s, and its position is lost after 15 s: 11 s count, 15 s are a loss."""
    near = tell([fix(t if t <= 30 else t + 6, 400) for t in range(0, 66, 5)])
    assert near.visits == (visit(1, 0, 71, 66),)
    far = tell([fix(t if t <= 30 else t + 10, 400) for t in range(0, 66, 5)])
    assert far.visits == (visit(1, 0, 75, 25 + 30),)


@pytest.mark.parametrize("interval", [10, 12, 20, 29])
def test_a_receiver_that_reports_up_to_every_29_s_counts_its_minutes(interval: int) -> None:
    """Once its interval is known, after four of them, everything counts: 20 minutes less those."""
    end = 1200 // interval * interval
    told = tell([fix(t, 400) for t in range(0, end + 1, interval)])
    (found,) = told.visits if interval == 10 else told.visits[-1:]
    assert end - 5 * interval <= found.dosage_s <= end
    assert stays(told)[-1][0] == "1-0"


def test_one_slower_than_that_counts_none() -> None:
    """A fix every 40 s: lost 30 s after each."""
    assert tell([fix(t, 400) for t in range(0, 1201, 40)]).visits == ()


def test_found_in_the_box_it_had_left_resumes_without_a_margin() -> None:
    """Left box 1 at 40, lost in box 2 at 60, found 5 m inside box 1 at 80, slowly leaving it at 90: 40 s and 10 s."""
    fixes = [fix(t, 400 if t < 40 else 600) for t in range(61)]
    told = tell([*fixes, *[fix(t, 255 if t < 90 else 200) for t in range(80, 120)]])
    assert told.visits == (visit(1, 0, 90, 50),)


def test_a_gap_of_121_seconds_ends_visit_and_stay() -> None:
    """Lost at 70, found in the same box at 191: a new visit and a new stay. At 190 it is one visit of 130 s."""
    late = tell([fix(t, 400) for t in range(251) if not 70 < t < 191])
    assert late.visits == (visit(1, 0, 70, 70), visit(1, 191, 250, 59, early=True))
    assert len(late.stays) == 2
    in_time = tell([fix(t, 400) for t in range(251) if not 70 < t < 190])
    assert in_time.visits == (visit(1, 0, 250, 130),)
    assert len(in_time.stays) == 1


def test_poor_accuracy_rests_the_timer() -> None:
    """Accuracy 40 m at t = 30…33: nothing from the good fix at 29 to that at 34 is dosage: 65 s of 70."""
    told = tell([fix(t, 400, accuracy=40.0 if 30 <= t < 34 else 5.0) for t in range(71)])
    assert told.visits == (visit(1, 0, 70, 65),)


def test_ten_seconds_of_poor_accuracy_are_a_loss() -> None:
    """Accuracy 40 m at t = 30…39, so lost at 39, 10 s after the good fix at 29; found in box 3 at 40: ended at 29."""
    told = tell([fix(t, 400 if t < 40 else 900, accuracy=40.0 if 30 <= t < 40 else 5.0) for t in range(60)])
    assert told.visits == (visit(1, 0, 29, 29),)


def test_margins_widen() -> None:
    """With 20 m accuracy the margin inside is 20 m: x = 265 (15 m) arrives with 10 m accuracy, not with 20 m."""
    sharp = [fix(t, 265, accuracy=10.0) for t in range(20)]
    blunt = [replace(fix, accuracy=20.0) for fix in sharp]
    assert tell(sharp).visits == (visit(1, 0, 19, 19),)
    assert tell(blunt).visits == ()
    assert tell(blunt).presence == {"1-0": 19}


def test_far_outside_without_depth_in_any_box_is_no_longer_the_old_box() -> None:
    """From box 0 to x = 995, 5 m inside box 3, never deep in it: by being far from box 0 it is held to be in box 3."""
    told = tell([*[fix(t, 200) for t in range(20)], *[fix(t, 995) for t in range(20, 60)]], assigned=())
    assert told.presence == {"0-0": 20, "3-0": 39}


def test_time_must_run_on() -> None:
    """An end before the last visit is decided is refused, not guessed."""
    with pytest.raises(ValueError, match="end_mono"):
        oracle(PLANE, Policy(), [], [fix(0, 400)], calendar=CALENDAR, end_mono=100.0)
