"""The one catalogue of English: a code with values becomes words here, and in the screen's ``words.js``.

``words.json`` holds groups of words and sentences; a code is ``group.key``. A sentence names its values in braces,
each with filters after ``|``: a group of the catalogue (the value is a key of it), or one of `FILTERS`. A list of
sentences is shown in parts. Must not decide what is worth showing.
"""

import errno
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias

Severity: TypeAlias = Literal["info", "warning", "fault"]
"""``info``: how it stands; ``warning``: it works, but somebody should know; ``fault``: something does not work."""

CATALOGUE_TEXT: Final = files("edge.text").joinpath("words.json").read_text(encoding="utf-8")
CATALOGUE: Final[Mapping[str, Mapping[str, str | list[str]]]] = json.loads(CATALOGUE_TEXT)

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


def say(notice: Notice) -> str:
    """A notice in words; its parts with a dot between."""
    return " · ".join(parts(notice))


def parts(notice: Notice) -> tuple[str, ...]:
    """The parts of a notice in words."""
    group, _, key = notice.code.partition(".")
    entry = CATALOGUE[group][key]
    return tuple(_filled(one, notice.values) for one in ([entry] if isinstance(entry, str) else entry))


def os_error(error: OSError) -> str:
    """Why the operating system refuses, as a key of the group ``os_error``: the error's own name."""
    return errno.errorcode.get(error.errno or 0, type(error).__name__).lower()


def word(group: str, key: str) -> str:
    """A word of a group; a key that the catalogue does not have, from a newer peer perhaps, is its own word."""
    found = CATALOGUE[group].get(key)
    return found if isinstance(found, str) else key.replace("_", " ")


def _filled(sentence: str, values: Mapping[str, Any]) -> str:
    def place(found: re.Match[str]) -> str:
        value: Any = _in_words(values[found[1]])
        for name in found[2].split("|")[1:]:
            value = _in_group(name, value) if name in CATALOGUE else FILTERS[name](value)
        return str(value)

    return _PLACE.sub(place, sentence)


def _in_words(value: object) -> object:
    """A value as a filter takes it; one that is a notice itself, perhaps as the screen's JSON has it, is in words."""
    if isinstance(value, Mapping):
        value = Notice(**value)
    if isinstance(value, list | tuple):
        return [_in_words(one) for one in value]
    return say(value) if isinstance(value, Notice) else value


def _in_group(group: str, value: str | Sequence[str]) -> str | list[str]:
    return word(group, value) if isinstance(value, str) else [word(group, one) for one in value]


def clock(seconds: float) -> str:
    """``08:46``; never negative."""
    whole = max(0, math.floor(seconds))
    return f"{whole // 60:02d}:{whole % 60:02d}"


def countdown(seconds: float) -> str:
    """``1:35``, as a time left is read within a sentence; never negative."""
    return clock(seconds).removeprefix("0")


def span(seconds: float) -> str:
    """``45 min``, ``3 h 12 min``."""
    minutes = max(0, math.floor(seconds / 60))
    name = "minutes" if minutes < HOUR_MIN else "hours"
    return say(Notice(f"number.{name}", {"h": minutes // HOUR_MIN, "m": minutes % HOUR_MIN}))


def distance(metres: float) -> str:
    """``140 ft``, ``0.2 mi``, ``12.0 mi``: an American officer's units, of a value in metres."""
    miles = metres / MILE_M
    if miles < MILES_FROM:
        return say(Notice("number.feet", {"n": 10 * math.floor(metres / FOOT_M / 10 + 0.5)}))
    return say(Notice("number.miles", {"n": f"{math.floor(miles * 10 + 0.5) / 10:.1f}"}))


def accuracy(metres: float) -> str:
    """How sure a position is: a distance, never less than the ten feet it is rounded to."""
    return distance(max(10 * FOOT_M, metres))


def point(bearing: float) -> str:
    """A bearing in degrees as a key of the group ``compass``."""
    return ("n", "ne", "e", "se", "s", "sw", "w", "nw")[math.floor(bearing / 45.0 + 0.5) % 8]


def times(factor: float) -> str:
    """A factor of the average box's risk."""
    if _rounded(factor, 1) == "1":
        return word("number", "same")
    if factor < TENTH:
        return word("number", "tenth")
    digits = 2 if factor < ONE else 1 if factor < MANY else 0
    return say(Notice("number.times", {"n": _rounded(factor, digits)}))


def often(expected: float) -> str:
    """How often an incident comes, of the number expected in a shift: once in so many shifts, to two digits."""
    if expected < SELDOM:
        return say(Notice("number.seldom", {"n": _thousands(1.0 / SELDOM)}))
    if expected >= SEVERAL:
        return say(Notice("number.several", {"n": _rounded(expected, 1)}))
    shifts = _thousands(1.0 / expected)
    return word("number", "each") if shifts == "1" else say(Notice("number.once_in", {"n": shifts}))


def _thousands(value: float) -> str:
    """Half up to two digits: ``1,200``."""
    step = max(1, 10 ** (math.floor(math.log10(value)) - 1)) if value >= 1.0 else 1
    return f"{math.floor(value / step + 0.5) * step:,}"


def _rounded(value: float, digits: int) -> str:
    """Half up, as a browser does it too; without needless zeros."""
    return f"{math.floor(value * 10**digits + 0.5) / 10**digits:.12g}"


def _and(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _a(noun: str) -> str:
    """``a plan``, ``an Ack``."""
    return f"{'an' if noun[:1].lower() in set('aeiou') else 'a'} {noun}"


def _sentence(text: str) -> str:
    """As it stands alone."""
    return _capital(text) + ("" if text.endswith((".", "…")) else ".")


FILTERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "clock": clock,
    "countdown": countdown,
    "span": span,
    "distance": distance,
    "accuracy": accuracy,
    "point": point,
    "times": times,
    "often": often,
    "whole": lambda value: _rounded(value, 0),
    "s": lambda count: "" if count == 1 else "s",
    "and": _and,
    "list": ", ".join,
    "semicolons": "; ".join,
    "plus": " + ".join,
    "short": lambda value: _rounded(value, 6),
    "a": _a,
    "upper": str.upper,
    "capital": _capital,
    "sentence": _sentence,
    "count": "{:,}".format,
}
"""What may stand after a value's name; ``s`` is the plural's ending of a count. ``words.js`` has the same."""
