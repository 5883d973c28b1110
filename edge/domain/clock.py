"""Which UTC to believe: the satellites', else a disciplined computer clock's, else the computer's or the saved one.

Durations never depend on it. Must not read a clock: the inputs bring every reading.
"""

from typing import Final

from edge.domain.events import ClockState, ClockStepped
from edge.domain.inputs import Start, Tick
from edge.domain.meter import Phase, Visit
from edge.domain.presence import Track
from edge.domain.state import Clock
from edge.domain.turn import Turn
from edge.domain.values import evolve

STEP_S: Final = 2.0
"""An offset that moves ahead by no more than this is no step."""

LATE_S: Final = 3.5
"""One that moves back by no more than this is none either: a fix may be some 3 s late, and never is early."""


LATEST: Final = 4_070_908_800.0
"""2099: a computer's clock that is ahead of it is wrong, and no message can carry an instant from 2100 on."""


def start_clock(start: Start, last_known: float | None) -> Clock:
    """The clock a vehicle starts with: the computer's, or the last known instant where the computer's is behind it."""
    computer = start.system_utc if start.system_utc < LATEST else 0.0
    if last_known is None or last_known >= LATEST:
        return Clock(computer - start.mono, "none", start.mono)
    return Clock(max(computer, last_known) - start.mono, "saved", start.mono)


def hear_system(turn: Turn, tick: Tick) -> None:
    """Take the computer's clock where NTP disciplines it and there is nothing better."""
    if tick.ntp and turn.state.clock.state != "gps" and tick.system_utc < LATEST:
        set_clock(turn, tick.system_utc, tick.mono, "ntp")


def set_clock(turn: Turn, utc: float, mono: float, source: ClockState) -> None:
    """It is ``utc`` at ``mono`` by ``source``: a step, or a new source, is recorded and mends what is open."""
    clock = turn.state.clock
    step = utc - mono - clock.offset
    if clock.state == source and -LATE_S <= step <= STEP_S:
        return
    turn.set(clock=Clock(utc - mono, source, mono))
    turn.record(ClockStepped(clock.state, source, round(step, 3)), mono)
    _mend(turn, step)
    if not clock.trusted:
        _mend_carried(turn, step)


def _mend(turn: Turn, step: float) -> None:
    """Move the instants of this boot that are still open; those of an earlier boot were read off another clock."""
    track, visit, duty = turn.state.track, turn.state.visit, turn.state.duty
    if duty is not None and duty.off_since is None:
        turn.set(duty=evolve(duty, since=duty.since + step))
    if track.restarted:
        return
    turn.set(track=_mended_track(track, step), visit=visit and _mended_visit(visit, step))


def _mended_track(track: Track, step: float) -> Track:
    stay = track.stay
    return evolve(track, stay=stay and evolve(stay, began=stay.began + step))


def _mended_visit(visit: Visit, step: float) -> Visit:
    return evolve(visit, opened=visit.opened + step, away_at=visit.away_at + step)


def _mend_carried(turn: Turn, step: float) -> None:
    """Move what began in an earlier boot on this one's monotonic clock: how long ago that was is known only now."""
    pause, visit = turn.state.pause, turn.state.visit
    if pause is not None and pause.carried:
        turn.set(pause=evolve(pause, since=pause.since - step))
    if visit is None or not turn.state.track.restarted:
        return
    if visit.phase is Phase.AWAY and visit.away_reason != "restart":  # whose window is of this boot
        turn.set(visit=evolve(visit, away_until=visit.away_until - step))
