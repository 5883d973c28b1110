"""A box is not to be offered to this car for a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from edge.domain.events import BoxSkipped, SkipReason, instant
from edge.domain.grid import parse_box_id
from edge.domain.skipping import skipped
from edge.domain.state import State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class SkipBox(Tap):
    """The officer does not go to a box of the plan now; ``cause``: why, or that another one is wanted."""

    NAME: ClassVar = "skip"
    WHILE_DRIVEN: ClassVar[Mapping[str, tuple[str, ...]]] = {"cause": ("next",)}

    box: str
    cause: SkipReason

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs an officer and a plan."""
        del mono
        return "signed_out" if state.officer is None else "no_plan" if state.plan is None else None

    def on(self, turn: Turn) -> None:
        """A record, and nothing of the plan is changed."""
        state, cell = turn.state, parse_box_id(self.box)
        if state.plan is None or state.plan.patrol(cell) is None or state.officer is None:
            return
        skips = skipped(state.skips, cell, self.cause, self.mono)
        turn.set(skips=skips)
        turn.record(BoxSkipped(self.box, self.cause, instant(state.utc(skips[-1].until))), self.mono)
