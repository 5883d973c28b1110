"""A pause begins, and ends: by a tap, or by dispatch's word. Who may, and when, is judged by whoever calls."""

from edge.domain.ending import known_until
from edge.domain.events import (
    AwayReason,
    MeteringPaused,
    MeteringResumed,
    PausedBy,
    PauseReason,
    ResumeBackdated,
    instant,
)
from edge.domain.forgotten import PauseState
from edge.domain.meter import Kind, Phase, Signal
from edge.domain.opening import reconsider
from edge.domain.turn import Turn


def pause(turn: Turn, mono: float, reason: PauseReason) -> None:
    """The officer pauses: the open visit rests from now on."""
    turn.settle(mono)
    turn.set(pause=PauseState(reason, mono), tapped=turn.state.utc(mono))
    turn.record(MeteringPaused(reason), mono)
    turn.signal(Signal(Kind.PAUSED, turn.state.utc(mono), reason="paused"), mono)


def pause_by_dispatch(turn: Turn, mono: float, ago: float, lapses: float) -> None:
    """Dispatch pauses, as a call that began seconds ``ago``: what the open visit counted since is none of its dosage.

    ``lapses``: the monotonic second from which on the officer is asked, unless dispatch says it again.
    """
    turn.settle(mono)
    utc, visit = turn.state.utc(mono), turn.state.visit
    counting = visit is not None and visit.phase is Phase.OPEN
    over = min(ago, max(0.0, utc - visit.running), visit.dosage_s) if visit is not None and counting else 0.0
    turn.set(pause=PauseState("call", mono - ago, lapses=lapses))
    since = instant(utc - ago) if ago else None
    turn.record(MeteringPaused("call", "dispatch", since, round(over, 3)), mono)
    turn.signal(Signal(Kind.PAUSED, utc, reason="paused", dosage_s=-over), mono)


def resume(turn: Turn, mono: float) -> None:
    """The officer is back on patrol now."""
    turn.set(tapped=turn.state.utc(mono))
    _resume(turn, mono, None)


def resume_since(turn: Turn, mono: float, ago: float) -> None:
    """The officer was back on patrol seconds ``ago``, at the earliest when the pause began. What was recorded stays."""
    pause = turn.state.pause
    if pause is not None:
        resume(turn, mono)
        _backdate(turn, mono, min(ago, mono - pause.since))


def resume_by_dispatch(turn: Turn, mono: float, ago: float) -> None:
    """Dispatch says that the call was over seconds ``ago``: as the officer's word, but by whom is recorded."""
    pause = turn.state.pause
    if pause is not None:
        _resume(turn, mono, "dispatch")
        if ago:
            _backdate(turn, mono, min(ago, mono - pause.since))


def _backdate(turn: Turn, mono: float, ago: float) -> None:
    turn.record(ResumeBackdated(instant(turn.state.utc(mono - ago)), round(ago, 3)), mono)


def _resume(turn: Turn, mono: float, by: PausedBy | None) -> None:
    pause = turn.state.pause
    if pause is None:
        return
    turn.settle(mono)
    turn.set(pause=None)
    turn.record(MeteringResumed(round(mono - pause.since, 3), by), mono)
    turn.signal(Signal(Kind.RESUMED, turn.state.utc(mono)), mono)
    track = turn.state.track
    if track.lost and track.found_by is not None:
        away: AwayReason = "restart" if track.restarted else "lost"
        signal = Signal(Kind.LOST, known_until(turn), reason=away, away=away, away_until=track.found_by)
        turn.signal(signal, mono)
    reconsider(turn, mono)
