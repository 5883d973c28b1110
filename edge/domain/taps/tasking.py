"""The officer patrols a box that no plan assigns: a visit is metered there, and says that it was self-tasked."""

from dataclasses import dataclass
from typing import ClassVar

from edge.domain.driving import Motion
from edge.domain.events import TaskReason
from edge.domain.opening import enter_by_choice, not_by_choice
from edge.domain.state import Setting, State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class SelfTask(Tap):
    """A visit of the officer's own choice, where the car stands; ``purpose``: why there.

    It counts to the caps, as every visit does, and never to what a plan prescribes. It ends as any other, and goes on
    as any other in the next shift; who comes back later taps again.
    """

    NAME: ClassVar = "self-task"

    purpose: TaskReason

    @classmethod
    def refusal(cls, setting: Setting, state: State, mono: float) -> str | None:
        """It needs an officer on patrol, and a parked car inside a box that may be visited and that no plan assigns."""
        stay = state.track.stay
        if state.officer is None or state.pause is not None:
            return "signed_out" if state.officer is None else "in_pause"
        if state.driving.motion is Motion.DRIVING:
            return "driving"
        return "no_position" if stay is None else not_by_choice(setting, state, stay, mono)

    def on(self, turn: Turn) -> None:
        """A visit opens, with a record of the reason."""
        if self.refusal(turn.setting, turn.state, self.mono) is None:
            enter_by_choice(turn, self.mono, self.purpose)
