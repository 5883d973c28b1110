"""The agency's approved tactics: non-enforcement things to do during a visit.

A tactic whose words speak of enforcement is refused (protection 5). Must not rank or suggest by person.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

ENFORCEMENT_WORDS: Final = (
    "arrest", "citation", "cite", "citing", "detain", "detention", "enforce", "field interview", "fine", "frisk",
    "handcuff", "pat down", "pull over", "pulling over", "raid", "search", "seiz", "seize", "seizure", "stop and",
    "summons", "suspect", "ticket", "tow", "traffic stop", "warrant",
)  # fmt: skip
_ENFORCEMENT = re.compile(
    r"\b(" + "|".join(ENFORCEMENT_WORDS).replace(" ", r"[\s-]+") + r")(s|ed|d|es|ing|ment|ion|ions)?\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tactic:
    """One approved tactic: its id, the words on its button, and the crime types it is meant for (none: all)."""

    id: str
    label: str
    crime_types: tuple[str, ...] = ()


def suited(tactics: Iterable[Tactic], crime_types: Sequence[str], own: Sequence[str] = ()) -> list[Tactic]:
    """The tactics in the order of their use in a box: its plan's (``own``, ids), its types', everybody's, others."""

    def rank(tactic: Tactic) -> tuple[int, int]:
        if tactic.id in own:
            return 0, own.index(tactic.id)
        if not tactic.crime_types:
            return 2, 0
        return (1 if set(tactic.crime_types) & set(crime_types) else 3), 0

    return sorted(tactics, key=rank)


def enforcement_word(text: str) -> str | None:
    """The first word of enforcement in a tactic's text, or None."""
    found = _ENFORCEMENT.search(text)
    return found.group(0) if found else None
