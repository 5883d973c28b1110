"""What every tap of an officer is: an input with its own rule, and why the screen would not offer it now."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar

from edge.domain.state import State
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class Tap(ABC):
    """One touch. ``NAME``: in the screen's API; fields beside ``mono`` are texts of the request's body.

    ``GRANTED``: but these, which the vehicle itself gives.
    """

    NAME: ClassVar[str]
    GRANTED: ClassVar[tuple[str, ...]] = ()

    mono: float

    @classmethod
    def form(cls) -> tuple[str, ...]:
        """What must be given with it."""
        return tuple(one.name for one in fields(cls) if one.name not in ("mono", *cls.GRANTED))

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """Why it is not offered at an instant: a key of the catalogue's group ``not_now``; None where it is."""
        del state, mono
        return None

    @abstractmethod
    def on(self, turn: Turn) -> None:
        """What it does. One that was overtaken, by another tap or by the shift's end, does nothing."""
