"""An officer takes the vehicle, or leaves it; a second one comes beside, or goes."""

from dataclasses import dataclass
from typing import ClassVar

from edge.domain import duty
from edge.domain.driving import Happening, happen
from edge.domain.events import Role, SecondSignedIn, SecondSignedOut, SignedIn
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
        """Another officer's visit goes on as a new segment; who was second and is first now is not second any more."""
        state = turn.state
        if self.officer == state.officer:
            return
        turn.settle(self.mono)
        alone = self.officer == state.second
        second, second_role = (None, None) if alone else (state.second, state.second_role)
        _change(turn, self.officer, second)
        driving = happen(turn.state.driving, Happening.CHANGED)
        turn.set(officer=self.officer, role=self.role, second=second, second_role=second_role, driving=driving)
        turn.set(duty=duty.signed_in(turn, self.mono))
        turn.record(SignedIn(self.role), self.mono)
        reconsider(turn, self.mono)


@dataclass(frozen=True, slots=True)
class SignOut(Tap):
    """The officer leaves the vehicle, and so does a second one."""

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


@dataclass(frozen=True, slots=True)
class SignInSecond(Tap):
    """A second officer is beside the one signed in."""

    NAME: ClassVar = "sign-in-second"
    GRANTED: ClassVar = ("role",)

    officer: str
    role: Role | None = None

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs an officer alone."""
        del mono
        return "signed_out" if state.officer is None else None if state.second is None else "second_there"

    def on(self, turn: Turn) -> None:
        """The visit goes on as a new segment, both's. Nobody is beside themselves."""
        state = turn.state
        if state.officer in (None, self.officer) or state.second is not None:
            return
        turn.settle(self.mono)
        _change(turn, state.officer, self.officer)
        turn.set(second=self.officer, second_role=self.role)
        turn.record(SecondSignedIn(self.role), self.mono)


@dataclass(frozen=True, slots=True)
class SignOutSecond(Tap):
    """The second officer leaves; the first goes on."""

    NAME: ClassVar = "sign-out-second"

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs a second officer."""
        del mono
        return None if state.second is not None else "no_second"

    def on(self, turn: Turn) -> None:
        """The visit goes on as a new segment, the first one's."""
        if turn.state.second is None:
            return
        turn.settle(self.mono)
        turn.record(SecondSignedOut(), self.mono)
        _change(turn, turn.state.officer, None)
        turn.set(second=None, second_role=None)


def _change(turn: Turn, officer: str | None, second: str | None) -> None:
    """An open visit goes on with other officers."""
    visit = turn.state.visit
    if visit is not None and officer is not None:
        turn.set(visit=change_officer(visit, officer, second))
