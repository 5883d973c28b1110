"""A laptop asleep over a shift's end: the next officer's visit is not booked on the last one's name.

The day shift ends at 18:00, second 32,400 after 09:00. An engine at work ticks each second.
"""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from edge.domain.events import Event, SignedOut, VisitOpened
from edge.domain.inputs import Fix, Input, Start, Tick
from edge.domain.taps import SignIn, SignOut
from tests.domain.script import LATE, SETTING, adopt, at, patrol
from tests.metering import Metered, play
from tests.oracle_plane import NINE, fix

HOUR = 3600.0
NIGHT = 15 * HOUR


def working(start: int, stop: int, x: float) -> list[Input]:
    """A fix a second in one place, and the clock's ticks."""
    return [one for mono in range(start, stop) for one in (fix(float(mono), x), Tick(mono + 0.5, 0.0))]


def said(told: Metered, kind: type) -> list[Event]:
    """The records of one kind."""
    return [event for event in told.events if isinstance(event.data, kind)]


def morning(*after: Input | Iterable[Input]) -> Metered:
    """Officer 1 signs in at 09:00 and works until 09:20 in box 3; then what follows."""
    rest = [one for part in after for one in ([part] if not isinstance(part, Iterable) else part)]
    plans = [adopt(0.0, patrol(1)), adopt(0.0, patrol(1), shift=LATE), adopt(0.0, patrol(1), shift="2026-03-03/day")]
    return play(SETTING, [Start(0.0, "a", NINE, "t"), SignIn(0.0, "1"), *plans, *working(1, 1200, 875), *rest])


WAKE = int(1200 + NIGHT)


def test_the_first_fix_after_a_night_asleep_signs_the_last_officer_out() -> None:
    """Asleep from 09:20 to 00:20: the next patrol of box 1 opens no visit, as nobody is signed in."""
    told = morning(working(WAKE, WAKE + 200, 375))
    (out,) = said(told, SignedOut)
    assert (out.officer, out.mono) == ("1", WAKE)
    assert said(told, VisitOpened) == []
    assert told.state.officer is None


def test_the_next_officers_tap_is_judged_after_it() -> None:
    """Their sign-in is the first that comes: the last one is signed out before, and the visit is the next one's."""
    told = morning(SignIn(WAKE, "2"), working(WAKE + 1, WAKE + 200, 375))
    (out,) = said(told, SignedOut)
    assert out.officer == "1"
    assert [event.officer for event in said(told, VisitOpened)] == ["2"]


def test_the_same_officer_who_comes_back_signs_in_again() -> None:
    """Signed out by the night, they sign in for their new shift, and stay so."""
    told = morning(Tick(float(WAKE), 0.0), SignIn(WAKE + 1.0, "1"), working(WAKE + 2, WAKE + 200, 375))
    assert len(said(told, SignedOut)) == 1
    assert told.state.officer == "1"


@pytest.mark.parametrize("asleep", [200, 3 * 3600])
def test_sleep_within_the_shift_signs_nobody_out(asleep: int) -> None:
    """A closed lid for three minutes or at lunch: the same shift, the same officer."""
    told = morning(working(1200 + asleep, 1400 + asleep, 375))
    assert said(told, SignedOut) == []
    assert [event.officer for event in said(told, VisitOpened)] == ["1"]


def test_overtime_without_sleep_signs_nobody_out() -> None:
    """Awake over 18:00, with a tick each minute and no fix for hours: who sits there is still there."""
    told = morning([Tick(float(mono), 0.0) for mono in range(1200, 40_000, 60)], working(40_000, 40_200, 375))
    assert said(told, SignedOut) == []


def test_sleep_before_time_is_known_is_judged_once_it_is() -> None:
    """Neither sky nor network before the night: the first trusted second afterwards signs out."""
    ticks: list[Input] = [Tick(float(mono), 0.0) for mono in range(1, 600)]
    later = [replace(one, utc=one.utc) for one in at(WAKE + 10, WAKE + 20, 375)]
    given = [Start(0.0, "a", NINE, "t"), SignIn(0.0, "1"), *ticks, Tick(float(WAKE), 0.0), *later]
    told = play(SETTING, given)
    assert [event.mono for event in said(told, SignedOut)] == [WAKE + 10]


def test_a_daemon_that_was_down_over_the_shifts_end_judges_likewise() -> None:
    """No reboot and no sleep: the software alone was down for the night."""
    told = morning(Start(float(WAKE), "a", NINE + WAKE, "t"), working(WAKE + 1, WAKE + 100, 375))
    assert [event.officer for event in said(told, SignedOut)] == ["1"]


def test_who_signed_out_before_the_night_is_not_signed_out_again() -> None:
    """Nobody is on duty: nothing to judge."""
    told = morning(SignOut(1201.0), working(WAKE, WAKE + 10, 375))
    assert [event.mono for event in said(told, SignedOut)] == [1201.0]


def test_the_wake_ups_first_fix_may_be_days_later() -> None:
    """A long weekend: one sign-out, in the shift that runs then."""
    days = 3 * 86_400 + 1200
    told = morning([Fix(NINE + days, float(days), 0.00125, 0.00375, 1.0, 5.0)])
    (out,) = said(told, SignedOut)
    assert out.shift == "2026-03-05/day"
