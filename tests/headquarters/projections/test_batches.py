"""Whatever the batches a ledger comes in, its rows are those of the whole ledger at once."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.events import (
    BoxFeedback,
    BoxSkipped,
    ClockState,
    ClockStepped,
    Event,
    EventData,
    GpsFound,
    GpsLost,
    MeteringPaused,
    MeteringResumed,
    OtherRecord,
    Overstayed,
    PresenceRecorded,
    RecordData,
    ResumeBackdated,
    Segment,
    SelfTasked,
    ShiftBegan,
    SignedIn,
    SignedOut,
    Started,
    Stopped,
    TacticUndone,
    TacticUsed,
    UnreadableRecord,
    VisitClosed,
    VisitLeft,
    VisitOpened,
    VisitResumed,
)
from edge.domain.inputs import Input
from edge.headquarters.projections import repair
from edge.headquarters.projections.ledger import State, project
from edge.headquarters.projections.rows import Rows
from tests.domain.scenes import ANY, scenes
from tests.domain.script import SETTING
from tests.headquarters.ledgers import NIGHT
from tests.headquarters.year import drive

UNIT, LEDGER, BOX = "car-1", "ledger-a", "10-20"

KEYS = {"ledgers": 2, "spans": 4}
"""How many of a row's first columns are its key."""

Table = dict[tuple[object, ...], object]


class Kept:
    """Rows as a database keeps them: a row replaces the one of its key."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {one.name: {} for one in fields(Rows)}

    def put(self, rows: Rows) -> None:
        """Some rows that changed."""
        for name, table in self.tables.items():
            for row in getattr(rows, name):
                table[row[: KEYS.get(name, 3)]] = row


def in_batches(events: Sequence[Event], cuts: Iterable[int]) -> Kept:
    """The rows after each part of a ledger is handed in, with what is not settled of the parts before."""
    kept, state = Kept(), State()
    for end in [*sorted(cuts), len(events)]:
        state, rows = project(UNIT, LEDGER, state, events[state.seq : end])
        kept.put(rows)
    return kept


def same(events: Sequence[Event], cuts: Iterable[int]) -> bool:
    """Whether the batches make no difference."""
    return in_batches(events, cuts).tables == in_batches(events, ()).tables


cuts_of = st.lists(st.integers(0, 400), max_size=12)


@settings(deadline=None, max_examples=150)
@given(scenes(ANY), cuts_of)
def test_a_cars_rows_do_not_depend_on_the_batches(inputs: list[Input], cuts: list[int]) -> None:
    """Boots, leaps, losses, visits and pauses as the rules record them."""
    assert same(drive(SETTING, inputs), cuts)


minutes = st.floats(-3000.0, 3000.0).map(lambda value: round(value, 2))
visit_ids = st.integers(1, 40).map(lambda seq: f"{UNIT}:{LEDGER}:{seq}")
instants = minutes.map(lambda value: NIGHT + timedelta(minutes=value))
CLOCKS: tuple[ClockState, ...] = ("none", "saved", "ntp", "gps")
trust = st.sampled_from(CLOCKS)


def recorded(kind: type, *values: st.SearchStrategy[object]) -> st.SearchStrategy[RecordData]:
    """Records of a kind, with such values."""
    return st.builds(kind, *values)


some = st.one_of(
    recorded(Started, st.just("1"), st.one_of(st.none(), st.floats(0, 9000.0))),
    recorded(Stopped),
    recorded(ClockStepped, trust, trust, st.floats(-1e5, 1e5)),
    recorded(ShiftBegan, instants, instants),
    recorded(SignedIn),
    recorded(SignedOut),
    recorded(MeteringPaused, st.sampled_from(("call", "break", "station"))),
    recorded(MeteringResumed, st.floats(0, 9000.0)),
    recorded(ResumeBackdated, instants, st.just(60.0)),
    recorded(SelfTasked, visit_ids, st.just(BOX), st.just("request")),
    recorded(BoxFeedback, st.just(BOX), st.sampled_from(("quiet", "blocked"))),
    recorded(BoxSkipped, st.just(BOX), st.sampled_from(("crowd", "next")), instants),
    recorded(GpsLost, instants),
    recorded(GpsFound, st.none()),
    recorded(VisitOpened, st.just(BOX), instants, st.just(("robbery",)), st.just(900.0), st.booleans()),
    recorded(VisitLeft, visit_ids, st.just(BOX), instants, st.just("left")),
    recorded(VisitResumed, visit_ids, st.just(BOX), instants, st.just(9.0)),
    recorded(Overstayed, visit_ids, st.just(BOX)),
    recorded(TacticUsed, visit_ids, st.just(BOX), st.sampled_from(("foot-patrol", "talk"))),
    recorded(TacticUndone, visit_ids, st.just("talk"), visit_ids),
    recorded(OtherRecord, st.just("door_opened"), st.just({})),
    recorded(UnreadableRecord, st.just("presence"), st.just("seconds: must be a number")),
    recorded(PresenceRecorded, st.just(BOX), instants, instants, st.just(30.0), st.booleans()),
    recorded(
        VisitClosed, visit_ids, st.just(BOX), instants, instants, st.just(900.0), st.booleans(), st.booleans(),
        st.just("left"), st.just((Segment("117", 900.0),)),
    ),
)  # fmt: skip


@st.composite
def ledgers(draw: st.DrawFn) -> list[Event]:
    """Records of all kinds in any order, by any clock, boot, shift and officer: what no car would write, too."""
    events: list[Event] = []
    boot, shift = 1, None
    clock: ClockState = "gps"
    for seq in range(1, draw(st.integers(1, 40)) + 1):
        if draw(st.integers(0, 7)) == 0:
            boot = draw(st.integers(1, 4))
        if draw(st.integers(0, 3)) == 0:
            clock = draw(trust)
        if draw(st.integers(0, 3)) == 0:
            shift = draw(st.sampled_from((None, "2026-11-22/night", "2026-11-23/day")))
        events.append(_event(draw, seq, boot, clock, shift))
    return events


def _event(draw: st.DrawFn, seq: int, boot: int, clock: ClockState, shift: str | None) -> Event:
    officer = draw(st.sampled_from((None, "117", "204")))
    id_ = f"{UNIT}:{LEDGER}:{seq}"
    return Event(id_, UNIT, LEDGER, seq, f"boot-{boot}", 0.0, draw(instants), clock, shift, officer, draw(some))


@settings(deadline=None, max_examples=150)
@given(ledgers(), cuts_of)
def test_no_records_whatever_depend_on_the_batches(events: list[Event], cuts: list[int]) -> None:
    """Also what no car would write: the rows are the same, and there is no error."""
    assert same(events, cuts)


@pytest.mark.parametrize("reach", [1, 3, 7])
def test_a_repair_reaches_back_only_so_far(reach: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A boot that records for ever without knowing the time: its oldest records settle, however they come."""
    monkeypatch.setattr(repair, "REACH", reach)
    times = [NIGHT + timedelta(minutes=minute) for minute in range(20)]
    events = [
        Event(
            f"{UNIT}:{LEDGER}:{seq}", UNIT, LEDGER, seq, "boot-1", 0.0, at, "none", None, None,
            PresenceRecorded(BOX, at, at + timedelta(seconds=30), 30.0, at_cap=False),
        )
        for seq, at in enumerate(times, 1)
    ]  # fmt: skip
    events.append(
        Event(f"{UNIT}:{LEDGER}:21", UNIT, LEDGER, 21, "boot-1", 0.0, times[-1], "gps", None, None,
              ClockStepped("none", "gps", 3600.0))
    )  # fmt: skip
    moved = [row.seq for row, at in zip(project(UNIT, LEDGER, State(), events)[1].stays, times, strict=True)
             if row.time != at.timestamp()]  # fmt: skip
    assert moved == list(range(21 - reach, 21))
    for size in range(1, 21):
        assert same(events, range(size, 21, size))


def test_a_state_stays_small_whatever_a_ledger_says() -> None:
    """Five thousand records of one visit, of ever new visits and officers: some kilobytes."""
    state, events = State(), list[Event]()
    for seq in range(1, 5001):
        at, id_ = NIGHT + timedelta(seconds=seq), f"{UNIT}:{LEDGER}:{seq}"
        visit = f"{UNIT}:{LEDGER}:1"
        data: EventData = (
            VisitOpened(BOX, at, ("robbery",), 900.0, early=False),
            TacticUsed(visit, BOX, "talk"),
            VisitLeft(visit, BOX, at, "left"),
            VisitResumed(visit, BOX, at, 1.0),
        )[seq % 4 if seq % 100 else 0]
        events.append(Event(id_, UNIT, LEDGER, seq, "b", 0.0, at, "gps", "2026-11-22/night", f"officer-{seq}", data))
    for start in range(0, 5000, 100):
        state, _ = project(UNIT, LEDGER, state, events[start : start + 100])
        assert state.seq == start + 100
        assert len(state.body) < 40_000
