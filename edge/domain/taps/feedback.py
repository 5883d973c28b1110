"""What officers say of a box, so that analysts hear of it."""

from dataclasses import dataclass
from typing import ClassVar

from edge.domain.driving import Motion
from edge.domain.events import BoxFeedback, Feedback
from edge.domain.grid import parse_box_id
from edge.domain.state import State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class GiveFeedback(Tap):
    """The officer says of a box that it is the wrong hour, that it is quiet, or that nobody gets in."""

    NAME: ClassVar = "feedback"

    box: str
    feedback: Feedback

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs an officer, and a car that stands or a passenger."""
        del mono
        if state.officer is None:
            return "signed_out"
        return "driving" if state.driving.motion is Motion.DRIVING else None

    def on(self, turn: Turn) -> None:
        """A record; the same of the same box is recorded once a shift, another takes its place."""
        state, cell = turn.state, parse_box_id(self.box)
        given = (cell, self.feedback)
        if self.why_not(state, self.mono) or cell not in turn.setting.grid.boxes or given in state.feedback:
            return
        turn.set(feedback=(*(one for one in state.feedback if one[0] != cell), given))
        turn.record(BoxFeedback(self.box, self.feedback), self.mono)
