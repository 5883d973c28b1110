"""Clocks that are wrong, late or stepped: durations do not care, and only trusted time ends a shift.

Box n of the made plane lies from x = 250 n m; the day shift ends at 18:00, second 32,400, the late one at 06:00.
"""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.events import ClockStepped, Event, MeteringResumed, ShiftBegan, VisitClosed, instant
from edge.domain.inputs import Fix, Input, Pause, Resume, SignIn, Start, Stop, Tick, UseTactic
from edge.domain.patrol import decide
from edge.domain.state import State
from tests.domain.script import DAY, SETTING, adopt, at, meter, patrol
from tests.metering import Metered, play
from tests.oracle_plane import NINE, fix

HOUR = 3600.0


def the_drive() -> list[Input]:
    """25 minutes: box 1 with a tactic, a call, a loss of GPS and a return, box 2, and the way between them."""
    return [
        *at(10, 20, 100),
        *at(20, 320, 375),
        UseTactic(60.5, "foot-patrol"),
        *at(320, 340, 400, speed=0.1),
        Pause(340.5, "call"),
        *at(341, 420, 400, speed=0.1),
        Resume(420.25),
        *at(421, 520, 375),
        *at(560, 620, 375),  # 40 s without a fix: lost at 529
        *at(620, 650, 480),
        *at(650, 700, 530),  # away from box 1, in box 2 since 650
        *at(700, 720, 480),
        *at(720, 1100, 625),
        *at(1100, 1400, 900),
    ]


def leaping(inputs: Iterable[Input], *leaps: tuple[float, float]) -> list[Input]:
    """The same inputs by satellites whose clock is, from each second on, so far off."""

    def off(mono: float) -> float:
        return ([0.0] + [by for since, by in leaps if since <= mono])[-1]

    return [replace(one, utc=one.utc + off(one.mono)) if isinstance(one, Fix) else one for one in inputs]


def visits_of(told: Metered) -> list[tuple[str, float, bool, str]]:
    """Each visit in the order of the ledger: box, dosage to the millisecond, whether it counts, why it ended."""
    closed = [event.data for event in told.events if isinstance(event.data, VisitClosed)]
    return [(visit.box, visit.dosage_s, visit.counted, visit.reason) for visit in closed]


def presence_of(told: Metered) -> dict[str | None, float]:
    """Trusted seconds by box."""
    boxes = {stay.box for stay in told.stays}
    return {box: round(sum(stay.seconds for stay in told.stays if stay.box == box), 3) for box in boxes}


def said(told: Metered, kind: type) -> list[Event]:
    """The records of one kind."""
    return [event for event in told.events if isinstance(event.data, kind)]


PATROLS = [patrol(1), patrol(2)]
STRAIGHT = meter(*the_drive(), patrols=PATROLS)
WITHIN_THE_DAY = st.floats(-2.9 * HOUR, 8.0 * HOUR)
MOMENTS = st.integers(10, 1400).map(float)


def test_the_drive_is_worth_comparing() -> None:
    """Boxes 1 and 2 have counted visits, away times, a pause and a loss in them."""
    assert [(box, counted) for box, _, counted, _ in visits_of(STRAIGHT)].count(("1-0", True)) >= 1
    assert ("2-0", True) in [(box, counted) for box, _, counted, _ in visits_of(STRAIGHT)]
    kinds = {event.data.type for event in STRAIGHT.events}
    assert {"gps_lost", "gps_found", "paused", "resumed", "visit_left", "visit_resumed", "tactic_used"} <= kinds


@settings(deadline=None, max_examples=50)
@given(MOMENTS, WITHIN_THE_DAY, MOMENTS, WITHIN_THE_DAY)
def test_leaps_of_the_satellites_clock_change_no_duration(
    first: float, by: float, second: float, then_by: float
) -> None:
    """Two leaps of up to hours, either way, at any second of the drive: the same visits, to the millisecond."""
    told = meter(*leaping(the_drive(), *sorted([(first, by), (second, then_by)])), patrols=PATROLS)
    assert visits_of(told) == visits_of(STRAIGHT)
    assert presence_of(told) == presence_of(STRAIGHT)
    paused = [event.data.paused_s for event in told.events if isinstance(event.data, MeteringResumed)]
    assert paused == [79.75]


@settings(deadline=None, max_examples=50)
@given(MOMENTS, st.sampled_from([-15.0, -5.0, 9.5, 12.0, 22.0, 100.0, -100.0]), st.integers(1, 600))
def test_a_leap_over_a_shifts_end_loses_no_presence(first: float, hours: float, lasts: int) -> None:
    """The clock leaps into another shift and perhaps back: every second of presence is in some record still."""
    told = meter(*leaping(the_drive(), (first, hours * HOUR), (first + lasts, 0.0)), patrols=PATROLS)
    assert sum(presence_of(told).values()) == sum(presence_of(STRAIGHT).values())
    assert all(stay.ended > stay.began for stay in told.stays)
    for stay in told.stays:
        assert (stay.ended - stay.began).total_seconds() >= stay.seconds - 0.002
    closed = [event.data for event in said(told, VisitClosed)]
    for visit in closed:
        assert isinstance(visit, VisitClosed)
        assert (visit.ended - visit.opened).total_seconds() >= visit.dosage_s - 0.002


@pytest.mark.parametrize("leap", [10 * HOUR, -5 * HOUR, 34 * HOUR])
def test_a_leap_over_a_shifts_end_in_mid_visit_splits_the_minutes_and_loses_none(leap: float) -> None:
    """Deep in box 1, 100 s in, the clock leaps: both parts together have the seconds that the one visit had."""
    stay = [*at(10, 20, 100), *at(20, 320, 375), *at(320, 360, 900)]
    straight = meter(*stay)
    plan = adopt(0.0, patrol(1), shift=SETTING.calendar.shift_at(NINE + 120 + leap).id, version=2)
    told = meter(plan, *leaping(stay, (120.0, leap)))
    assert [reason for *_, reason in visits_of(told)] == ["shift_ended", "left"]
    assert sum(dosage for _, dosage, *_ in visits_of(told)) == visits_of(straight)[0][1]


def test_a_leap_ahead_and_back_finds_the_plan_again() -> None:
    """For 30 s the clock is 10 h ahead, in the next shift: back in its own, the plan is in force, and visits open."""
    stay = [*at(10, 20, 100), *at(20, 320, 375), *at(320, 360, 900)]
    told = meter(*leaping(stay, (120.0, 10 * HOUR), (150.0, 0.0)))
    assert told.state.plan is not None
    assert [(box, counted) for box, _, counted, _ in visits_of(told)][-1] == ("1-0", True)
    assert told.state.shift is not None
    assert told.state.shift.id == DAY


def test_a_leap_of_decades_that_does_not_last_is_not_believed() -> None:
    """1024 weeks ahead for 50 s, after 90 s of the right date, and back: one shift, and no step of the clock."""
    weeks = 1024 * 7 * 24 * HOUR
    told = meter(*leaping([*at(10, 200, 375)], (100.0, weeks), (150.0, 0.0)))
    assert len(said(told, ShiftBegan)) == len(said(told, ClockStepped)) == 1


@pytest.mark.parametrize("late", [0.5, 2.2, 2.9])
def test_a_fix_that_comes_late_is_no_step(late: float) -> None:
    """Held up by a serial line for up to 3 s, now and then: the clock stays, and not a record is made of it."""
    fixes = [replace(one, utc=one.utc - late) if one.mono % 7 == 0 else one for one in at(10, 200, 375)]
    told = meter(*fixes)
    assert len(said(told, ClockStepped)) == 1  # from none to gps


def test_a_first_fix_that_was_late_is_mended_by_the_next() -> None:
    """2.5 s late, the clock is as much behind until a fix in time comes: a step ahead, of 2.5 s."""
    fixes = at(10, 100, 375)
    told = meter(replace(fixes[0], utc=fixes[0].utc - 2.5), *fixes[1:])
    assert [event.data.step_s for event in told.events if isinstance(event.data, ClockStepped)] == [-2.5, 2.5]
    assert told.state.utc(100.0) == NINE + 100.0


def test_untrusted_time_ends_no_shift() -> None:
    """The computer comes up ten hours ahead and finds neither sky nor network for twelve: still the same shift."""
    inputs: list[Input] = [Start(0.0, "a", NINE, "t"), *at(1, 100, 375), Stop(100.0)]
    wrong = [Tick(60.0 + second, NINE + 110.0 + 10 * HOUR + second) for second in range(0, 43_200, 60)]
    told = play(SETTING, [*inputs, Start(50.0, "b", NINE + 110.0 + 10 * HOUR, "t"), *wrong])
    assert len(said(told, ShiftBegan)) == 1
    assert told.state.shift is not None
    assert told.state.shift.id == DAY


def test_the_shift_ends_when_network_time_comes() -> None:
    """NTP comes hours after the boundary: one shift begins then, and nothing is said of those in between."""
    inputs: list[Input] = [Start(0.0, "a", NINE, "t"), *at(1, 100, 375), Stop(100.0)]
    later = NINE + 30 * HOUR
    ticks = [Tick(60.0 + second, later + second, ntp=second >= 600) for second in range(1200)]
    told = play(SETTING, [*inputs, Start(50.0, "b", NINE - 5 * HOUR, "t"), *ticks])
    began = said(told, ShiftBegan)
    assert [event.shift for event in began] == [DAY, "2026-03-03/day"]
    assert began[1].time == instant(later + 600)
    step = said(told, ClockStepped)[-1].data
    assert isinstance(step, ClockStepped)
    assert (step.before, step.after) == ("saved", "ntp")


def test_network_time_does_not_move_what_the_satellites_set() -> None:
    """NTP that disagrees with GPS by hours is not heard."""
    ticks = [Tick(second + 0.5, NINE + second + 4 * HOUR, ntp=True) for second in range(20, 90)]
    told = meter(*at(10, 100, 375), *ticks)
    assert len(said(told, ClockStepped)) == 1
    assert told.state.utc(100.0) == NINE + 100.0


def test_before_time_is_trusted_no_shift_is_claimed() -> None:
    """After a boot the saved shift may be over: sign-in and pause are recorded without one, until time is known."""
    inputs: list[Input] = [Start(0.0, "a", NINE, "t"), SignIn(1.0, "1"), *at(2, 100, 375), Stop(100.0)]
    again: list[Input] = [Start(5.0, "b", 0.0, "t"), SignIn(6.0, "2"), Pause(7.0, "station"), Tick(8.0, 0.0)]
    found = [replace(fix(mono, 375), utc=NINE + 3 * 24 * HOUR + mono) for mono in range(20, 30)]
    told = play(SETTING, [*inputs, *again, *found, Resume(31.0)])
    second = [event for event in told.events if event.boot == "b"]
    assert {event.shift for event in second if event.clock == "saved"} == {None}
    resumed = second[-1]
    assert (resumed.data.type, resumed.shift) == ("resumed", "2026-03-05/day")
    began = [event for event in second if isinstance(event.data, ShiftBegan)]
    assert len(began) == 1


@pytest.mark.parametrize("wrong", [-10 * HOUR, -0.5, 0.0, 10 * HOUR])
def test_a_pause_over_a_boot_lasts_as_long_as_it_did(wrong: float) -> None:
    """Paused at 100, the computer off from 120 to 1920 and up again by a wrong clock; resumed at 2000: 1900 s."""
    inputs: list[Input] = [Start(0.0, "a", NINE, "t"), SignIn(0.0, "1"), *at(1, 100, 375), Pause(100.0, "break")]
    off: list[Input] = [*at(101, 121, 375), Start(7.0, "b", NINE + 1920 + wrong, "t"), Tick(8.0, NINE + 1921 + wrong)]
    found = [replace(fix(mono, 375), utc=NINE + 1913.0 + mono) for mono in range(20, 80)]
    told = play(SETTING, [*inputs, *off, *found, Resume(87.0)])
    (resumed,) = said(told, MeteringResumed)
    assert isinstance(resumed.data, MeteringResumed)
    assert resumed.data.paused_s == pytest.approx(1900.0, abs=0.01)


@pytest.mark.parametrize(("off", "visits"), [(60.0, ["left"]), (1800.0, ["left", "left"])])
def test_who_left_before_the_power_cut_is_back_in_time_by_the_satellites_alone(off: float, visits: list[str]) -> None:
    """Out of box 1 at 200, cut at 215, a computer clock that stood still: back after 86 s resumes, after 1826 s not."""
    inputs: list[Input] = [Start(0.0, "a", NINE, "t"), SignIn(0.0, "1"), adopt(0.0, patrol(1))]
    away = [*at(1, 200, 375), *at(200, 216, 530)]
    back = [replace(fix(mono, 530), utc=NINE + 208.0 + off + mono) for mono in range(20, 25)]
    home = [replace(fix(mono, 375), utc=NINE + 208.0 + off + mono) for mono in range(25, 200)]
    on = [*home, *[replace(fix(mono, 900), utc=NINE + 208.0 + off + mono) for mono in range(200, 400)]]
    told = play(SETTING, [*inputs, *away, Start(7.0, "b", NINE, "t"), *back, *on])
    assert [reason for *_, reason in visits_of(told)] == visits
    assert sum(dosage for _, dosage, *_ in visits_of(told)) == pytest.approx(199.0 + 175.0, abs=1.01)


@pytest.mark.parametrize("garbage", [4_300_000_000.0, 1e11])
def test_a_clock_beyond_2099_is_no_guess(garbage: float) -> None:
    """A computer without a battery says 2106: neither that boot nor the next one believes it."""
    state, _ = decide(SETTING, State("car-1", "x"), Start(5.0, "a", garbage, "t"))
    state, _ = decide(SETTING, state, Tick(6.0, garbage + 1.0, ntp=True))
    assert state.utc(state.mono) < 86_400.0
    state, _ = decide(SETTING, state, Start(5.0, "b", NINE, "t"))
    assert state.utc(state.mono) == NINE


@pytest.mark.parametrize("flag", ["simulated", "manual", "dead_reckoning", "no_satellites"])
def test_a_position_without_satellites_sets_no_clock(flag: str) -> None:
    """A simulator's time, or a receiver's own clock before it sees the sky, is not the satellites' time."""
    made = [replace(fix(mono, 375), flags=(flag,)) for mono in range(1, 60)]
    told = play(SETTING, [Start(0.0, "a", NINE - 50.0, "t"), *made])
    assert told.state.clock.state == "none"
    told = play(SETTING, [Start(0.0, "a", NINE - 50.0, "t"), *(replace(one, flags=()) for one in made)])
    assert told.state.clock.state == "gps"
