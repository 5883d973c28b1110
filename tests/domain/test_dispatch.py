"""A unit's status at dispatch: when it pauses a meter, when it ends a call, and by whom the record says it was."""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.events import MeteringPaused, MeteringResumed, ResumeBackdated
from edge.domain.inputs import Fix, HearStatus, Input, Pause, Resume, SignIn, SignOut, Start, Tick
from edge.domain.taps import StillPaused
from edge.domain.unit_status import UnitStatus
from tests.domain.script import SETTING, accounts, at, begin, meter, patrol, second
from tests.metering import Metered, play
from tests.oracle_plane import NINE, fix

RecordT = TypeVar("RecordT")

HOLDS_S: Final = 600.0
INSIDE: Final = 375.0


def said(mono: float, since: float, *, busy: bool, holds: float = HOLDS_S) -> HearStatus:
    """Dispatch's word, heard at a second and passed on then; ``since``: the second at which it began."""
    return HearStatus(mono, UnitStatus(busy, NINE + since, NINE + mono + holds))


def stand(*script: Input, until: int = 1000) -> Metered:
    """A car that stands in box 1 from second 0, up to a second."""
    return meter(at(0, until, INSIDE, speed=0.0), *script, run_on=0.0)


def kinds(metered: Metered, kind: type[RecordT]) -> list[RecordT]:
    """The records of a kind."""
    return [one.data for one in metered.events if isinstance(one.data, kind)]


def paused(metered: Metered) -> list[MeteringPaused]:
    """The records of pauses."""
    return kinds(metered, MeteringPaused)


def test_busy_pauses_as_a_call_and_available_ends_it() -> None:
    """The records say by whom; the minutes of the call are no dosage."""
    metered = stand(said(200.0, 200.0, busy=True), said(500.0, 500.0, busy=False))
    assert paused(metered) == [MeteringPaused("call", "dispatch")]
    assert kinds(metered, MeteringResumed) == [MeteringResumed(300.0, "dispatch")]
    assert metered.state.visit is not None
    assert metered.state.visit.dosage_s == pytest.approx(999.0 - 300.0)


def test_a_late_busy_takes_back_what_counted_since() -> None:
    """The record has since when it was, and how much of the open visit's dosage it took back."""
    metered = stand(said(230.0, 200.0, busy=True), until=300)
    (record,) = paused(metered)
    assert record.since is not None
    assert (second(record.since), record.taken_back_s) == (200.0, 30.0)
    assert metered.state.visit is not None
    assert metered.state.visit.dosage_s == pytest.approx(200.0)


def test_a_late_busy_takes_back_no_more_than_the_visit_has() -> None:
    """What was before the visit was no dosage; a counted visit stays one."""
    metered = meter(at(0, 100, 100.0), at(100, 300, INSIDE, speed=0.0), said(250.0, 20.0, busy=True), run_on=0.0)
    assert paused(metered)[0].taken_back_s == pytest.approx(150.0)
    assert metered.state.visit is not None
    assert (metered.state.visit.dosage_s, metered.state.visit.counted) == (0.0, True)


def test_a_late_available_is_recorded_with_its_time() -> None:
    """As an officer who had forgotten to say so: nothing recorded is changed by it."""
    metered = stand(said(200.0, 200.0, busy=True), said(500.0, 440.0, busy=False))
    (back,) = kinds(metered, ResumeBackdated)
    assert (second(back.since), back.back_s) == (440.0, 60.0)


def test_an_officers_later_tap_wins() -> None:
    """Back on patrol while dispatch still says busy: the same status once more changes nothing, the next one does."""
    again = (said(310.0, 200.0, busy=True), said(550.0, 200.0, busy=True))
    metered = stand(said(200.0, 200.0, busy=True), Resume(300.0), *again, said(700.0, 700.0, busy=True))
    assert [one.since for one in paused(metered)] == [None, None]
    assert [one.paused_s for one in kinds(metered, MeteringResumed)] == [100.0]
    assert [one.by for one in kinds(metered, MeteringResumed)] == [None]


def test_an_officers_call_is_ended_by_a_later_available_alone() -> None:
    """One that began before the tap is old news."""
    assert not kinds(stand(Pause(300.0, "call"), said(400.0, 290.0, busy=False)), MeteringResumed)
    ended = kinds(stand(Pause(300.0, "call"), said(400.0, 400.0, busy=False)), MeteringResumed)
    assert ended == [MeteringResumed(100.0, "dispatch")]


@pytest.mark.parametrize("reason", ["break", "station", "fuel", "backing_up"])
def test_dispatch_ends_calls_alone(reason: str) -> None:
    """A break is the officer's to end; busy meanwhile changes nothing."""
    metered = stand(Pause(300.0, reason), said(400.0, 400.0, busy=True), said(500.0, 500.0, busy=False))  # type: ignore[arg-type]
    assert not kinds(metered, MeteringResumed)
    assert len(paused(metered)) == 1


def test_an_expired_busy_pauses_nobody() -> None:
    """It is asked about nothing, either."""
    assert not paused(stand(HearStatus(900.0, UnitStatus(busy=True, since=NINE + 100, until=NINE + 700))))


def test_a_pause_that_dispatch_does_not_repeat_is_asked_about() -> None:
    """It goes on, for nobody knows; each repetition puts the question off, an answer settles it."""
    busy, more = said(100.0, 100.0, busy=True), said(340.0, 100.0, busy=True)
    held = stand(busy, more).state.pause
    assert held is not None
    assert not held.asks(939.0)
    assert held.asks(940.0)
    answered = stand(busy, StillPaused(800.0), until=900).state.pause
    assert answered is not None
    assert not answered.asks(900.0)


def test_a_car_that_was_offline_through_available_is_asked() -> None:
    """Back after the busy's ten minutes, it does not go on by itself."""
    metered = stand(said(100.0, 100.0, busy=True), said(900.0, 400.0, busy=False))
    pause = metered.state.pause
    assert pause is not None
    assert pause.asks(999.0)
    assert not kinds(metered, MeteringResumed)


def test_an_available_that_is_itself_old_asks_about_the_officers_call() -> None:
    """The call was tapped, and the car was away from the network while it ended."""
    old = HearStatus(900.0, UnitStatus(busy=False, since=NINE + 200, until=NINE + 800))
    pause = stand(Pause(100.0, "call"), old).state.pause
    assert pause is not None
    assert pause.asks(900.0)


def test_who_signs_in_while_dispatch_says_busy_is_paused_at_once() -> None:
    """From the sign-in on; signed out, there is nothing to pause."""
    metered = meter(
        at(0, 400, INSIDE, speed=0.0), said(100.0, 100.0, busy=True), SignIn(300.0, "4711"), officer=None, run_on=0.0
    )  # fmt: skip
    (record,) = paused(metered)
    assert record.since is None
    assert metered.state.pause is not None
    assert metered.state.pause.since == 300.0


def test_the_next_officer_is_not_bound_by_the_last_ones_tap() -> None:
    """A sign-out ends the pause; a busy that goes on pauses who comes next, unless a tap came after it began."""
    metered = stand(said(100.0, 100.0, busy=True), SignOut(200.0), SignIn(300.0, "4712"))
    assert len(paused(metered)) == 2


def test_without_a_clock_it_waits() -> None:
    """A status has a time of day: it counts from when the car knows it."""
    blind: list[Input] = [
        Start(0.0, "boot", 0.0, "test"),
        SignIn(0.0, "4711"),
        said(1.0, 1.0, busy=True),
        Tick(2.0, 0.0),
    ]
    assert not paused(play(SETTING, blind))
    known = [*blind, fix(3, INSIDE, 0.0), fix(4, INSIDE, 0.0), fix(5, INSIDE, 0.0)]
    assert len(paused(play(SETTING, known))) == 1


Change = tuple[int, int, bool]
"""Second at which a status begins, second at which the car hears of it, whether it is busy."""


def heard(changes: Sequence[Change], ends: int) -> Iterator[HearStatus]:
    """As headquarters passes them on: each when it comes, and again every 240 s until the next one has come."""
    for (since, first, busy), (_, following, _) in pairwise([*changes, (ends, ends, False)]):
        for mono in range(first, following, 240):
            yield said(float(mono), float(since), busy=busy)


def oracle(changes: Sequence[Change], ends: int) -> int:
    """Seconds that count, of a car in its box from second 0: none that dispatch calls busy, none before it is back."""
    count = [True] * ends
    for (since, _, busy), (_, following, _) in pairwise([*changes, (ends, ends, False)]):
        if busy:
            count[since:following] = [False] * len(count[since:following])
    return sum(count)


def compared(changes: Sequence[Change], ends: int) -> None:
    """Dosage and records against the oracle."""
    statuses = list(heard(changes, ends))
    fixes: list[Fix] = [*at(0, ends, INSIDE, speed=0.0), fix(ends, INSIDE, 0.0)]
    script: list[Input] = sorted([*fixes, *statuses], key=lambda one: one.mono)
    metered = play(SETTING, [*begin([patrol(1)]), *script])
    open_s = 0.0 if metered.state.visit is None else metered.state.visit.dosage_s
    total = open_s + sum(dosage for *_, dosage in accounts(metered))
    assert total == pytest.approx(oracle(changes, ends), abs=0.01 * (1 + len(changes)))
    assert {one.by for one in paused(metered)} <= {"dispatch"}
    assert len(paused(metered)) == sum(busy for _, _, busy in changes)


@st.composite
def shifts(draw: st.DrawFn) -> list[Change]:
    """Calls that follow one another, each heard of up to two minutes late, in order."""
    changes, now, known = list[Change](), 60, 60
    for number in range(2 * draw(st.integers(1, 4))):
        now = max(now + draw(st.integers(5, 200)), known - 60)
        known = max(now, known + 1) + draw(st.integers(0, 120))
        changes.append((now, known, number % 2 == 0))
        now = max(now, known - 30)
    return changes


@settings(max_examples=30, deadline=None)
@given(shifts())
def test_no_dosage_counts_while_busy(changes: list[Change]) -> None:
    """Against an oracle that shares no code: to the second, however late each status comes."""
    compared(changes, max(known for _, known, _ in changes) + 60)


def test_a_whole_shift_of_statuses() -> None:
    """Eight hours, a call each quarter of an hour or so, each heard of some seconds late."""
    made, changes, now = random.Random(13), list[Change](), 60  # noqa: S311 - a made day
    while now < 28_000:
        for busy, lasts in ((True, (60, 1500)), (False, (120, 900))):
            changes.append((now, now + made.randrange(0, 45), busy))
            now += made.randrange(*lasts)
    compared(changes, 28_800)
