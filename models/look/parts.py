"""A time in columns of its year, month, day, hour and minute. Must not know a column of whole dates."""

from collections.abc import Sequence
from typing import Final

from models.look.dates import When, Written
from models.look.profile import Profile

_PARTS: Final = {
    "%Y": ("year", "yr", "yyyy"), "%m": ("month", "mon", "mm"), "%d": ("day", "dd"), "%H": ("hour", "hr", "hh"),
    "%M": ("minute", "min", "mi"),
}  # fmt: skip
_LEAST: Final = 3
_NUMBERS: Final = 0.9
"""Share of values that are numbers; of months, else, names."""


def in_parts(columns: Sequence[Profile]) -> When | None:
    """The time that columns named Year, Month, Day (and Hour, Minute) say together; None where there are no such."""
    found: dict[str, Profile] = {}
    for part, words in _PARTS.items():
        fits = [one for one in columns if one.filled and one.has(*words) and one.name not in found]
        if not fits:
            break
        found[part] = fits[0]
    if len(found) < _LEAST:
        return None
    month = "%m" if found["%m"].numeric > _NUMBERS else "%b"
    form = " ".join(month if part == "%m" else part for part in found)
    names = tuple(one.name for one in found.values())
    return When(names, Written((form,), "", clock="%H" in found, read=1.0), (form,))
