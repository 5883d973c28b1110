"""The passenger says that the screen may be used while the car is driven."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from edge.domain.driving import Happening, Motion, happen
from edge.domain.events import DrivingOverridden
from edge.domain.roles import EVERYBODY
from edge.domain.state import State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class Override(Tap):
    """A passenger uses the screen: what it offers to a parked car is there for as long as this drive lasts."""

    NAME: ClassVar = "override"
    WHO: ClassVar = EVERYBODY
    WHILE_DRIVEN: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs a car that is driven."""
        del mono
        return None if state.driving.motion is Motion.DRIVING else "not_driving"

    def on(self, turn: Turn) -> None:
        """It is recorded."""
        before = turn.state.driving
        after = happen(before, Happening.OVERRIDDEN)
        if after is before:
            return
        turn.set(driving=after)
        turn.record(DrivingOverridden(turn.state.track.speed), self.mono)
