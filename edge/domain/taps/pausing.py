"""Metering rests, and goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from edge.domain.events import PauseReason
from edge.domain.pausing import pause, resume, resume_since
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
        if turn.state.pause is None:
            pause(turn, self.mono, self.reason)


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
        resume_since(turn, self.mono, 60.0 * int(self.minutes))


@dataclass(frozen=True, slots=True)
class StillPaused(Resume):
    """The pause lasts: an answer to the screen's question."""

    NAME: ClassVar = "still-paused"

    def on(self, turn: Turn) -> None:
        """It is asked again later."""
        held = turn.state.pause
        turn.set(pause=held and held.lasts(self.mono), tapped=turn.state.utc(self.mono))
