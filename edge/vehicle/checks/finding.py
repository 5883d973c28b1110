"""What a look at the car found: a sentence, and how bad it is. Must not look at anything itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Grade: TypeAlias = Literal["ok", "warning", "fault"]
"""``warning``: the car patrols all the same; ``fault``: it does not, or loses what it records."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of `roundsman doctor`; that of a warning or a fault says what to do."""

    grade: Grade
    text: str


def faults(problems: Iterable[str]) -> Iterator[Finding]:
    """Problems of the configuration, each a fault."""
    yield from (Finding("fault", one) for one in problems)


def warnings(notes: Iterable[str]) -> Iterator[Finding]:
    """Notes on the configuration, each a warning."""
    yield from (Finding("warning", one) for one in notes)
