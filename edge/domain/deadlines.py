"""What happens by itself as time passes: the position is lost, a window closes, a shift ends.

Every deadline is acted on at its own instant, the earliest first, so a result never depends on how often the clock
ticks. Must not act on a shift boundary while UTC is not trusted.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from edge.domain.changes import end_expired, expire, next_expiry
from edge.domain.driving import Happening, happen, silent_at
from edge.domain.ending import end_lost_stay, end_visit, known_until
from edge.domain.events import GpsLost, ShiftBegan, instant
from edge.domain.lived import KEEP_PLANS_S, KEEP_VISITS_S
from edge.domain.meter import Kind, Phase, Signal
from edge.domain.opening import reconsider
from edge.domain.presence import lose
from edge.domain.shift import Shift
from edge.domain.track import NO_RUNS, Runs, Stay
from edge.domain.turn import Turn
from edge.domain.values import evolve

Deadline: TypeAlias = tuple[float, Callable[[Turn, float], None]]

MOST_PLANS: Final = 200
MOST_VISITS: Final = 50_000
"""How many are kept at the most, the newest: while time is not known nothing is past for sure."""


def advance(turn: Turn, mono: float) -> None:
    """Act on every deadline up to ``mono``."""
    while due := _next(turn, mono):
        at, act = due
        act(turn, at)


def _next(turn: Turn, mono: float) -> Deadline | None:
    due: list[Deadline] = []
    track, visit = turn.state.track, turn.state.visit
    if track.last is not None and track.found_by is None:
        if mono - track.last.mono >= turn.rules.lost_s:  # never sooner
            lost_at = max(track.last.mono + track.lost_after(turn.rules), track.heard or 0.0)
            due += [(lost_at, _lost)] if lost_at <= mono else []
    elif track.found_by is not None and track.stay is not None and track.found_by < mono:
        due.append((track.found_by, _not_found))
    if visit is not None and visit.phase is Phase.AWAY and visit.away_until < mono and not _returning(turn):
        due.append((visit.away_until, _expired))
    silent = silent_at(turn.state.driving, None if track.last is None else track.last.mono)
    if silent is not None and silent <= mono:
        due.append((silent, _silent))
    if (boundary := _boundary(turn, mono)) is not None:
        due.append((boundary, _shift_ended))
    if (expiry := next_expiry(turn.state)) is not None and expiry <= mono:
        due.append((expiry, expire))  # at the same instant after the boundary, which drops every change
    return min(due, key=lambda one: one[0], default=None)


def _lost(turn: Turn, at: float) -> None:
    track = turn.state.track
    assert track.last is not None  # noqa: S101 - _next has looked
    since, found_by = track.last.mono, track.last.mono + turn.rules.return_s
    away_until = max(since, track.counted) + turn.rules.return_s
    turn.set(track=lose(track, found_by))
    turn.record(GpsLost(instant(turn.state.utc(since)), track.against or ()), at)
    turn.signal(Signal(Kind.LOST, known_until(turn), reason="lost", away="lost", away_until=away_until), at)


def _not_found(turn: Turn, at: float) -> None:
    stay = turn.state.track.stay
    assert stay is not None  # noqa: S101 - _next has looked
    end_lost_stay(turn, stay, at)


def _silent(turn: Turn, _at: float) -> None:
    turn.set(driving=happen(turn.state.driving, Happening.SILENT))


def _returning(turn: Turn) -> bool:
    """Whether the car came back inside in time and has yet to be deep enough."""
    visit, runs = turn.state.visit, turn.state.track.runs
    return visit is not None and runs.cell == visit.cell and runs.inside <= visit.away_until


def _expired(turn: Turn, at: float) -> None:
    turn.signal(Signal(Kind.EXPIRED, turn.state.utc(at)), at)


def _boundary(turn: Turn, mono: float) -> float | None:
    """The monotonic instant of a shift boundary that has passed, None where none has.

    One from before the clock was set is acted on when it was: what ran meanwhile was metered in the shift before.
    """
    state = turn.state
    if not state.clock.trusted:
        return None
    if state.shift is None or state.utc(max(mono, state.mono)) < state.shift.starts:
        return mono
    ends = max(state.shift.ends - state.clock.offset, state.clock.since)
    return ends if ends <= mono else None


def _shift_ended(turn: Turn, at: float) -> None:
    turn.settle(at)
    utc = turn.state.utc(at)
    end_visit(turn, "shift_ended", at)
    end_expired(turn, turn.state.changes, at)
    track = turn.state.track
    if track.stay is not None and track.lost:
        end_lost_stay(turn, track.stay, at)
    elif track.stay is not None:
        turn.end_stay(track.stay, utc, at)
        stay = Stay(track.stay.cell, utc, arrived=track.stay.arrived, tasked=track.stay.tasked)
        turn.set(track=evolve(track, stay=stay, runs=_from(track.runs, at)))
    _begin(turn, turn.setting.calendar.shift_at(utc), at)


def long_over(turn: Turn, shift: str) -> bool:
    """Whether a shift's plan is of no use to anybody, whatever the clock does next."""
    return turn.setting.calendar.ends(shift) < turn.state.past(KEEP_PLANS_S)


def _from(runs: Runs, at: float) -> Runs:
    """The runs of a new shift: nothing in it began before it."""
    if runs == NO_RUNS:
        return runs
    outside = None if runs.outside is None else at
    return evolve(
        runs, inside=at, inside_s=0.0, inside_flagged=None, opens=at, opens_s=0.0, opens_flagged=None, outside=outside
    )


def _begin(turn: Turn, shift: Shift, at: float) -> None:
    state = turn.state
    plans = tuple(plan for plan in state.plans if not long_over(turn, plan.shift))
    if len(plans) > MOST_PLANS:
        plans = tuple(sorted(plans, key=lambda plan: turn.setting.calendar.ends(plan.shift))[-MOST_PLANS:])
    visits = state.visits.since(state.past(KEEP_VISITS_S)).newest(MOST_VISITS)
    lapsed = tuple(one for one in state.lapsed if one.expires >= state.past(KEEP_PLANS_S))
    turn.set(shift=shift, plans=plans, visits=visits, lapsed=lapsed, feedback=())
    turn.record(ShiftBegan(instant(shift.starts), instant(shift.ends)), at)
    reconsider(turn, at)
