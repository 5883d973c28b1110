"""Metering rests, and goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from edge.domain.ending import known_until
from edge.domain.events import AwayReason, MeteringPaused, MeteringResumed, PauseReason, ResumeBackdated, instant
from edge.domain.forgotten import PauseState
from edge.domain.meter import Kind, Signal
from edge.domain.opening import reconsider
from edge.domain.state import State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class Pause(Tap):
    """Metering pauses: a call for service, a break, the station, or fuel."""

    NAME: ClassVar = "pause"
    WHILE_DRIVEN: ClassVar[Mapping[str, tuple[str, ...]]] = {"reason": ("call",)}

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
    WHILE_DRIVEN: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs a pause."""
        del mono
        return "not_paused" if state.pause is None else None

    def on(self, turn: Turn) -> None:
        """The visit goes on, or is away where the position was lost meanwhile."""
        resume(turn, self.mono)


@dataclass(frozen=True, slots=True)
class ResumeSince(Resume):
    """Back on patrol, and for some time already: ``minutes``, digits. What was recorded meanwhile stays as it is."""

    NAME: ClassVar = "resume-since"

    minutes: str

    def on(self, turn: Turn) -> None:
        """As a resume now; a record of its own says since when the officer was back, at the earliest since the tap."""
        pause = turn.state.pause
        if pause is None:
            return
        resume(turn, self.mono)
        since = max(pause.since, self.mono - 60.0 * int(self.minutes))
        turn.record(ResumeBackdated(instant(turn.state.utc(since)), round(self.mono - since, 3)), self.mono)


@dataclass(frozen=True, slots=True)
class StillPaused(Resume):
    """The pause lasts: an answer to the screen's question."""

    NAME: ClassVar = "still-paused"

    def on(self, turn: Turn) -> None:
        """It is asked again later."""
        pause = turn.state.pause
        turn.set(pause=pause and pause.lasts(self.mono))


def resume(turn: Turn, mono: float) -> None:
    """End a pause now."""
    pause = turn.state.pause
    if pause is None:
        return
    turn.settle(mono)
    turn.set(pause=None)
    turn.record(MeteringResumed(round(mono - pause.since, 3)), mono)
    turn.signal(Signal(Kind.RESUMED, turn.state.utc(mono)), mono)
    track = turn.state.track
    if track.lost and track.found_by is not None:
        away: AwayReason = "restart" if track.restarted else "lost"
        signal = Signal(Kind.LOST, known_until(turn), reason=away, away=away, away_until=track.found_by)
        turn.signal(signal, mono)
    reconsider(turn, mono)
