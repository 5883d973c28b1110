"""Whose name a car goes on in: the officer's who signed in, until the shift is over and the car was off.

The day shift ends at 18:00, second 32,400 after 09:00; the late one at 06:00.
"""

from dataclasses import replace
from datetime import datetime

import pytest

from edge.domain.events import Event, SignedOut, instant
from edge.domain.inputs import Fix, Input, Pause, SignIn, Start
from tests.domain.script import BOUNDARY, LATE, SETTING, adopt, at, patrol
from tests.metering import Metered, play
from tests.oracle_plane import NINE, fix

HOUR = 3600.0


def said(told: Metered, kind: type) -> list[Event]:
    """The records of one kind."""
    return [event for event in told.events if isinstance(event.data, kind)]


def signed_out_after(off: float, *, signed_in: float = 1.0, boot: str = "b") -> list[datetime]:
    """When an officer of 09:00 + ``signed_in`` is signed out by a car that stood off from second 30,000 for a while."""
    inputs: list[Input] = [Start(0.0, "a", NINE, "t"), *at(0, 2, 375), SignIn(signed_in, "1")]
    inputs += [*at(29_990, 30_000, 375), Start(20.0 if boot == "b" else 30_000 + off, boot, NINE, "t")]
    mono = 30.0 if boot == "b" else 30_010.0 + off
    inputs += [Fix(NINE + 30_010.0 + off, mono, 0.00125, 0.00375, 1.0, 5.0)]
    told = play(SETTING, sorted(inputs[:-2], key=lambda one: one.mono) + inputs[-2:])
    assert (told.state.officer is None) == bool(said(told, SignedOut))
    return [event.time for event in said(told, SignedOut)]


def test_a_car_that_stood_off_over_the_shifts_end_signs_its_officer_out() -> None:
    """The day ends at 18:00. Off from 17:20 to the next morning: signed out at the first trusted second."""
    assert signed_out_after(15 * HOUR) == [instant(NINE + 30_010 + 15 * HOUR)]


@pytest.mark.parametrize(
    ("off", "signed_in", "boot"),
    [
        (1800.0, 1.0, "b"),  # a break within the shift
        (200.0, 1.0, "a"),  # the daemon alone was down, for a moment
        (HOUR, 29_995.0, "b"),  # who signed in less than an hour before 18:00 came for the late shift
    ],
)
def test_who_is_still_on_duty_stays_signed_in(off: float, signed_in: float, boot: str) -> None:
    """A lunch with the engine off, a restart of the daemon, an early sign-in."""
    assert signed_out_after(off, signed_in=signed_in, boot=boot) == []


def test_a_short_power_cut_in_overtime_keeps_officer_and_visit() -> None:
    """18:10, a minute without power: within the 5 minutes in which a visit is resumed, nobody is signed out."""
    inputs: list[Input] = [Start(0.0, "a", NINE, "t"), SignIn(0.0, "1"), adopt(0.0, patrol(1), shift=LATE)]
    stay = at(BOUNDARY + 500, BOUNDARY + 600, 375)
    again = [replace(fix(mono, 375), utc=NINE + BOUNDARY + 640 + mono) for mono in range(20, 100)]
    told = play(SETTING, [*inputs, fix(1.0, 100), *stay, Start(7.0, "b", NINE, "t"), *again])
    assert told.state.officer == "1"
    assert [event.data.type for event in told.events].count("visit_resumed") == 1


def test_signing_out_by_the_shifts_end_is_in_the_old_officers_name() -> None:
    """The record names who is signed out, a pause ends with it, and the next sign-in is the new officer's."""
    inputs: list[Input] = [Start(0.0, "a", NINE, "t"), SignIn(0.0, "1"), *at(1, 60, 375), Pause(60.0, "station")]
    monday = [replace(fix(mono, 375), utc=NINE + 66 * HOUR + mono) for mono in range(20, 30)]
    told = play(SETTING, [*inputs, Start(7.0, "b", NINE, "t"), *monday, SignIn(31.0, "2")])
    (out,) = said(told, SignedOut)
    assert out.officer == "1"
    assert told.state.officer == "2"
    assert told.state.pause is None


@pytest.mark.parametrize("off", [66 * HOUR, BOUNDARY - 280.0])
def test_a_visit_paused_before_a_power_cut_ends_at_the_last_known_second(off: float) -> None:
    """Whether a sign-out or the shift's end closes it on the return: the gap is no part of the visit."""
    inputs: list[Input] = [Start(0.0, "a", NINE, "t"), SignIn(0.0, "1"), adopt(0.0, patrol(1)), *at(1, 301, 375)]
    inputs += [Pause(300.5, "call"), *at(301, 400, 375, 0.0)]
    back = [replace(fix(mono, 375), utc=NINE + 400 + off + mono) for mono in range(20, 40)]
    told = play(SETTING, [*inputs, Start(7.0, "b", NINE, "t"), *back])
    (closed,) = told.visits
    assert closed.ended == instant(NINE + 399)


def test_the_sign_out_on_the_return_is_of_the_shift_that_runs_then() -> None:
    """Not of Friday's, which is over."""
    inputs: list[Input] = [Start(0.0, "a", NINE, "t"), SignIn(0.0, "1"), *at(1, 60, 375)]
    monday = [replace(fix(mono, 375), utc=NINE + 66 * HOUR + mono) for mono in range(20, 30)]
    told = play(SETTING, [*inputs, Start(7.0, "b", NINE, "t"), *monday])
    (out,) = said(told, SignedOut)
    assert told.state.shift is not None
    assert out.shift == told.state.shift.id
