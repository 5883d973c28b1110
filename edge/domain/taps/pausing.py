"""Metering rests, and goes on."""

from dataclasses import dataclass
from typing import ClassVar

from edge.domain.ending import known_until
from edge.domain.events import AwayReason, MeteringPaused, MeteringResumed, PauseReason
from edge.domain.meter import Kind, Signal
from edge.domain.opening import reconsider
from edge.domain.state import PauseState, State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class Pause(Tap):
    """Metering pauses: a call for service, a break, the station, or fuel."""

    NAME: ClassVar = "pause"

    reason: PauseReason

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs an officer on patrol."""
        del mono
        return "signed_out" if state.officer is None else "paused" if state.pause is not None else None

    def on(self, turn: Turn) -> None:
        """The open visit rests."""
        if turn.state.pause is not None:
            return
        turn.settle(self.mono)
        turn.set(pause=PauseState(self.reason, self.mono))
        turn.record(MeteringPaused(self.reason), self.mono)
        turn.signal(Signal(Kind.PAUSED, turn.state.utc(self.mono), reason="paused"), self.mono)


@dataclass(frozen=True, slots=True)
class Resume(Tap):
    """Back on patrol."""

    NAME: ClassVar = "resume"

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs a pause."""
        del mono
        return "not_paused" if state.pause is None else None

    def on(self, turn: Turn) -> None:
        """The visit goes on, or is away where the position was lost meanwhile."""
        pause = turn.state.pause
        if pause is None:
            return
        turn.settle(self.mono)
        turn.set(pause=None)
        turn.record(MeteringResumed(round(self.mono - pause.since, 3)), self.mono)
        turn.signal(Signal(Kind.RESUMED, turn.state.utc(self.mono)), self.mono)
        track = turn.state.track
        if track.lost and track.found_by is not None:
            away: AwayReason = "restart" if track.restarted else "lost"
            signal = Signal(Kind.LOST, known_until(turn), reason=away, away=away, away_until=track.found_by)
            turn.signal(signal, self.mono)
        reconsider(turn, self.mono)
