"""The Shift Report over a year, over wrong and late clocks, over boots: each shift's minutes, no more and no less."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from edge.domain.events import (
    Event,
    MeteringPaused,
    MeteringResumed,
    PresenceRecorded,
    SignedOut,
    VisitClosed,
    VisitOpened,
    instant,
)
from edge.domain.inputs import Fix, Input, Pause, Resume, SignIn, Start, Stop, Tick, UseTactic
from edge.headquarters.reports.model import ShiftReport, UnitReport
from edge.headquarters.store import Store
from tests.domain.scenes import ANY, scenes
from tests.domain.script import DAY, LATE, SETTING, at, begin, patrol
from tests.headquarters.projected import report_on
from tests.headquarters.year import AROUND_S, PAUSED_S, around_each_boundary, drive, report_of, setting_of, store_all
from tests.headquarters.year import shifts_of as shifts_by_zoneinfo
from tests.oracle_plane import NINE, fix

pytestmark = pytest.mark.timeout(300)  # a year of reports

HOUR, DAY_S = 3600.0, 86_400.0


def the_unit(report: ShiftReport) -> UnitReport:
    """The only vehicle of a report."""
    (unit,) = report.units
    return unit


CHANGES = {"America/Chicago": {7.0, 9.0}, "Australia/Lord_Howe": {7.5, 8.5}, "America/Havana": {7.0, 9.0}}
"""Hours of the two nights of a year in which the clocks change."""


def test_a_year_of_reports(file: Path) -> None:
    """1,095 shifts of Chicago's, as below."""
    with Store(file) as store:
        lengths = hold_reports(store, "America/Chicago", date(2026, 1, 1), 365)
    assert set(lengths) == {8.0} | CHANGES["America/Chicago"]


def test_a_month_of_reports(store: Store) -> None:
    """March, with the night of 7 h, on either kind of database."""
    assert set(hold_reports(store, "America/Chicago", date(2026, 3, 1), 30)) == {7.0, 8.0}


@pytest.mark.long
@pytest.mark.parametrize("zone", [*CHANGES, "Asia/Kathmandu"])
def test_a_year_of_reports_of_every_zone(store: Store, zone: str) -> None:
    """Clocks that change by half an hour, at midnight, and never; either kind of database."""
    assert set(hold_reports(store, zone, date(2026, 1, 1), 365)) == {8.0} | CHANGES.get(zone, set())


def hold_reports(store: Store, zone: str, first: date, days: int) -> Counter[float]:
    """With visits over every boundary: instants, visits, dosage, presence, pauses and gaps of each; hours of all.

    A night of 7 h has an hour less without a position than one of 8 h, and one of 9 h an hour more.
    """
    setting, shifts = setting_of(zone), shifts_by_zoneinfo(zone, first, days)
    store_all(store, drive(setting, around_each_boundary(shifts)))
    lengths: Counter[float] = Counter()
    for name, starts, ends in shifts[1:-1]:
        report = report_of(store, setting, name)
        assert (report.starts, report.ends) == (instant(starts), instant(ends))
        totals = the_unit(report).totals
        assert (totals.visits, totals.counted, totals.dosage_s) == (2, 2, 2.0 * AROUND_S)
        assert (totals.presence_s, totals.paused_s, totals.down_s) == (2.0 * AROUND_S, PAUSED_S, 0.0)
        assert totals.gps_lost_s + totals.presence_s == ends - starts
        first_visit, last = the_unit(report).visits
        assert (first_visit.continued, last.reason) == (True, "shift_ended")
        lengths[(ends - starts) / HOUR] += 1
    return lengths


def paused_within(events: list[Event], starts: float, ends: float) -> float:
    """Seconds of pauses within a shift, from taps to resumes, sign-outs or for ever."""
    total, since = 0.0, None
    for event in events:
        when = event.time.timestamp()
        if isinstance(event.data, MeteringPaused):
            since = when
        elif isinstance(event.data, MeteringResumed | SignedOut) and since is not None:
            total, since = total + max(0.0, min(when, ends) - max(since, starts)), None
    return total if since is None else total + max(0.0, ends - max(since, starts))


@settings(deadline=None, max_examples=60)
@given(scenes(ANY))
def test_totals_are_the_sums_over_the_records(inputs: list[Input]) -> None:
    """Whatever happens, restarts, leaps and losses: both shifts' totals are plain sums over the ledger's records."""
    events = drive(SETTING, inputs)
    for name in (DAY, LATE):
        shift = SETTING.calendar.shift(name)
        report = report_on(shift, events, [], instant(shift.ends + DAY_S))
        mine = [event for event in events if event.shift == name]
        if not mine:
            continue
        totals = the_unit(report).totals
        closed = [event.data for event in mine if isinstance(event.data, VisitClosed)]
        opened = {event.id for event in mine if isinstance(event.data, VisitOpened)}
        assert totals.visits == len(opened | {visit.visit for visit in closed})
        counted = [visit for visit in closed if visit.counted]
        assert totals.dosage_s == pytest.approx(sum(visit.dosage_s for visit in counted), abs=1e-6)
        stays = [event.data.seconds for event in mine if isinstance(event.data, PresenceRecorded)]
        assert totals.presence_s == pytest.approx(sum(stays), abs=1e-6)
        if not any(event.data.type == "clock_stepped" and event.seq > 2 for event in events):
            assert totals.paused_s == pytest.approx(paused_within(events, shift.starts, shift.ends), abs=1e-3)


def leaping(inputs: list[Input], since: float, by: float) -> list[Input]:
    """The same inputs, the satellites' clock so far off from a second on."""
    return [replace(one, utc=one.utc + by) if isinstance(one, Fix) and one.mono >= since else one for one in inputs]


@pytest.mark.parametrize("by", [-2 * HOUR, 3 * HOUR])
@pytest.mark.parametrize("since", [50.0, 130.0, 200.0])
def test_a_leap_of_the_clock_makes_nothing_longer(since: float, by: float) -> None:
    """A visit with a tactic, a pause and a loss: their seconds are those without the leap, wherever it comes."""
    inputs: list[Input] = [
        *begin([patrol(1)]),
        *at(10, 100, 375),
        UseTactic(40.5, "foot-patrol"),
        Pause(120.0, "call"),
        *at(100, 160, 375),
        Resume(160.5),
        *at(190, 300, 375),  # lost from 159 to 190
        *at(300, 330, 900),
    ]
    ordered = sorted(inputs, key=lambda one: one.mono)
    shift = SETTING.calendar.shift(DAY)
    straight, leapt = (
        the_unit(report_on(shift, drive(SETTING, one), [], instant(shift.ends)))
        for one in (ordered, leaping(ordered, since, by))
    )
    assert leapt.totals == straight.totals
    for one, other in zip(straight.visits, leapt.visits, strict=True):
        assert [part.seconds for part in other.tactics] == pytest.approx([part.seconds for part in one.tactics])
        spans = [sum((until - began).total_seconds() for began, until in visit.parts) for visit in (one, other)]
        assert spans[0] == pytest.approx(spans[1], abs=0.002)


def test_a_start_of_long_ago_is_no_loss_of_gps_today(store: Store) -> None:
    """The first start of all knew no shift; a week later there is no gap from the day's first fix on."""
    week = [fix(mono, 375) for mono in range(2, 100)]
    later = [fix(7 * DAY_S + mono, 375) for mono in range(1, 400)]
    between = [fix(7 * DAY_S - 4 * DAY_S + mono, 375) for mono in range(100)]
    store_all(store, drive(SETTING, [Start(0.0, "a", 1_000_000.0, "t"), SignIn(1.0, "1"), *week, *between, *later]))
    unit = the_unit(report_of(store, SETTING, "2026-03-09/day"))
    assert unit.officers == ("1",)
    first, last = instant(NINE + 7 * DAY_S + 1), instant(NINE + 7 * DAY_S + 399)
    assert [span for span in unit.spans if span.began < last and span.ended > first] == []


def over_a_weekend(tap: list[Input]) -> list[Event]:
    """Friday until 12:00, then off; on Monday at 09:00 some taps before the first fix, which comes 60 s after them."""
    friday: list[Input] = [Start(0.0, "a", NINE, "t"), SignIn(1.0, "117"), *at(2, 600, 375), Stop(600.0)]
    monday = [replace(fix(mono, 375), utc=NINE + 3 * DAY_S + mono) for mono in range(80, 1000)]
    return drive(SETTING, [*friday, Start(10.0, "b", 0.0, "t"), *tap, *monday, Resume(1000.0), Tick(1001.0, 0.0)])


def test_who_signs_in_before_time_is_known_is_of_the_day_it_is(store: Store) -> None:
    """Recorded by the saved clock of Friday: Monday's report has the officer and the pause, Friday's has neither."""
    store_all(store, over_a_weekend([SignIn(15.0, "204"), Pause(20.0, "station")]))
    friday, monday = (the_unit(report_of(store, SETTING, f"2026-03-0{day}/day")) for day in (2, 5))
    assert (friday.officers, friday.totals.paused_s) == (("117",), 0.0)
    assert (monday.officers, monday.totals.paused_s) == (("204",), 980.0)
    assert friday.last == instant(NINE + 600)


def test_the_night_is_not_yesterdays_officers(store: Store) -> None:
    """Nobody signs in on Monday: Friday's officer is signed out as soon as it is known to be Monday."""
    store_all(store, over_a_weekend([]))
    monday = the_unit(report_of(store, SETTING, "2026-03-05/day"))
    assert monday.officers == ()
    assert [span.kind for span in monday.spans].count("signed_out") == 1


def test_what_was_left_at_a_power_cut_is_not_moved_with_the_new_boots_clock() -> None:
    """The saved clock goes on from the very second of the cut; half an hour is mended, the visit's end stays."""
    inputs = [*begin([patrol(1)]), *at(10, 200, 375)]
    again = [replace(fix(mono, 375), utc=NINE + 2000 + mono) for mono in range(20, 60)]
    events = drive(SETTING, [*inputs, Start(5.0, "b", 0.0, "t"), Tick(6.0, 1.0), *again])
    shift = SETTING.calendar.shift(DAY)
    (visit, *_) = the_unit(report_on(shift, events, [], instant(shift.ends))).visits
    assert (visit.ended, visit.parts) == (instant(NINE + 199), ((instant(NINE + 10), instant(NINE + 199)),))


@pytest.mark.parametrize("wrong", [-10 * HOUR, -100.0, 0.0, 10 * HOUR])
def test_how_long_a_car_was_down_does_not_depend_on_the_computers_clock(wrong: float) -> None:
    """Cut at 199, up again 801 s later by a clock that is hours off, found after 15 s more: 801 s down, 15 s lost."""
    again = [replace(fix(mono, 375), utc=NINE + 980 + mono) for mono in range(35, 60)]
    start = Start(20.0, "b", NINE + 1000 + wrong, "t")
    ticks = [Tick(float(mono), NINE + 980 + mono + wrong) for mono in range(21, 35)]
    events = drive(SETTING, [*begin([patrol(1)]), *at(10, 200, 375), start, *ticks, *again])
    shift = SETTING.calendar.shift(DAY)
    totals = the_unit(report_on(shift, events, [], instant(NINE + 1040))).totals
    assert (totals.down_s, totals.gps_lost_s) == (801.0, 15.0 + 10.0)  # and 10 s before the first fix of all


def wrong_at_boots(inputs: list[Input], wrong: float) -> list[Input]:
    """The same inputs by a computer whose clock is so far off whenever it starts again."""
    first, *others = inputs
    return [
        first,
        *(
            replace(one, system_utc=one.system_utc + wrong) if isinstance(one, Start) and one.boot != "boot-1" else one
            for one in others
        ),
    ]


@settings(deadline=None, max_examples=80)
@given(scenes(ANY), st.sampled_from([-1e9, -7200.0, -200.0, -30.0, -1.0, 1.0, 40.0, 7200.0, 1e6]))
def test_what_the_computers_clock_says_at_a_boot_changes_no_figure(inputs: list[Input], wrong: float) -> None:
    """Any scene with boots, each of which learns the time some day, by right clocks and by wrong: the same totals.

    What a boot lasted that never learnt it, nobody knows.
    """
    assume(all(any(isinstance(one, Fix) for one in life) for life in lives(inputs)[:-1]))
    last = inputs[-1].mono + 1.0
    found = [fix(last + second, 375) for second in range(3)]
    told = [
        drive(SETTING, [*scene, *[replace(one, utc=true_utc(inputs) + one.mono) for one in found]])
        for scene in (inputs, wrong_at_boots(inputs, wrong))
    ]
    for name in (DAY, LATE):
        shift = SETTING.calendar.shift(name)
        one, other = (
            [unit.totals for unit in report_on(shift, events, [], instant(shift.ends)).units] for events in told
        )
        assert one == other


def lives(inputs: list[Input]) -> list[list[Input]]:
    """The inputs of each life of the daemon."""
    found: list[list[Input]] = []
    for one in inputs:
        if isinstance(one, Start):
            found.append([])
        found[-1].append(one)
    return found


def true_utc(inputs: list[Input]) -> float:
    """By how much the satellites' UTC is ahead of the last boot's monotonic clock."""
    start, *others = lives(inputs)[-1]
    offsets = [one.utc - one.mono for one in others if isinstance(one, Fix)]
    assert isinstance(start, Start)
    return offsets[-1] if offsets else start.system_utc - start.mono
