"""Corners of the metering rules where two of them meet, found by hypothesis or by thought. Seconds after 09:00."""

from dataclasses import replace

import pytest

from edge.domain.events import GpsFound, ShiftBegan, VisitOpened
from edge.domain.inputs import Input, Pause, Resume, SignIn, SignOut, Start, Tick
from edge.domain.policy import Prescription
from tests.domain.script import (
    BOUNDARY,
    SETTING,
    accounts,
    adopt,
    at,
    begin,
    meter,
    only,
    others,
    patrol,
    presence,
    said,
    second,
    seconds_of,
)
from tests.metering import play
from tests.oracle_plane import NINE, fix


def test_resumed_while_lost_and_found_elsewhere_is_no_dosage() -> None:
    """In box 1 until 30, paused at 20, the call ends at 45 without a position, found in box 3 at 50.

    The 20 s before the pause are all there is of the visit; it ended at the last good fix.
    """
    metered = meter(at(0, 31, 400), Pause(20, "call"), Resume(45), at(50, 200, 900))
    assert accounts(metered) == [("1-0", 0, 30, 20)]


def test_resumed_while_lost_and_found_in_the_same_box_goes_on() -> None:
    """As above but found in box 1 at 50, until 199: 20 s and 149 s, one visit."""
    metered = meter(at(0, 31, 400), Pause(20, "call"), Resume(45), at(50, 200, 400))
    assert accounts(metered) == [("1-0", 0, 199, 169)]


def test_resumed_while_lost_and_never_found_is_closed() -> None:
    """No visit stays open for ever: closed at the last good fix."""
    assert accounts(meter(at(0, 31, 400), Pause(20, "call"), Resume(45))) == [("1-0", 0, 30, 20)]


CAME_TRUE = (SignIn(45, "2"), adopt(45, patrol(1), version=2), Resume(45))


@pytest.mark.parametrize("came_true", CAME_TRUE, ids=["sign_in", "plan", "resume"])
def test_a_condition_that_comes_true_while_lost_opens_the_visit_when_found(came_true: Input) -> None:
    """The car arrived in box 1 at 5, is lost from 30 to 50, and at 45 the last condition comes true.

    Found at 50 in the same box its stay goes on, so it has arrived: a visit opens, with the dosage of 50…199.
    """
    officer = None if isinstance(came_true, SignIn) else "1"
    before = [Pause(0, "call")] if isinstance(came_true, Resume) else []
    patrols = [patrol(3 if isinstance(came_true, type(CAME_TRUE[1])) else 1)]
    metered = meter(*before, at(0, 31, 400), came_true, at(50, 200, 400), patrols=patrols, officer=officer)
    assert 45 <= second(only(metered).opened) <= 50
    assert only(metered).dosage_s == 149


def test_a_change_of_officer_while_lost_opens_a_visit_when_found() -> None:
    """Signed out at 42 and in at 45, lost from 30 to 50: the second officer's stay is a visit too."""
    metered = meter(at(0, 31, 400), SignOut(42), SignIn(45, "2"), at(50, 200, 400))
    assert [(visit.dosage_s, visit.reason) for visit in metered.visits] == [(30, "signed_out"), (149, "lost")]


def test_a_visit_that_expired_during_a_restart_opens_anew_when_found() -> None:
    """Lost at 30 (known at 41), restarted at 60, found in its box at 200: too late for this visit, not for another."""
    metered = meter(at(0, 31, 400), Tick(41, 0.0), Start(60, "boot", 0.0, "test"), at(200, 400, 400))
    assert [visit.dosage_s for visit in metered.visits] == [30, 199]


def test_a_plan_that_assigns_the_held_box_opens_a_visit_whatever_box_the_last_fixes_were_in() -> None:
    """In box 1, not assigned, until 59; at 60 and 61 just inside box 2, assigned; at 61 a plan assigns box 1 too.

    Back at 62. The car never arrived in box 2; it has been held in box 1 all the time, where a visit opens at 61.
    """
    changed = adopt(61, patrol(1), patrol(2), version=2)
    metered = meter(at(0, 60, 400), at(60, 62, 515), changed, at(62, 150, 400), patrols=[patrol(2)])
    assert [(visit.box, second(visit.opened)) for visit in metered.visits] == [("1-0", 61)]


@pytest.mark.parametrize("late", [0.2, 0.9])
def test_a_fix_handed_on_after_a_tap_counts_no_second_twice(late: float) -> None:
    """A fix bears the second of its receipt and comes when its epoch is complete, after taps of up to a second later.

    30 taps in 100 s of fixes: 100 s of dosage and presence.
    """
    taps: list[Input] = [SignIn(mono + late, str(mono % 2)) for mono in range(31, 61)]
    fixes: list[Input] = list(at(0, 101, 400))
    order = sorted([*taps, *fixes], key=lambda one: one.mono + (0.0 if isinstance(one, SignIn) else 0.95))
    metered = play(SETTING, [*begin([patrol(1)]), *order, Tick(1000.0, 0.0)])
    assert accounts(metered) == [("1-0", 0, 100, 100)]
    assert presence(metered) == [("1-0", 0, 100, 100)]


def test_a_fix_handed_on_after_the_shift_ended_does_not_bring_the_shift_back() -> None:
    """The tick at 18:00:00.1 begins the late shift; a fix received 0.3 s before comes after it."""
    fixes = at(BOUNDARY - 70, BOUNDARY, 400)
    late = replace(fix(BOUNDARY - 0.2, 400, 5.0))
    tick = Tick(BOUNDARY + 0.1, 0.0)
    after = at(BOUNDARY + 1, BOUNDARY + 71, 400)
    metered = play(SETTING, [*begin([patrol(1)]), *fixes, tick, late, *after, Tick(BOUNDARY + 1000.0, 0.0)])
    assert [second(began.starts) for _, began in said(metered, ShiftBegan) if isinstance(began, ShiftBegan)][1:] == [
        BOUNDARY
    ]
    assert len(metered.visits) == 2


def test_fixes_of_a_new_boot_are_heard_though_the_old_one_had_only_poor_ones() -> None:
    """Poor fixes until second 5,010, then a boot that counts from 5: its good fix at 10 is a position."""
    poor = [fix(mono, 400, accuracy=40) for mono in range(5000, 5010)]
    rebooted = Start(5.0, "boot-2", NINE + 6000, "test")
    good = [replace(one, utc=one.utc + 6000) for one in at(10, 120, 400)]
    metered = play(SETTING, [*begin([patrol(1)]), *poor, rebooted, *good])
    assert seconds_of(metered, GpsFound) == [10]
    assert seconds_of(metered, VisitOpened) == [15]


@pytest.mark.parametrize("ends", [SignOut(60.5), Pause(60.5, "call")])
def test_a_stay_lasts_at_least_its_trusted_seconds(ends: Input) -> None:
    """Fixes until 60, a tap at 60.5, then nothing: no stay has more seconds than lie between its ends."""
    (stay,) = meter(at(0, 61, 400), ends).stays
    assert stay.seconds <= (stay.ended - stay.began).total_seconds()


def test_a_pause_while_away_closes_the_visit_at_the_instant_it_went_away() -> None:
    """Away from 40, left at 50, paused at 60: closed then, for 0…40; back in the box at 70 it is another visit."""
    metered = meter(at(0, 40, 400), at(40, 70, 600), Pause(60, "call"), Resume(65), at(70, 100, 400))
    assert accounts(metered) == [("1-0", 0, 40, 40), ("1-0", 70, 99, 29)]
    assert metered.visits[0].reason == "paused"


def test_a_stay_at_cap_stays_so_until_it_ends() -> None:
    """At its cap on arrival; at 30 a plan allows more: this stay has no visit, the next one has."""
    more = adopt(30, patrol(1, prescription=Prescription(cap_shift=9)), version=2)
    away = at(71, 300, 900)
    metered = meter(others(1, 3, -3 * 3600), at(0, 71, 400), more, SignIn(40, "2"), away, at(300, 371, 400))
    assert accounts(metered) == [("1-0", 300, 370, 70)]
    assert [stay.at_cap for stay in metered.stays] == [True, False, False]
