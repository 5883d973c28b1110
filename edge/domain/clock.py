"""Which UTC to believe: the satellites', else a disciplined computer clock's, else the computer's or the saved one.

Durations never depend on it. Must not read a clock: the inputs bring every reading.
"""

from edge.domain.events import ClockState, ClockStepped
from edge.domain.inputs import Start, Tick
from edge.domain.meter import Visit
from edge.domain.presence import Track
from edge.domain.state import Clock
from edge.domain.turn import Turn
from edge.domain.values import evolve

STEP_S = 2.0
"""An offset that moves by less than this is the receiver's latency, not a step."""


def start_clock(start: Start, last_known: float | None) -> Clock:
    """The clock a vehicle starts with: the computer's, or the last known instant where the computer's is behind it."""
    if last_known is None:
        return Clock(start.system_utc - start.mono, "none")
    return Clock(max(start.system_utc, last_known) - start.mono, "saved")


def hear_system(turn: Turn, tick: Tick) -> None:
    """Take the computer's clock where NTP disciplines it and there is nothing better."""
    if tick.ntp and turn.state.clock.state != "gps":
        set_clock(turn, tick.system_utc, tick.mono, "ntp")


def set_clock(turn: Turn, utc: float, mono: float, source: ClockState) -> None:
    """It is ``utc`` at ``mono`` by ``source``: a step, or a new source, is recorded and mends what is open."""
    clock = turn.state.clock
    step = utc - mono - clock.offset
    if clock.state == source and abs(step) <= STEP_S:
        return
    turn.set(clock=Clock(utc - mono, source))
    turn.record(ClockStepped(clock.state, source, round(step, 3)), mono)
    _mend(turn, step)


def _mend(turn: Turn, step: float) -> None:
    """Move the instants of this boot that are still open; those of an earlier boot were read off another clock."""
    track, visit = turn.state.track, turn.state.visit
    if track.restarted:
        return
    turn.set(track=_mended_track(track, step), visit=visit and _mended_visit(visit, step))


def _mended_track(track: Track, step: float) -> Track:
    stay = track.stay
    return evolve(track, stay=stay and evolve(stay, began=stay.began + step))


def _mended_visit(visit: Visit, step: float) -> Visit:
    return evolve(visit, opened=visit.opened + step, away_at=visit.away_at + step)
