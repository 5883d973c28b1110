"""The metering table's rows on duty: call, plan, shift, officer, restart, clock.

Numbers by hand, in seconds after 09:00; the shifts change at second 32,400. Box 1 is x = 250 to 500 m.
"""

from dataclasses import replace
from typing import get_args

import pytest

from edge.domain.events import (
    ClockStepped,
    MeteringPaused,
    MeteringResumed,
    PauseReason,
    PlanAdopted,
    PrescribedReached,
    PresenceRecorded,
    Segment,
    ShiftBegan,
    Started,
    VisitClosed,
    VisitCounted,
    VisitResumed,
)
from edge.domain.inputs import Fix, Pause, Resume, SignIn, SignOut, Start, Tick
from edge.domain.policy import Prescription
from tests.domain.script import (
    BOUNDARY,
    LATE,
    SETTING,
    accounts,
    adopt,
    at,
    begin,
    meter,
    only,
    patrol,
    presence,
    said,
    second,
    seconds_of,
)
from tests.metering import OFFICER, play
from tests.oracle_plane import NINE, fix

SHORT = Prescription(minutes=5.0)


def _later(fixes: list[Fix], utc_s: float) -> list[Fix]:
    """The same fixes by a receiver whose UTC is ahead."""
    return [replace(one, utc=one.utc + utc_s) for one in fixes]


# call for service, break, station | one tap pauses; not dosage; driving out closes; arrivals while paused are presence


@pytest.mark.parametrize("reason", get_args(PauseReason))
def test_call_break_or_station_pauses_with_one_tap(reason: PauseReason) -> None:
    """Paused 30…60 in a stay of 100 s: one visit of 70 s; all of it is presence."""
    metered = meter(at(0, 101, 400), Pause(30, reason), Resume(60))
    assert said(metered, MeteringPaused) == [(30, MeteringPaused(reason))]
    assert said(metered, MeteringResumed) == [(60, MeteringResumed(30))]
    assert accounts(metered) == [("1-0", 0, 100, 70)]
    assert presence(metered) == [("1-0", 0, 100, 100)]


def test_call_driving_out_while_paused_closes_the_visit() -> None:
    """Paused at 30, outside from 40, left at 50: closed then, ended at 40, with its 30 s; coming back is no return."""
    metered = meter(at(0, 40, 400), Pause(30, "call"), at(40, 60, 600), at(60, 100, 400))
    assert accounts(metered) == [("1-0", 0, 40, 30)]
    assert seconds_of(metered, VisitClosed) == [50]


def test_call_arrivals_while_paused_are_presence() -> None:
    """On the way to a call at 0, in box 1 for 10…80, beyond it from 81: a stay, no visit."""
    metered = meter(Pause(0, "call"), at(0, 10, 100), at(10, 81, 400), at(81, 100, 900))
    assert metered.visits == []
    assert presence(metered)[1] == ("1-0", 10, 81, 71)


def test_call_that_ends_in_a_box_opens_a_visit_then() -> None:
    """In box 1 from 0, the call ends at 40: a visit since 40."""
    assert accounts(meter(Pause(0, "call"), at(0, 101, 400), Resume(40))) == [("1-0", 40, 100, 60)]


# plan changed or box suppressed in mid-visit | what was prescribed on arrival stays; a suppression ends the visit


def test_plan_changed_in_mid_visit_leaves_what_was_prescribed_on_arrival() -> None:
    """From 15 to 5 minutes at 30: the prompt comes at 900, not at 300."""
    metered = meter(at(0, 1000, 400), adopt(30, patrol(1, prescription=SHORT), version=2))
    assert seconds_of(metered, PrescribedReached) == [900]
    assert len(metered.visits) == 1


def test_plan_changed_so_that_the_box_is_gone_leaves_the_visit() -> None:
    """Box 1 is no longer in the plan from 30 on: the visit goes on to its end."""
    assert accounts(meter(at(0, 91, 400), adopt(30, patrol(5), version=2))) == [("1-0", 0, 90, 90)]


def test_plan_changed_to_an_older_version_changes_nothing() -> None:
    """Version 1 comes again, suppressing the box: it is not obeyed, and not recorded."""
    metered = meter(at(0, 91, 400), adopt(30, patrol(1, "street closed"), version=1))
    assert accounts(metered) == [("1-0", 0, 90, 90)]
    assert seconds_of(metered, PlanAdopted) == [0, 0]


def test_box_suppressed_in_mid_visit_ends_the_visit_with_its_reason() -> None:
    """Suppressed at 70: closed at 70 as suppressed; the plan's record has the reason; the car stays, as presence."""
    metered = meter(at(0, 101, 400), adopt(70, patrol(1, "street closed"), version=2))
    assert accounts(metered) == [("1-0", 0, 70, 70)]
    assert (only(metered).reason, only(metered).counted) == ("suppressed", True)
    adopted = said(metered, PlanAdopted)[-1][1]
    assert isinstance(adopted, PlanAdopted)
    assert (adopted.boxes, adopted.suppressed) == ((), (("1-0", "street closed"),))
    assert presence(metered) == [("1-0", 0, 100, 100)]


# shift ends inside | closed at the boundary, reopened under the new plan; each part needs its own 60 s


def test_shift_ends_inside_closes_and_reopens_at_the_boundary() -> None:
    """70 s before it and 69 s after it: two visits, each counted, each of its own shift; the stay is split too."""
    metered = meter(at(BOUNDARY - 70, BOUNDARY + 70, 400))
    expected = [("1-0", BOUNDARY - 70, BOUNDARY, 70), ("1-0", BOUNDARY, BOUNDARY + 69, 69)]
    assert accounts(metered) == presence(metered) == expected
    assert [(visit.reason, visit.counted) for visit in metered.visits] == [("shift_ended", True), ("lost", True)]
    assert metered.state.visits.counted_in_shift("1-0", LATE) == 1


def test_shift_ends_inside_and_each_part_needs_its_own_60_seconds() -> None:
    """40 s and 59 s: neither counts."""
    metered = meter(at(BOUNDARY - 40, BOUNDARY + 60, 400))
    assert [(visit.dosage_s, visit.counted) for visit in metered.visits] == [(40, False), (59, False)]


def test_shift_ends_inside_and_the_new_plan_decides() -> None:
    """The late shift's plan prescribes 5 minutes; where it does not have the box nothing reopens."""
    short = meter(
        at(BOUNDARY - 70, BOUNDARY + 400, 400), adopt(0, patrol(1, prescription=SHORT), version=2, shift=LATE)
    )
    assert seconds_of(short, PrescribedReached) == [BOUNDARY + 300]
    gone = meter(at(BOUNDARY - 70, BOUNDARY + 70, 400), adopt(0, patrol(5), version=2, shift=LATE))
    assert accounts(gone) == [("1-0", BOUNDARY - 70, BOUNDARY, 70)]


# sign-out, change of officer | sign-out closes the visit (presence goes on); a second officer is a new segment


def test_sign_out_closes_the_visit_and_presence_goes_on_unattributed() -> None:
    """Signed out at 70: closed at 70; the stay of 100 s is nobody's."""
    metered = meter(at(0, 101, 400), SignOut(70))
    assert accounts(metered) == [("1-0", 0, 70, 70)]
    assert only(metered).reason == "signed_out"
    ((stay, officer),) = [
        (event.data, event.officer) for event in metered.events if isinstance(event.data, PresenceRecorded)
    ]
    assert (stay.seconds, officer) == (100, None)


def test_signed_out_arrivals_are_presence_and_a_sign_in_opens_the_visit() -> None:
    """Nobody is signed in until 40: the visit is that of 40…100."""
    assert meter(at(0, 101, 400), officer=None).visits == []
    assert accounts(meter(at(0, 101, 400), SignIn(40, OFFICER), officer=None)) == [("1-0", 40, 100, 60)]


def test_change_of_officer_is_a_new_segment_of_the_same_visit() -> None:
    """4712 takes over at 40 of 100: one visit, 40 s and 60 s; signing in again changes nothing."""
    metered = meter(at(0, 101, 400), SignIn(40, "4712"), SignIn(50, "4712"))
    assert accounts(metered) == [("1-0", 0, 100, 100)]
    assert only(metered).segments == (Segment(OFFICER, 40), Segment("4712", 60))


# restart, power cut | resumed within 5 min in the same box by the first trusted fix, else closed at the last second


def test_restart_in_the_same_box_resumes_and_the_gap_is_recorded() -> None:
    """Last known at 69, started again at 100, found at 103: 69 s and 37 s; the 34 s between are no dosage."""
    metered = meter(at(0, 70, 400), Start(100, "boot", 0.0, "test"), at(103, 141, 400))
    assert said(metered, Started)[1:] == [(100, Started("test", 31.0))]
    ((_, resumed),) = said(metered, VisitResumed)
    assert isinstance(resumed, VisitResumed)
    assert resumed.away_s == 34
    assert accounts(metered) == presence(metered) == [("1-0", 0, 140, 106)]


@pytest.mark.parametrize(("away", "visits"), [(300, 1), (301, 2)])
def test_power_cut_of_5_minutes_by_the_clock_of_the_satellites(away: int, visits: int) -> None:
    """The computer starts from second 0 with a clock that lags; the first fix says how long it was off."""
    down = Start(0.0, "boot-2", 0.0, "test")
    found = [replace(one, mono=one.mono - 69 - away + 20) for one in at(69 + away, 69 + away + 71, 400)]
    metered = play(SETTING, [*begin([patrol(1)]), *at(0, 70, 400), down, *found, Tick(1000.0, 0.0)])
    assert [visit.dosage_s for visit in metered.visits] == ([69 + 70] if visits == 1 else [69, 70])
    assert metered.visits[0].reason == ("lost" if visits == 1 else "restart")


def test_restart_elsewhere_closes_the_visit_at_the_last_known_second() -> None:
    """Found in box 3 a minute later: the visit ended at 69, the last second known."""
    metered = meter(at(0, 70, 400), Start(100, "boot", 0.0, "test"), at(130, 200, 900))
    assert accounts(metered) == [("1-0", 0, 69, 69)]
    assert (only(metered).reason, seconds_of(metered, VisitClosed)) == ("restart", [130])
    assert presence(metered)[0] == ("1-0", 0, 69, 69)


def test_restart_waits_for_a_trusted_fix() -> None:
    """A poor fix in box 3 decides nothing; the good one in box 1 resumes."""
    poor = fix(103, 900, accuracy=35)
    metered = meter(at(0, 70, 400), Start(100, "boot", 0.0, "test"), poor, at(104, 141, 400))
    assert accounts(metered) == [("1-0", 0, 140, 69 + 36)]


def test_restart_without_another_fix_closes_the_visit_after_5_minutes() -> None:
    """Nothing more is heard: closed 300 s after the start, at the last known second."""
    metered = meter(at(0, 70, 400), Start(100, "boot", 0.0, "test"))
    assert seconds_of(metered, VisitClosed) == [400]
    assert accounts(metered) == [("1-0", 0, 69, 69)]


# clock stepped | durations are monotonic; UTC is mended by an appended event; boundaries follow trusted time only


def test_clock_stepped_leaves_durations_and_mends_utc_by_an_event() -> None:
    """At 40 UTC jumps by an hour, and is believed once that has lasted as long: one visit, an hour later, a step."""
    metered = meter(at(0, 40, 400), _later(at(40, 101, 400), 3600))
    assert said(metered, ClockStepped)[1:] == [(80, ClockStepped("gps", "gps", 3600.0))]
    assert accounts(metered) == presence(metered) == [("1-0", 3600, 3700, 100)]
    assert seconds_of(metered, VisitCounted) == [60]


def test_clock_stepped_by_less_than_2_seconds_is_latency() -> None:
    """Neither a record nor another time."""
    metered = meter(at(0, 40, 400), _later(at(40, 101, 400), 1.9))
    assert len(said(metered, ClockStepped)) == 1  # from the computer's clock to the satellites'
    assert accounts(metered) == [("1-0", 0, 100, 100)]


def test_shift_boundaries_follow_trusted_time_only() -> None:
    """The computer's clock passes 18:00: no shift begins by it; by NTP, or by a fix, one does."""
    saved = Start(0, "boot", NINE + BOUNDARY - 10, "test")
    assert seconds_of(meter(saved, Tick(60, NINE + BOUNDARY + 50), run_on=0), ShiftBegan) == []
    by_ntp = meter(saved, Tick(60, NINE + BOUNDARY + 50, ntp=True), Tick(61, 0.0), run_on=0)
    by_fix = meter(saved, _later(at(60, 61, 400), BOUNDARY - 10), run_on=0)
    ((_, began),) = said(by_ntp, ShiftBegan)
    assert isinstance(began, ShiftBegan)
    assert second(began.starts) == BOUNDARY
    assert said(by_fix, ShiftBegan) == [(60, began)]
