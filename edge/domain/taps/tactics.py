"""A tactic begins, or its tap is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from edge.domain.events import TacticUndone, TacticUsed
from edge.domain.meter import Phase
from edge.domain.state import ActiveTactic, State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn
from edge.domain.values import evolve

UNDO_S: Final = 5.0
"""How long a tactic tap can be taken back."""


@dataclass(frozen=True, slots=True)
class UseTactic(Tap):
    """The officer begins a tactic of the agency's list."""

    NAME: ClassVar = "tactic"
    WHILE_DRIVEN: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    tactic: str

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs an open visit."""
        del mono
        return None if state.visit is not None and state.visit.phase is Phase.OPEN else "no_visit"

    def on(self, turn: Turn) -> None:
        """A tactic outside the agency's list, or outside a visit, is not one."""
        visit = turn.state.visit
        if visit is None or visit.phase is not Phase.OPEN or self.tactic not in turn.setting.tactics:
            return
        before = turn.state.tactic
        event = turn.next_id()
        turn.record(TacticUsed(visit.id, visit.box, self.tactic), self.mono)
        turn.set(tactic=ActiveTactic(self.tactic, self.mono, event, before and evolve(before, before=None)))


@dataclass(frozen=True, slots=True)
class UndoTactic(Tap):
    """The last tactic tap was a mistake (within its 5 s)."""

    NAME: ClassVar = "undo"
    WHILE_DRIVEN: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs a tactic of late."""
        return None if state.tactic is not None and mono - state.tactic.since < UNDO_S else "too_late"

    def on(self, turn: Turn) -> None:
        """The tactic before it is in use again."""
        visit, tactic = turn.state.visit, turn.state.tactic
        if visit is None or tactic is None or self.mono - tactic.since > UNDO_S:
            return
        turn.record(TacticUndone(visit.id, tactic.id, tactic.event), self.mono)
        turn.set(tactic=tactic.before)
