"""What every tap of an officer is: an input with its own rule, and why the screen would not offer it now."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

from edge.domain.roles import SIGNED_IN, Who
from edge.domain.state import Setting, State
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class Tap(ABC):
    """One touch. ``NAME``: in the screen's API; fields beside ``mono`` are texts of the request's body.

    ``GRANTED``: but these, which the vehicle itself gives. ``WHO``: the roles that may. ``WHILE_DRIVEN``: None where
    it is for a car that stands alone (or for a passenger); else what a field must then say, by its name.
    """

    NAME: ClassVar[str]
    GRANTED: ClassVar[tuple[str, ...]] = ()
    WHO: ClassVar[frozenset[Who]] = SIGNED_IN
    WHILE_DRIVEN: ClassVar[Mapping[str, tuple[str, ...]] | None] = None

    mono: float

    @classmethod
    def form(cls) -> tuple[str, ...]:
        """What must be given with it."""
        return tuple(one.name for one in fields(cls) if one.name not in ("mono", *cls.GRANTED))

    @classmethod
    def for_glances(cls, given: Mapping[str, str]) -> bool:
        """Whether it may be tapped while the car is driven, with such fields."""
        allowed = cls.WHILE_DRIVEN
        return allowed is not None and all(given.get(name) in values for name, values in allowed.items())

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """Why it is not offered at an instant: a key of the catalogue's group ``not_now``; None where it is."""
        del state, mono
        return None

    @classmethod
    def refusal(cls, setting: Setting, state: State, mono: float) -> str | None:
        """As `why_not`, and for what the agency's boxes and rules say of where the car is."""
        del setting
        return cls.why_not(state, mono)

    @abstractmethod
    def on(self, turn: Turn) -> None:
        """What it does. One that was overtaken, by another tap or by the shift's end, does nothing."""
