"""The agency's approved tactics: non-enforcement things to do during a visit, by crime type and hour.

A tactic whose words speak of enforcement, in English or Spanish, is refused (protection 5). Must not rank or suggest by
person.
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
SPANISH_STEMS: Final = (
    "allanamiento", "allanar", "aprehen", "arrest", "cache(o|ar)", "cate(o|ar)", "citatorio", "decomis",
    "deten(er|ga|ido)", "detenci", "esposar", "incautar", "incautaci", "infracci", "multa", "redada", "remolc",
    "sospechos",
)  # fmt: skip
"""How Spanish words of enforcement begin."""

_ENFORCEMENT = re.compile(
    r"\b(" + "|".join(ENFORCEMENT_WORDS).replace(" ", r"[\s-]+") + r")(s|ed|d|es|ing|ment|ion|ions)?\b"
    r"|\b(" + "|".join(SPANISH_STEMS) + r")\w*",
    re.IGNORECASE,
)
DAY_MIN: Final = 1440


@dataclass(frozen=True, slots=True)
class Tactic:
    """One approved tactic: its id, the words on its button, and the crime types it is meant for (none: all).

    ``hours``: from and to, minutes of the local day, to may be past midnight (none: at any time). ``labels``: the words
    in other languages.
    """

    id: str
    label: str
    crime_types: tuple[str, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()

    def label_in(self, language: str) -> str:
        """Its words in a language; the agency's own where it gave none."""
        return dict(self.labels).get(language, self.label)

    def at(self, minute: int) -> bool:
        """Whether it is approved for a minute of the local day."""
        return not self.hours or any(
            (minute - begins) % DAY_MIN < (ends - begins) % DAY_MIN for begins, ends in self.hours
        )

    def within(self, begins: int, ends: int) -> bool:
        """Whether it is approved for any minute of a time that begins and ends at some minutes of the local day."""
        return self.at(begins) or any(
            (begins_at - begins) % DAY_MIN < (ends - begins) % DAY_MIN for begins_at, _ in self.hours
        )


def suited(tactics: Iterable[Tactic], crime_types: Sequence[str], own: Sequence[str] = ()) -> list[Tactic]:
    """Some tactics in the order of their use in a box: its plan's (``own``, ids), its types', everybody's, others."""

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
