"""A supervisor or an analyst changes the plan of their own car: the rules are `edge.domain.changes`'."""

from dataclasses import dataclass
from typing import ClassVar, Final

from edge.domain.change_inputs import AddPatrol, SuppressPatrol
from edge.domain.changes import on_add, on_suppress, refusal
from edge.domain.events import ChangeReason, Role
from edge.domain.grid import box_id
from edge.domain.policy import CRIME_TYPES
from edge.domain.roles import MAY_CHANGE, highest
from edge.domain.state import Setting, State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn

TO_SHIFT_END: Final = "shift"
"""What ``lasts`` says for a change that holds as long as the shift."""

HARMLESS: Final[ChangeReason] = "other"
"""A reason to ask with whether a change may be made: none of them makes a difference."""

NOT_NOW: Final = {"no_box": "outside", "no_shift": "no_shift_yet"}
"""Refusals that the screen has another word for."""


@dataclass(frozen=True, slots=True)
class AddHere(Tap):
    """The box the car stands in is to be patrolled: for which crime type, why, and for how long (minutes, or shift)."""

    NAME: ClassVar = "add-patrol"
    WHO: ClassVar = frozenset(MAY_CHANGE)

    crime_type: str
    change: ChangeReason
    lasts: str

    @classmethod
    def refusal(cls, setting: Setting, state: State, mono: float) -> str | None:
        """It needs a car in a box that may be patrolled and is not."""
        box = _here(state)
        if state.officer is None or box is None:
            return "signed_out" if state.officer is None else "no_position"
        return why_not_add(setting, state, mono, box)

    def on(self, turn: Turn) -> None:
        """It is assigned at once, with a record."""
        state, box = turn.state, _here(turn.state)
        if box is not None:
            until = _until(state, self.mono, self.lasts)
            on_add(turn, AddPatrol(self.mono, _role(state), box, (self.crime_type,), self.change, until))


@dataclass(frozen=True, slots=True)
class AddBox(Tap):
    """A box that was chosen on the map is to be patrolled: as `AddHere` has it."""

    NAME: ClassVar = "add-box"
    WHO: ClassVar = frozenset(MAY_CHANGE)

    box: str
    crime_type: str
    change: ChangeReason
    lasts: str

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs a shift; the rest is for the box that is chosen (`why_not_add`)."""
        del mono
        return "signed_out" if state.officer is None else "no_shift_yet" if state.shift is None else None

    def on(self, turn: Turn) -> None:
        """It is assigned at once, with a record."""
        state, until = turn.state, _until(turn.state, self.mono, self.lasts)
        on_add(turn, AddPatrol(self.mono, _role(state), self.box, (self.crime_type,), self.change, until))


@dataclass(frozen=True, slots=True)
class SuppressBox(Tap):
    """A box of the plan is not to be patrolled: why, and for how long (minutes, or shift)."""

    NAME: ClassVar = "suppress"
    WHO: ClassVar = frozenset(MAY_CHANGE)

    box: str
    change: ChangeReason
    lasts: str

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """It needs a plan."""
        del mono
        return "signed_out" if state.officer is None else "no_plan" if state.plan is None else None

    def on(self, turn: Turn) -> None:
        """A visit in it ends; the box is not offered any more. A record says so."""
        state, until = turn.state, _until(turn.state, self.mono, self.lasts)
        on_suppress(turn, SuppressPatrol(self.mono, _role(state), self.box, self.change, until))


def why_not_add(setting: Setting, state: State, mono: float, box: str) -> str | None:
    """Why a box may not be added now: a key of the group ``not_now``; None where it may."""
    given = AddPatrol(mono, _role(state), box, CRIME_TYPES[:1], HARMLESS)
    why = refusal(setting, state, given)
    return None if why is None else NOT_NOW.get(why, why)


def why_not_suppress(setting: Setting, state: State, mono: float, box: str) -> str | None:
    """Why a box may not be suppressed now, as `why_not_add`."""
    why = refusal(setting, state, SuppressPatrol(mono, _role(state), box, HARMLESS))
    return None if why is None else NOT_NOW.get(why, why)


def _role(state: State) -> Role:
    """The highest of those in the car."""
    return highest(state.role, state.second_role)


def _here(state: State) -> str | None:
    stay = state.track.stay
    return None if stay is None or state.track.lost else box_id(stay.cell)


def _until(state: State, mono: float, lasts: str) -> float | None:
    """POSIX seconds; None for the end of the shift, as where no minutes are given."""
    return state.utc(mono) + 60.0 * int(lasts) if lasts.isdecimal() else None
