"""No sequence of inputs breaks the rules' invariants: hypothesis plays whole scenes through `decide`."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.contract.records import decode_event, encode_event
from edge.domain.events import Event, PresenceRecorded, TacticUndone, TacticUsed, VisitClosed, VisitOpened
from edge.domain.inputs import Fix, Input, Start, Tick
from edge.domain.patrol import decide
from edge.domain.state import State
from edge.domain.visits import VisitBook
from edge.vehicle.store import checkpoint
from tests.domain.scenes import ANY, RESTARTS, STEADY, scenes
from tests.domain.script import SETTING
from tests.metering import Metered, play

MILLISECOND = 0.001
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _steps(inputs: Sequence[Input]) -> Iterator[tuple[State, State, tuple[Event, ...]]]:
    """Each turn: the state before, the state after, its events."""
    state = State("car-1", "test")
    for given_input in inputs:
        after, events = decide(SETTING, state, given_input)
        yield state, after, events
        state = after


def _monotonic_seconds(inputs: Sequence[Input]) -> float:
    """How long the daemon ran, by the monotonic clock of each life."""
    total, began, latest = 0.0, inputs[0].mono, inputs[0].mono
    for one in inputs:
        if isinstance(one, Start):
            total, began, latest = total + latest - began, one.mono, one.mono
        latest = max(latest, one.mono)
    return total + latest - began


@SOME
@given(scenes(ANY))
def test_records_are_numbered_without_gaps(inputs: list[Input]) -> None:
    """Whatever comes in, ids follow one another from 1, and the state knows the last number."""
    seq = 0
    for _, after, events in _steps(inputs):
        for event in events:
            seq += 1
            assert (event.seq, event.id) == (seq, f"car-1:test:{seq}")
        assert after.seq == seq


@SOME
@given(scenes(ANY))
def test_one_visit_is_open_at_a_time(inputs: list[Input]) -> None:
    """Records open and close visits in turn; what is said of a visit is said of the one that is open."""
    current: str | None = None
    for _, after, events in _steps(inputs):
        for event in events:
            if isinstance(event.data, VisitOpened):
                assert current is None
                current = event.id
            elif (visit := getattr(event.data, "visit", None)) is not None:
                assert visit == current
                if isinstance(event.data, VisitClosed):
                    current = None
        assert (after.visit.id if after.visit else None) == current


@SOME
@given(scenes(ANY))
def test_dosage_is_at_most_the_wall_clock(inputs: list[Input]) -> None:
    """All dosage together is no more than the monotonic seconds the daemon ran; so is all presence."""
    metered = play(SETTING, inputs)
    seconds = _monotonic_seconds(inputs) + MILLISECOND * len(metered.events)
    assert sum(visit.dosage_s for visit in metered.visits) <= seconds
    assert sum(stay.seconds for stay in metered.stays) <= seconds


@SOME
@given(scenes(ANY))
def test_an_account_adds_up(inputs: list[Input]) -> None:
    """No visit or stay ends before it began; segments add up to the dosage; what counts has 60 s of it."""
    metered = play(SETTING, inputs)
    for visit in metered.visits:
        assert visit.ended >= visit.opened
        assert sum(segment.dosage_s for segment in visit.segments) == pytest.approx(visit.dosage_s, abs=1e-6)
        assert all(segment.dosage_s >= 0 for segment in visit.segments)
        assert not visit.counted or visit.dosage_s >= 60
    for stay in metered.stays:
        assert stay.ended > stay.began
        assert stay.seconds >= 0


@SOME
@given(scenes(st.one_of(STEADY, STEADY, RESTARTS)))
def test_on_a_steady_clock_visits_and_stays_follow_one_another(inputs: list[Input]) -> None:
    """No two visits overlap and no two stays do; neither lasts less than its trusted seconds."""
    metered = play(SETTING, inputs)
    _follow([(one.opened.timestamp(), one.ended.timestamp(), one.dosage_s) for one in metered.visits])
    _follow([(one.began.timestamp(), one.ended.timestamp(), one.seconds) for one in metered.stays])


def _follow(spans: Sequence[tuple[float, float, float]]) -> None:
    for opened, ended, seconds in spans:
        assert seconds <= ended - opened + 2 * MILLISECOND
    for (_, ended, _), (opened, _, _) in pairwise(spans):
        assert opened >= ended - MILLISECOND


@SOME
@given(scenes(st.one_of(STEADY, STEADY, RESTARTS)))
def test_dosage_of_a_box_is_presence_in_it(inputs: list[Input]) -> None:
    """On a steady clock no box gets more dosage than presence: nobody patrols a box from elsewhere."""
    metered = play(SETTING, inputs)
    dosage, seconds = defaultdict[str | None, float](float), defaultdict[str | None, float](float)
    for visit in metered.visits:
        dosage[visit.box] += visit.dosage_s
    for stay in metered.stays:
        seconds[stay.box] += stay.seconds
    for box, dose in dosage.items():
        assert dose <= seconds[box] + MILLISECOND * len(metered.events)


@SOME
@given(scenes(ANY))
def test_counts_never_fall(inputs: list[Input]) -> None:
    """A visit that was counted stays counted and in the book, with at least its dosage; an ended one stays ended."""
    for before, after, _ in _steps(inputs):
        for old in before.visits.all():
            new = after.visits.get(old)
            assert new is not None
            assert new.counted >= old.counted
            assert new.dosage_s >= old.dosage_s
            assert old.ended is None or new.ended is not None


@SOME
@given(scenes(ANY))
def test_the_book_holds_what_the_ledger_says(inputs: list[Input]) -> None:
    """Every closed visit is in the book of visits, ended, with its dosage and whether it counted."""
    metered = play(SETTING, inputs)
    mine = {visit.id: visit for visit in metered.state.visits.all() if visit.unit == "car-1"}
    for visit in metered.visits:
        booked = mine[visit.visit]
        assert (booked.counted, booked.early, booked.box) == (visit.counted, visit.early, visit.box)
        assert booked.dosage_s == pytest.approx(visit.dosage_s, abs=MILLISECOND)
        assert booked.ended is not None


@SOME
@given(scenes(ANY))
def test_a_tactic_is_undone_at_most_once(inputs: list[Input]) -> None:
    """Each undoing names a tap of the same visit that was not undone before."""
    taps: dict[str, str] = {}
    for event in play(SETTING, inputs).events:
        if isinstance(event.data, TacticUsed):
            taps[event.id] = event.data.visit
        elif isinstance(event.data, TacticUndone):
            assert taps.pop(event.data.undone) == event.data.visit


@SOME
@given(scenes(ANY))
def test_records_survive_the_wire(inputs: list[Input]) -> None:
    """Every record's canonical bytes are read back as the same record."""
    for event in play(SETTING, inputs).events:
        assert decode_event(encode_event(event)) == event


@SOME
@given(scenes(ANY))
def test_a_checkpoint_is_read_back_as_the_same_state(inputs: list[Input]) -> None:
    """What the vault keeps of a state, visits and plans aside, is that state."""
    states = [after for _, after, _ in _steps(inputs)]
    for state in states[:: max(1, len(states) // 20)]:
        read = checkpoint.load(checkpoint.dump(state), State("", ""))
        assert (read.state, read.notice) == (replace(state, visits=VisitBook(), plans=()), None)


@SOME
@given(scenes(ANY), st.data())
def test_more_ticks_change_no_visit_and_no_minute(inputs: list[Input], data: st.DataObject) -> None:
    """Seconds on the clock, put anywhere between the inputs of a life, leave the same visits, stays and state."""
    ticked = list[Input]()
    shares = data.draw(st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=1, max_size=7))
    for number, (one, following) in enumerate(pairwise([*inputs, inputs[-1]])):
        ticked.append(one)
        if not isinstance(following, Start):
            gap = max(0.0, following.mono - one.mono)
            ticked += [Tick(one.mono + gap * share, 0.0) for share in sorted(shares[number % len(shares) :][:2])]
    plain, extra = play(SETTING, inputs), play(SETTING, ticked)
    assert _accounts(extra) == _accounts(plain)
    assert extra.state.lived == pytest.approx(
        plain.state.lived, abs=1e-9
    )  # a sum of more parts: its last bit may differ
    assert replace(extra.state, seq=0, mono=0, lived=0) == replace(plain.state, seq=0, mono=0, lived=0)


def _accounts(metered: Metered) -> Counter[VisitClosed | PresenceRecorded]:
    return Counter(one.data for one in metered.events if isinstance(one.data, VisitClosed | PresenceRecorded))


@SOME
@given(scenes(ANY))
def test_flagged_seconds_are_those_of_the_flagged_positions(inputs: list[Input]) -> None:
    """Where every fix has a flag, every counted second has it; where every other one has, none has it longer."""
    every = [replace(one, flags=("rollover",), accuracy=5.0) if isinstance(one, Fix) else one for one in inputs]
    for data in (event.data for event in play(SETTING, every).events):
        if isinstance(data, VisitClosed | PresenceRecorded):
            seconds = data.dosage_s if isinstance(data, VisitClosed) else data.seconds
            assert sum(one.seconds for one in data.flags) == pytest.approx(seconds, abs=2 * MILLISECOND)
            assert {one.flag for one in data.flags} <= {"rollover"}
    some = [
        replace(one, flags=("rollover",)) if isinstance(one, Fix) and number % 2 else one
        for number, one in enumerate(inputs)
    ]
    for data in (event.data for event in play(SETTING, some).events):
        if isinstance(data, VisitClosed | PresenceRecorded):
            seconds = data.dosage_s if isinstance(data, VisitClosed) else data.seconds
            assert all(0 < one.seconds <= seconds + MILLISECOND for one in data.flags)
