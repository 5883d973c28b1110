"""An officer takes the vehicle, or leaves it."""

from dataclasses import dataclass
from typing import ClassVar

from edge.domain import duty
from edge.domain.driving import Happening, happen
from edge.domain.events import Role, SignedIn
from edge.domain.meter import change_officer
from edge.domain.opening import reconsider
from edge.domain.roles import EVERYBODY
from edge.domain.state import State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class SignIn(Tap):
    """An officer takes the vehicle; ``officer`` is a roster id, ``role`` the roster's, None without one."""

    NAME: ClassVar = "sign-in"
    GRANTED: ClassVar = ("role",)
    WHO: ClassVar = EVERYBODY

    officer: str
    role: Role | None = None

    def on(self, turn: Turn) -> None:
        """Another officer's visit goes on as a new segment."""
        if self.officer == turn.state.officer:
            return
        turn.settle(self.mono)
        visit = turn.state.visit
        changed = visit and change_officer(visit, self.officer)
        driving = happen(turn.state.driving, Happening.CHANGED)
        turn.set(
            officer=self.officer, role=self.role, duty=duty.signed_in(turn, self.mono), visit=changed, driving=driving
        )
        turn.record(SignedIn(self.role), self.mono)
        reconsider(turn, self.mono)


@dataclass(frozen=True, slots=True)
class SignOut(Tap):
    """The officer leaves the vehicle."""

    NAME: ClassVar = "sign-out"

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs an officer."""
        del mono
        return "signed_out" if state.officer is None else None

    def on(self, turn: Turn) -> None:
        """The visit ends."""
        if turn.state.officer is not None:
            duty.sign_out(turn, self.mono)
