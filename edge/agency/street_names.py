"""Street names as an officer says them: "North Main Street" is "Main", unless there is a Main Avenue, too.

Types of streets and directions are abbreviated as in USPS Publication 28 (C1, 233.2), and left out where nothing is
confused by it. Must not know where a street is.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from edge.text.names import LONGEST, label

_TYPES: Final = {
    "alley": "Aly", "avenue": "Ave", "boulevard": "Blvd", "circle": "Cir", "court": "Ct", "crescent": "Cres",
    "drive": "Dr", "expressway": "Expy", "freeway": "Fwy", "highway": "Hwy", "lane": "Ln", "loop": "Loop",
    "parkway": "Pkwy", "pike": "Pike", "place": "Pl", "plaza": "Plz", "road": "Rd", "square": "Sq", "street": "St",
    "terrace": "Ter", "trail": "Trl", "turnpike": "Tpke", "walk": "Walk", "way": "Way", "av": "Ave", "boul": "Blvd",
    "hiway": "Hwy", "parkwy": "Pkwy", "str": "St", "terr": "Ter", "trpk": "Tpke",
}  # fmt: skip
_DIRECTIONS: Final = {
    "north": "N", "south": "S", "east": "E", "west": "W",
    "northeast": "NE", "northwest": "NW", "southeast": "SE", "southwest": "SW",
}  # fmt: skip
_SHORT_TYPES: Final = {short.casefold(): short for short in _TYPES.values()} | _TYPES
_SHORT_DIRECTIONS: Final = {short.casefold(): short for short in _DIRECTIONS.values()} | _DIRECTIONS
_ORDINAL: Final = re.compile(r"\d+(st|nd|rd|th)", re.IGNORECASE)
_VOWEL: Final = re.compile("[aeiouy]", re.IGNORECASE)


def street_name(value: Any) -> str | None:
    """A street's name as a file has it, abbreviated; None where it has none that can be shown."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        words = label(" ".join(str(value).split())).split()
    except ValueError:
        return None
    name = " ".join(_abbreviated(_cased(words)))
    return name if 0 < len(name) <= LONGEST and any(each.isalnum() for each in name) else None


def short_names(names: Iterable[str]) -> Mapping[str, str]:
    """Each abbreviated name and its short form: without direction in front, and without type where that is clear."""
    types: dict[str, set[str]] = defaultdict(set)
    split = {name: _split(name) for name in names}
    for base, kind in split.values():
        types[base.casefold()].add(kind)
    return {
        name: base if len(types[base.casefold()]) == 1 else f"{base} {kind}".strip()
        for name, (base, kind) in split.items()
    }


def _cased(words: list[str]) -> list[str]:
    """A name in capitals as one is written: N MAIN ST, 4TH AVE, MLK BLVD."""
    if any(each.islower() for word in words for each in word):
        return words
    return [word if len(word) <= 3 and not _VOWEL.search(word) else word.capitalize() for word in words]  # noqa: PLR2004 - MLK, NE


def _abbreviated(words: list[str]) -> list[str]:
    words = [word.lower() if _ORDINAL.fullmatch(word) else word for word in words]
    last = len(words) - 1
    for at, word in enumerate(words):
        key = word.rstrip(".").casefold()
        outer = at == last > 0 or (at == 0 and _is_named(words[1:]))
        if outer and key in _SHORT_DIRECTIONS:
            words[at] = _SHORT_DIRECTIONS[key]
    at = last - 1 if last > 0 and words[last] in _DIRECTIONS.values() else last
    if at > 0 and (key := words[at].rstrip(".").casefold()) in _SHORT_TYPES:
        words[at] = _SHORT_TYPES[key]
    return words


def _split(name: str) -> tuple[str, str]:
    """A name without direction in front and without type; and its type, empty where it has none."""
    words = name.split()
    if words[0] in _DIRECTIONS.values() and _is_named(words[1:]):
        words = words[1:]
    if len(words) > 1 and words[-1] in _TYPES.values():
        return " ".join(words[:-1]), words[-1]
    return " ".join(words), ""


def _is_named(words: list[str]) -> bool:
    """Whether there is a name without the direction in front: that of "North Avenue" is North."""
    return bool(words) and not all(
        (key := word.rstrip(".").casefold()) in _SHORT_TYPES or key in _SHORT_DIRECTIONS for word in words
    )
