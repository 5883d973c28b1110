"""The officer patrols a box that no plan assigns: a visit is metered there, and says that it was self-tasked."""

from dataclasses import dataclass
from typing import ClassVar

from edge.domain.driving import Motion
from edge.domain.events import TaskReason
from edge.domain.opening import enter_by_choice
from edge.domain.plan import DirectedPatrol, at_cap
from edge.domain.presence import Stay
from edge.domain.state import Setting, State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class SelfTask(Tap):
    """A visit of the officer's own choice, where the car stands; ``purpose``: why there.

    It counts to the caps, as every visit does, and never to what a plan prescribes. It ends as any other: who comes
    back later, or goes on in the next shift, taps again.
    """

    NAME: ClassVar = "self-task"

    purpose: TaskReason

    @classmethod
    def refusal(cls, setting: Setting, state: State, mono: float) -> str | None:
        """It needs an officer on patrol, and a parked car inside a box that may be visited and that no plan assigns."""
        stay = state.track.stay
        if state.officer is None:
            return "signed_out"
        if state.pause is not None:
            return "in_pause"
        if state.driving.motion is Motion.DRIVING:
            return "driving"
        if state.shift is None or stay is None or state.track.lost:
            return "no_position"
        if (why := _not_here(setting, state, stay)) is not None:
            return why
        full = at_cap(by_choice(setting, stay), state.shift.id, state.visits, state.utc(mono))
        return "box_at_cap" if full else None if stay.arrived else "not_inside"

    def on(self, turn: Turn) -> None:
        """A visit opens, with a record of the reason."""
        stay = turn.state.track.stay
        if stay is not None and self.refusal(turn.setting, turn.state, self.mono) is None:
            enter_by_choice(turn, self.mono, by_choice(turn.setting, stay), self.purpose)


def by_choice(setting: Setting, stay: Stay) -> DirectedPatrol:
    """What a visit of the officer's own choice prescribes, its caps too: the agency's default."""
    return DirectedPatrol(stay.cell, (), setting.policy.default)


def _not_here(setting: Setting, state: State, stay: Stay) -> str | None:
    box, listed = setting.grid.boxes.get(stay.cell), state.plan and state.plan.listed(stay.cell)
    if box is None:
        return "outside"
    if box.opt_out:
        return "opt_out"
    if listed:
        return "suppressed" if listed.suppressed else "assigned"
    return "visiting" if state.visit is not None and state.visit.cell == stay.cell else None
