"""The one catalogue of words: a code with values becomes words here, and in the screen's ``words.js``.

``words.json`` holds groups of words and sentences in English, ``words.es.json`` the same in Spanish; a code is
``group.key``. A sentence names its values in braces, each with filters after ``|``: a group of the catalogue (the value
is a key of it), or one of `FILTERS`. A list of sentences is shown in parts. Must not decide what is worth showing.
"""

import errno
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias

from edge.text.grammar import GRAMMAR, Filters

Severity: TypeAlias = Literal["info", "warning", "fault"]
"""``info``: how it stands; ``warning``: it works, but somebody should know; ``fault``: something does not work."""

Catalogue: TypeAlias = Mapping[str, Mapping[str, str | list[str]]]

HOUR_MIN: Final = 60
FOOT_M: Final = 0.3048
MILE_M: Final = 1609.344
MILES_FROM: Final = 0.1
"""Miles from which a distance is no longer given in feet."""
TENTH, ONE, MANY = 0.1, 1.0, 9.5
"""Factors below, at and above which "× the average box" is put otherwise, or as a whole number."""
SELDOM, SEVERAL = 1e-4, 1.5
"""Expected incidents below which "once in so many shifts" names no number, and from which they are counted."""

_PLACE: Final = re.compile(r"\{(\w+)((?:\|\w+)*)\}")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to show: ``code`` in the catalogue, the ``values`` it names, and how grave it is.

    A value may be a notice itself, such as a reason: none is a sentence.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "info"


def os_error(error: OSError) -> str:
    """Why the operating system refuses, as a key of the group ``os_error``: the error's own name."""
    return errno.errorcode.get(error.errno or 0, type(error).__name__).lower()


class Words:
    """The catalogue in one language."""

    def __init__(self, language: str, catalogue: Catalogue) -> None:
        self.language = language
        self.catalogue = catalogue
        self.filters: Filters = {
            **FORMATS,
            **GRAMMAR[language],
            "span": self.span,
            "distance": self.distance,
            "accuracy": self.accuracy,
            "times": self.times,
            "often": self.often,
        }

    def say(self, notice: Notice) -> str:
        """A notice in words; its parts with a dot between."""
        return " · ".join(self.parts(notice))

    def parts(self, notice: Notice) -> tuple[str, ...]:
        """The parts of a notice in words."""
        group, _, key = notice.code.partition(".")
        entry = self.catalogue[group][key]
        return tuple(self._filled(one, notice.values) for one in ([entry] if isinstance(entry, str) else entry))

    def text(self, code: str, **values: Any) -> str:
        """A sentence of the catalogue."""
        return self.say(Notice(code, values))

    def word(self, group: str, key: str) -> str:
        """A word of a group; a key that the catalogue does not have, from a newer peer perhaps, is its own word."""
        found = self.catalogue[group].get(key)
        return found if isinstance(found, str) else key.replace("_", " ")

    def _filled(self, sentence: str, values: Mapping[str, Any]) -> str:
        def place(found: re.Match[str]) -> str:
            value: Any = self._in_words(values[found[1]])
            for name in found[2].split("|")[1:]:
                value = self._in_group(name, value) if name in self.catalogue else self.filters[name](value)
            return str(value)

        return _PLACE.sub(place, sentence)

    def _in_words(self, value: object) -> object:
        """A value as a filter takes it; one that is a notice itself, perhaps as JSON has it, is in words."""
        if isinstance(value, Mapping):
            value = Notice(**value)
        if isinstance(value, list | tuple):
            return [self._in_words(one) for one in value]
        return self.say(value) if isinstance(value, Notice) else value

    def _in_group(self, group: str, value: str | Sequence[str]) -> str | list[str]:
        return self.word(group, value) if isinstance(value, str) else [self.word(group, one) for one in value]

    def span(self, seconds: float) -> str:
        """``45 min``, ``3 h 12 min``."""
        minutes = max(0, math.floor(seconds / 60))
        name = "minutes" if minutes < HOUR_MIN else "hours"
        return self.text(f"number.{name}", h=minutes // HOUR_MIN, m=minutes % HOUR_MIN)

    def distance(self, metres: float) -> str:
        """``140 ft``, ``0.2 mi``, ``12.0 mi``: an American officer's units, of a value in metres."""
        miles = metres / MILE_M
        if miles < MILES_FROM:
            return self.text("number.feet", n=10 * math.floor(metres / FOOT_M / 10 + 0.5))
        return self.text("number.miles", n=f"{math.floor(miles * 10 + 0.5) / 10:.1f}")

    def accuracy(self, metres: float) -> str:
        """How sure a position is: a distance, never less than the ten feet it is rounded to."""
        return self.distance(max(10 * FOOT_M, metres))

    def times(self, factor: float) -> str:
        """A factor of the average box's risk."""
        if rounded(factor, 1) == "1":
            return self.word("number", "same")
        if factor < TENTH:
            return self.word("number", "tenth")
        digits = 2 if factor < ONE else 1 if factor < MANY else 0
        return self.text("number.times", n=rounded(factor, digits))

    def often(self, expected: float) -> str:
        """How often an incident comes, of the number expected in a shift: once in so many shifts, to two digits."""
        if expected < SELDOM:
            return self.text("number.seldom", n=_thousands(1.0 / SELDOM))
        if expected >= SEVERAL:
            return self.text("number.several", n=rounded(expected, 1))
        shifts = _thousands(1.0 / expected)
        return self.word("number", "each") if shifts == "1" else self.text("number.once_in", n=shifts)


def clock(seconds: float) -> str:
    """``08:46``; never negative."""
    whole = max(0, math.floor(seconds))
    return f"{whole // 60:02d}:{whole % 60:02d}"


def countdown(seconds: float) -> str:
    """``1:35``, as a time left is read within a sentence; never negative."""
    return clock(seconds).removeprefix("0")


def point(bearing: float) -> str:
    """A bearing in degrees as a key of the group ``compass``."""
    return ("n", "ne", "e", "se", "s", "sw", "w", "nw")[math.floor(bearing / 45.0 + 0.5) % 8]


def _thousands(value: float) -> str:
    """Half up to two digits: ``1,200``."""
    step = max(1, 10 ** (math.floor(math.log10(value)) - 1)) if value >= 1.0 else 1
    return f"{math.floor(value / step + 0.5) * step:,}"


def rounded(value: float, digits: int) -> str:
    """Half up, as a browser does it too; without needless zeros."""
    return f"{math.floor(value * 10**digits + 0.5) / 10**digits:.12g}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    """As it stands alone."""
    return _capital(text) + ("" if text.endswith((".", "…")) else ".")


FORMATS: Final[Filters] = {
    "clock": clock,
    "countdown": countdown,
    "point": point,
    "whole": lambda value: rounded(value, 0),
    "list": ", ".join,
    "semicolons": "; ".join,
    "plus": " + ".join,
    "short": lambda value: rounded(value, 6),
    "upper": str.upper,
    "capital": _capital,
    "sentence": _sentence,
    "count": "{:,}".format,
}
"""Filters that are alike in every language; ``words.js`` has the same. Those of `Words` and `GRAMMAR` come to them."""


LANGUAGES: Final = ("en", "es")


def catalogue_of(language: str) -> Catalogue:
    """The catalogue's file of a language, as it is."""
    name = "words.json" if language == "en" else f"words.{language}.json"
    catalogue: Catalogue = json.loads(files("edge.text").joinpath(name).read_text(encoding="utf-8"))
    return catalogue


def over(english: Catalogue, other: Catalogue) -> Catalogue:
    """Another language's catalogue; what it does not have yet is English."""
    return {group: {**entries, **other.get(group, {})} for group, entries in english.items()}


ENGLISH: Final = Words("en", catalogue_of("en"))
IN: Final[Mapping[str, Words]] = {
    one: ENGLISH if one == "en" else Words(one, over(ENGLISH.catalogue, catalogue_of(one))) for one in LANGUAGES
}
"""The catalogue by language: a screen has one, which an officer may change."""

CATALOGUE: Final = ENGLISH.catalogue
FILTERS: Final = ENGLISH.filters
say, parts, word = ENGLISH.say, ENGLISH.parts, ENGLISH.word
span, distance, accuracy, times, often = (
    ENGLISH.span, ENGLISH.distance, ENGLISH.accuracy, ENGLISH.times, ENGLISH.often,
)  # fmt: skip
"""What logs, commands, records and headquarters say: English."""
