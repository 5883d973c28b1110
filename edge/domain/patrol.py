"""The one door into the rules: ``decide(setting, state, input) -> (state, events)``.

First every deadline that has passed, the earliest first, each at its own instant; then the input. What the words mean
is in this folder's README. Must not do anything but compute: the caller commits the events before it shows the state.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from edge.domain import dispatch, duty, fleet
from edge.domain.changes import assigned_here, decide_by, drop_forbidden, judge_anew, on_add, on_suppress, restore
from edge.domain.clock import hear_system, start_clock
from edge.domain.deadlines import advance, long_over
from edge.domain.driving import restarted
from edge.domain.events import (
    Event,
    PlanAdopted,
    Started,
    Stopped,
)
from edge.domain.inputs import (
    AddPatrol,
    AdoptPlan,
    Fix,
    HearStatus,
    Input,
    MergeVisits,
    Start,
    Stop,
    SuppressPatrol,
    TakeForecast,
    Tick,
    VoidVisits,
)
from edge.domain.lived import marked
from edge.domain.meter import Kind, Signal
from edge.domain.plan import replaces
from edge.domain.position import on_fix
from edge.domain.presence import lose
from edge.domain.skipping import moved as moved_skips
from edge.domain.state import Setting, State
from edge.domain.taps import Tap
from edge.domain.turn import Turn
from edge.domain.values import evolve


def decide(setting: Setting, state: State, given: Input) -> tuple[State, tuple[Event, ...]]:
    """The state after one input, and what is to be recorded, in order."""
    turn = Turn(setting, state)
    if not isinstance(given, Start):
        duty.left_alone(turn, given.mono)
        advance(turn, given.mono)
        duty.end_if_over(turn, given.mono)
    if isinstance(given, Tap):
        given.on(turn)
    else:
        HANDLERS[type(given)](turn, given)
    fleet.look_again(turn, state.clock, given.mono)
    mono = given.mono if isinstance(given, Start) else max(state.mono, given.mono)
    dispatch.heed(turn, mono)
    _live_on(turn, mono, mono - state.mono if turn.state.boot == state.boot else mono)
    return turn.state, tuple(turn.events)


def _live_on(turn: Turn, mono: float, seconds: float) -> None:
    """Some more seconds were lived through, up to ``mono``."""
    state = turn.state
    lived = state.lived + max(0.0, seconds)
    marks = marked(state.marks, lived, state.utc(mono)) if state.clock.trusted else state.marks
    turn.set(mono=mono, lived=lived, marks=marks)


def _on_start(turn: Turn, start: Start) -> None:
    """Take up a saved state in a new life of the daemon, perhaps of the computer; what was open is away since then."""
    old = turn.state
    known = bool(old.boot)
    last_known = old.utc(old.mono) if known else None
    same = old.boot == start.boot
    clock = old.clock if same else start_clock(start, last_known)
    gap = None if last_known is None else max(0.0, start.mono + clock.offset - last_known)
    moved = start.mono - (gap or 0.0) - old.mono  # from the old life's monotonic seconds to this one's
    turn.set(
        boot=start.boot,
        ticks=False,
        clock=clock,
        earliest=start.earliest,
        duty=duty.after_start(turn, last_known, gap, start.boot),
        pause=old.pause and old.pause.moved(moved, carried=old.pause.carried or not same),
        driving=restarted(old.driving),
        skips=moved_skips(old.skips, moved),
        tactic=old.tactic and evolve(old.tactic, since=old.tactic.since + moved),
        visit=old.visit and evolve(old.visit, away_until=old.visit.away_until + moved),
    )
    turn.record(Started(start.software, None if gap is None else round(gap, 3)), start.mono)
    track, window = evolve(old.track, heard=None, intervals=(), against=None), start.mono + turn.rules.restart_s
    turn.set(track=track)
    if track.last is not None:
        since = old.utc(track.settled)
        known_utc = track.last.utc if track.restarted else max(track.last.utc, old.utc(track.counted))
        last = evolve(track.last, mono=start.mono, utc=known_utc)
        turn.set(track=evolve(lose(track, window, restarted=True), last=last, counted=start.mono))
        signal = Signal(Kind.LOST, since, reason="restart", away="restart", away_until=window)
        turn.signal(signal, start.mono)
    drop_forbidden(turn, start.mono)


def _on_tick(turn: Turn, tick: Tick) -> None:
    turn.set(ticks=True)
    hear_system(turn, tick)
    advance(turn, tick.mono)  # a clock that has just become trusted may begin a shift
    duty.end_if_over(turn, tick.mono)
    restore(turn, tick.mono)


def _on_stop(turn: Turn, stop: Stop) -> None:
    turn.settle(stop.mono)
    turn.record(Stopped(), stop.mono)


def _on_plan(turn: Turn, adopt: AdoptPlan) -> None:
    """A plan whose shift is long over, or that does not replace the one held for its shift and district, is ignored."""
    plan, state = adopt.plan, turn.state
    if long_over(turn, plan.shift):
        return
    same = [one for one in state.plans if (one.shift, one.district) == (plan.shift, plan.district)]
    if not all(replaces(plan, one) for one in same):
        return
    turn.settle(adopt.mono)
    was_assigned = assigned_here(turn)
    turn.set(plans=(*(one for one in state.plans if one not in same), plan))
    boxes = tuple(patrol.box for patrol in plan.patrols if not patrol.suppressed)
    suppressed = tuple((patrol.box, patrol.suppressed) for patrol in plan.patrols if patrol.suppressed)
    said = PlanAdopted(plan.shift, plan.district, plan.version, plan.source, plan.digest, boxes, suppressed)
    turn.record(said, adopt.mono)
    decide_by(turn, plan, adopt.mono)
    judge_anew(turn, adopt.mono, was_assigned=was_assigned)


def _on_forecast(turn: Turn, taken: TakeForecast) -> None:
    """A forecast, and the plan drawn from it, are in the ledger; the plan is obeyed where none is approved."""
    turn.record(taken.made, taken.mono)
    utc, ends = turn.state.utc(taken.mono), turn.setting.calendar.ends
    others = (one for one in turn.state.outlooks if one.shift != taken.outlook.shift and ends(one.shift) > utc)
    turn.set(outlooks=(*others, taken.outlook))
    if taken.plan is not None and taken.computed is not None:
        turn.record(taken.computed, taken.mono)
        _on_plan(turn, AdoptPlan(taken.mono, taken.plan))


HANDLERS: Final[Mapping[type, Callable[[Turn, Any], None]]] = {
    Fix: on_fix,
    Tick: _on_tick,
    Start: _on_start,
    Stop: _on_stop,
    AdoptPlan: _on_plan,
    AddPatrol: on_add,
    SuppressPatrol: on_suppress,
    MergeVisits: fleet.on_visits,
    VoidVisits: fleet.on_void,
    TakeForecast: _on_forecast,
    HearStatus: dispatch.on_status,
}
