"""Which UTC to believe: a clock that NTP disciplines, the satellites', or the computer's or the saved one.

The rules are in this folder's README, *Time*. Durations never depend on it. Must not read a clock: the inputs bring
every reading.
"""

from typing import Final

from edge.domain.events import ClockState, ClockStepped
from edge.domain.inputs import Fix, Start, Tick
from edge.domain.meter import Phase, Visit
from edge.domain.state import Clock, Rival, State
from edge.domain.track import Track
from edge.domain.turn import Turn
from edge.domain.values import evolve

STEP_S: Final = 2.0
"""An offset that moves ahead by no more than this is no step."""

LATE_S: Final = 3.5
"""One that moves back by no more than this is none either: a fix may be some 3 s late, and never is early."""

PROMPT_S: Final = 1.25
STEADY_S: Final = 10.0
"""Where every fix is later than `PROMPT_S` for so long, the clock is ahead: the receiver corrected itself."""

SMALL_S: Final = 60.0
"""A receiver may correct itself by so much, such as by its leap seconds; more is a leap."""

LONGEST_S: Final = 300.0
"""A leap is believed once it has lasted for as long as what it contradicts, and at the latest after this."""

SAVED_S: Final = 300.0
"""A first fix that is so much earlier than the saved time contradicts it; two clocks that differ by less agree."""

DOUBT_S: Final = 60.0
"""A fix that contradicts the saved time is believed once its time has lasted for so long."""

AHEAD_S: Final = 400 * 86_400.0
"""How long a car may have been off: a date further ahead needs a second witness."""

LATEST: Final = 4_070_908_800.0
"""2099: a computer's clock that is ahead of it is wrong, and no message can carry an instant from 2100 on."""


def start_clock(start: Start, last_known: float | None) -> Clock:
    """The clock a vehicle starts with: the computer's, or the last known instant where the computer's is behind it."""
    computer = start.system_utc if start.system_utc < LATEST else 0.0
    own = computer - start.mono
    if last_known is None or last_known >= LATEST:
        return Clock(own, "none", start.mono, computer=own)
    return Clock(max(computer, last_known) - start.mono, "saved", start.mono, computer=own)


def hear_system(turn: Turn, tick: Tick) -> None:
    """Take the computer's clock where NTP disciplines it, and the satellites' has no second witness against it."""
    network = tick.system_utc - tick.mono if tick.ntp and tick.system_utc < LATEST else None
    clock = turn.state.clock
    if network != clock.network:
        turn.set(clock=evolve(clock, network=network))
        clock = turn.state.clock
    if network is None or (clock.state == "ntp" and _same(clock.offset, network)):
        return
    if clock.state == "gps" and (_same(network, clock.offset) or _witnessed(clock, clock.offset)):
        return
    set_clock(turn, tick.system_utc, tick.mono, "ntp")


def hear_satellites(turn: Turn, fix: Fix) -> bool:
    """Take a fix's time where it can be believed; whether the clock was set by it."""
    if not fix.by_satellites:
        return False  # nor is its time theirs: a simulator's, or a receiver's own clock
    clock, offset = turn.state.clock, fix.utc - fix.mono
    if clock.state == "gps" and -PROMPT_S <= offset - clock.offset <= STEP_S:
        if clock.rival is not None:
            turn.set(clock=evolve(clock, rival=None))
        return False
    rival = _heard(clock.rival, offset, fix.mono)
    turn.set(clock=evolve(clock, rival=rival))
    patience = _patience(turn.state, rival, offset, fix.mono)
    if patience is None or fix.mono - rival.since < patience:
        return False
    set_clock(turn, fix.mono + rival.offset, fix.mono, "gps")
    return True


def utc_of(state: State, fix: Fix) -> float:
    """When a fix was: its own time, else the clock's, where that does not believe it."""
    clocks = state.utc(fix.mono)
    return fix.utc if _same(clocks, fix.utc) else clocks


def _heard(rival: Rival | None, offset: float, mono: float) -> Rival:
    """The time that is not believed yet, one fix further; it begins anew with one that does not follow."""
    if rival is None or not -LATE_S <= offset - rival.offset <= STEP_S:
        return Rival(offset, mono, mono)
    return Rival(max(offset, rival.offset), rival.since, mono)


def _patience(state: State, rival: Rival, offset: float, mono: float) -> float | None:
    """How long a receiver must give an offset before it is believed; None: it is not, without a second witness."""
    clock, utc, step = state.clock, mono + offset, offset - state.clock.offset
    if clock.network is not None and not _same(clock.network, offset):
        return 0.0 if _witnessed(clock, offset) else None
    late = clock.state == "gps" and -LATE_S <= step < 0.0
    if clock.network is None and not late and (doubt := _doubt(state, utc)) != 0.0:
        return 0.0 if _near(clock.computer, offset) else doubt
    if late:
        return STEADY_S
    seconded = clock.network is not None or _near(clock.computer, offset)
    if seconded or not clock.trusted or abs(step) <= SMALL_S:
        return 0.0
    return min(max(STEADY_S, rival.since - clock.steady), LONGEST_S)


def _doubt(state: State, utc: float) -> float | None:
    """How long a date must last for what it is alone; None where it cannot be the present one at all."""
    if state.earliest is None:
        return 0.0
    saved = _saved(state)
    if utc < state.earliest or utc > max(saved, state.earliest) + AHEAD_S:
        return None
    return DOUBT_S if utc < saved - SAVED_S and not state.clock.trusted else 0.0


def _saved(state: State) -> float:
    """The last instant that was trusted, and the time lived since."""
    return state.marks[-1][1] + state.lived - state.marks[-1][0] if state.marks else float("-inf")


def _witnessed(clock: Clock, offset: float) -> bool:
    """Whether the computer's own clock, as it was at the start, speaks for an offset against the network's."""
    return _near(clock.computer, offset) and not _near(clock.network, offset, SMALL_S)


def _near(clock: float | None, offset: float, by: float = SAVED_S) -> bool:
    return clock is not None and abs(clock - offset) <= by


def _same(clock: float, offset: float) -> bool:
    """Whether a receiver's offset is the clock's, as far as a fix may be late."""
    return -LATE_S <= offset - clock <= STEP_S


def set_clock(turn: Turn, utc: float, mono: float, source: ClockState) -> None:
    """It is ``utc`` at ``mono`` by ``source``: a step, or a new source, is recorded and mends what is open."""
    clock, offset = turn.state.clock, utc - mono
    step = offset - clock.offset
    held = clock.trusted and abs(step) <= SMALL_S
    steady = clock.steady if held else mono if clock.rival is None else clock.rival.since
    turn.set(clock=evolve(clock, offset=offset, state=source, since=mono, steady=steady, rival=None))
    turn.record(ClockStepped(clock.state, source, round(step, 3)), mono)
    _mend(turn, step)
    if not clock.trusted:
        _mend_carried(turn, step)


def _mend(turn: Turn, step: float) -> None:
    """Move the instants of this boot that are still open; those of an earlier boot were read off another clock."""
    track, visit, duty = turn.state.track, turn.state.visit, turn.state.duty
    if duty is not None and not duty.carried:
        off_since = None if duty.off_since is None else duty.off_since + step
        turn.set(duty=evolve(duty, since=duty.since + step, off_since=off_since))
    if track.restarted:
        return
    turn.set(track=_mended_track(track, step), visit=visit and _mended_visit(visit, step))


def _mended_track(track: Track, step: float) -> Track:
    stay = track.stay
    return evolve(track, stay=stay and evolve(stay, began=stay.began + step))


def _mended_visit(visit: Visit, step: float) -> Visit:
    return evolve(visit, opened=visit.opened + step, away_at=visit.away_at + step, running=visit.running + step)


def _mend_carried(turn: Turn, step: float) -> None:
    """Move what began in an earlier boot on this one's monotonic clock: how long ago that was is known only now."""
    pause, visit = turn.state.pause, turn.state.visit
    if pause is not None and pause.carried:
        turn.set(pause=evolve(pause, since=pause.since - step))
    if visit is None or not turn.state.track.restarted:
        return
    if visit.phase is Phase.AWAY and visit.away_reason != "restart":  # whose window is of this boot
        turn.set(visit=evolve(visit, away_until=visit.away_until - step))
