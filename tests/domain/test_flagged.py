"""The record says how good each minute was: flagged seconds of visits and stays, and why a position was lost.

Numbers by hand, in seconds after 09:00. Box 1 is x = 250 to 500 m.
"""

from dataclasses import replace

from edge.contract.records import decode_event, encode_event
from edge.domain.events import EventData, FlaggedTime, GpsLost, PresenceRecorded, VisitClosed
from edge.domain.inputs import Fix
from tests.domain.script import at, meter, patrol, said
from tests.metering import Metered


def flagged(fixes: list[Fix], *flags: str) -> list[Fix]:
    return [replace(fix, flags=flags) for fix in fixes]


def flags_of(metered: Metered, kind: type[EventData]) -> list[tuple[FlaggedTime, ...]]:
    return [data.flags for _, data in said(metered, kind) if isinstance(data, VisitClosed | PresenceRecorded)]


def test_a_minute_by_satellites_within_ten_metres_has_no_flag() -> None:
    """And its record is as software that knew none wrote it."""
    metered = meter(at(0, 71, 400))
    assert flags_of(metered, VisitClosed) == flags_of(metered, PresenceRecorded) == [()]
    assert not any(b"flags" in encode_event(event) for event in metered.events)


def test_flagged_seconds_are_in_the_visit_and_in_the_stay() -> None:
    """30 s assumed from 20, 10 s at 15 m and 10 s at 25 m from 50: a fix's flags are those of the second after it."""
    metered = meter(
        at(0, 20, 400),
        flagged(at(20, 50, 400), "accuracy_assumed"),
        at(50, 60, 400, accuracy=15),
        at(60, 70, 400, accuracy=25),
        at(70, 81, 400),
    )
    expected = (
        FlaggedTime("accuracy_assumed", 30.0),
        FlaggedTime("accuracy_over_10_m", 20.0),
        FlaggedTime("accuracy_over_20_m", 10.0),
    )
    assert flags_of(metered, VisitClosed) == flags_of(metered, PresenceRecorded) == [expected]
    for event in metered.events:
        assert decode_event(encode_event(event)) == event


def test_each_box_has_the_flags_of_its_own_seconds() -> None:
    """Side by side: 40 s in box 1 without a flag, then box 2 with one from its first second on."""
    metered = meter(at(0, 40, 480), flagged(at(40, 111, 520), "few_satellites"), patrols=[patrol(1), patrol(2)])
    assert flags_of(metered, VisitClosed) == flags_of(metered, PresenceRecorded) == [
        (), (FlaggedTime("few_satellites", 70.0),)
    ]  # fmt: skip


def test_flagged_seconds_outside_count_where_the_car_comes_back() -> None:
    """9 s outside with a flag and back: dosage, and flagged. For good: neither."""
    outside = flagged(at(40, 49, 510), "few_satellites")
    back = meter(at(0, 40, 400), outside, at(49, 81, 400))
    assert flags_of(back, VisitClosed) == [(FlaggedTime("few_satellites", 9.0),)]
    gone = meter(at(0, 71, 400), flagged(at(71, 300, 600), "few_satellites"))
    assert flags_of(gone, VisitClosed) == [()]


def test_a_loss_says_what_the_fixes_since_had_against_them() -> None:
    """In a tunnel: estimated positions. In a yard: an accuracy of 40 m. Nothing at all: nothing."""
    for fixes, expected in (
        (flagged(at(31, 60, 400), "dead_reckoning", "no_satellites"), ("dead_reckoning", "no_satellites")),
        (at(31, 60, 400, accuracy=40), ("accuracy_over_10_m", "accuracy_over_20_m")),
        ([], ()),
    ):
        ((_, lost),) = said(meter(at(0, 31, 400), fixes), GpsLost)
        assert isinstance(lost, GpsLost)
        assert lost.flags == expected
