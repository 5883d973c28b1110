"""Receivers whose date or second is wrong: what their bytes lead to in the record, through reader, gate and rules."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from operator import xor

import pytest

from edge.demo.nmea import nmea_sentences
from edge.domain.events import ClockStepped, ShiftBegan, VisitClosed
from edge.domain.inputs import Input, SignIn, Start, Tick
from edge.domain.state import Setting
from edge.vehicle.gps.pipeline import Pipeline
from tests.domain.script import SETTING, adopt, patrol
from tests.metering import Metered, play
from tests.oracle_plane import NINE

WEEKS_1024 = 1024 * 7 * 86_400.0
LEAP = datetime(2027, 1, 1, tzinfo=UTC).timestamp()
"""As if a leap second were inserted at the end of 2026."""


def sentences(utc: float, x: float = 375.0) -> bytes:
    """One epoch in box 1, or at another metre of the plane."""
    return nmea_sentences(utc, 0.00125, x / 100_000.0, 5.0, 90.0)


def driven(epochs: list[tuple[float, bytes]], began: float, setting: Setting = SETTING) -> tuple[Metered, Counter[str]]:
    """An officer's patrol of box 1 from epochs, each with its second of receipt; and what was refused."""
    pipeline = Pipeline()
    inputs: list[Input] = [Start(0.0, "a", began, "t"), SignIn(0.0, "1")]
    inputs += [adopt(0.0, patrol(1), shift=setting.calendar.shift_at(began).id)]
    for mono, epoch in epochs:
        for sentence in pipeline.reader.feed(epoch):
            inputs += pipeline.add(sentence, mono)
    inputs.append(Tick(epochs[-1][0] + 1000.0, 0.0))
    return play(setting, inputs), pipeline.refused


def a_stay(date_of: Callable[[float], float]) -> tuple[Metered, Counter[str]]:
    """202 s in box 1, the last ones on the way to box 3, by a receiver that says ``date_of`` the true second."""
    way = [(mono, 375.0 + 50.0 * max(0.0, min(mono - 199.0, 10.0))) for mono in map(float, range(260))]
    return driven([(mono, sentences(date_of(NINE + mono), x)) for mono, x in way], NINE)


@pytest.mark.parametrize(
    "date_of",
    [
        lambda utc: utc,
        lambda utc: utc - WEEKS_1024,  # its firmware is too old, from the start
        lambda utc: utc - (WEEKS_1024 if utc >= NINE + 100 else 0.0),  # the week's number runs over in mid-visit
        lambda utc: utc - (WEEKS_1024 if utc < NINE + 100 else 0.0),  # it learns better in mid-visit
    ],
    ids=["right", "from the start", "in mid-visit", "until mid-visit"],
)
def test_a_week_number_that_ran_over_changes_nothing(date_of: Callable[[float], float]) -> None:
    """Dates 1024 weeks back are moved on: one visit, its shift and its instants right, no step of the clock."""
    told, refused = a_stay(date_of)
    (visit,) = told.visits
    assert (visit.opened.timestamp(), visit.ended.timestamp()) == (NINE, NINE + 202)
    assert visit.dosage_s == 202.0
    assert len([event for event in told.events if isinstance(event.data, ShiftBegan)]) == 1
    assert len([event for event in told.events if isinstance(event.data, ClockStepped)]) == 1
    assert not refused


def test_a_receiver_that_leaps_a_thousand_weeks_ahead_costs_no_minute() -> None:
    """No receiver is known to; the gate takes three seconds to believe it, and the minutes of both shifts add up."""
    told, refused = a_stay(lambda utc: utc + (WEEKS_1024 if NINE + 100 <= utc < NINE + 150 else 0.0))
    assert refused["time_jump"] == refused["time_not_advancing"] > 0
    presence = sum(stay.seconds for stay in told.stays)
    straight = sum(stay.seconds for stay in a_stay(lambda utc: utc)[0].stays)
    assert presence >= straight - 10.0
    assert [visit.reason for visit in told.visits if visit.dosage_s > 60] != []


def second_sixty() -> bytes:
    """The epoch of 23:59:60, which `datetime` cannot write."""
    said = sentences(LEAP - 1.0).decode().split("\r\n")[:-1]
    bodies = [line[1:].partition("*")[0].replace("235959.000", "235960.000") for line in said]
    return "".join(f"${body}*{reduce(xor, body.encode(), 0):02X}\r\n" for body in bodies).encode()


def test_a_leap_second_is_no_step_and_costs_no_dosage() -> None:
    """23:59:60 is no time: its epoch is refused and counted; its second is dosage, and the clock 1 s off."""
    before = [(mono, sentences(LEAP - 100.0 + mono)) for mono in map(float, range(100))]
    after = [(mono, sentences(LEAP - 101.0 + mono)) for mono in map(float, range(101, 201))]
    told, refused = driven([*before, (100.0, second_sixty()), *after], LEAP - 100.0)
    assert refused == {"bad_time": 1}
    assert len([event for event in told.events if isinstance(event.data, ClockStepped)]) == 1
    (visit,) = [event.data for event in told.events if isinstance(event.data, VisitClosed)]
    assert visit.dosage_s == 200.0
