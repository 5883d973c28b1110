"""Why a box: which groups of a model's features are worth naming, from their factors. The words are the catalogue's.

Must not say more than the model does: a place has counts; nobody is a reason.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from edge.text.words import Notice, say

LONGEST: Final = 120
"""Characters of a sentence: read at a glance."""

TELLING: Final = 1.1
"""A factor is worth a word from here on (or below its inverse)."""

SHORTENED: Final = ((3, 1), (2, 1), (2, 0), (1, 1), (1, 0))
"""How many groups are named on the side that counts and on the other, until the sentence is short enough."""

CODES: Final = {
    ("more", True, True): "more_less",
    ("more", True, False): "more",
    ("more", False, True): "less",
    ("less", True, True): "less_more",
    ("less", True, False): "less",
    ("less", False, True): "raised",
    ("more", False, False): "flat",
    ("less", False, False): "flat",
}
"""Which sentence: the side that counts, and whether it and the other side have a group to name."""


@lru_cache(maxsize=1024)
def model_reason(crime_type: str, expected: float, times: float, factors: tuple[tuple[str, float], ...]) -> Notice:
    """Such as "About one in 40 such shifts, 6 × the average box, mostly due to this box's own history.".

    ``expected``: incidents in the shift, said beside the ratio, for many times next to nothing is little. Names the two
    or three groups that raise the risk most, and the one that lowers it most; with the crime type before it, as
    `why.with_type` has it, at most `LONGEST`.
    """
    more = [group for group, factor in sorted(factors, key=_factor, reverse=True) if factor >= TELLING]
    less = [group for group, factor in sorted(factors, key=_factor) if factor <= 1.0 / TELLING]
    first, then = ("more", "less") if times >= 1.0 else ("less", "more")
    named = {"more": more, "less": less}
    for most, least in SHORTENED:
        chosen = {first: named[first][:most], then: named[then][:least]}
        notice = _reason({"crime_type": crime_type, "expected": expected, "times": times}, first, then, chosen)
        if len(say(with_type(notice))) <= LONGEST:
            return notice
    return Notice("why.flat", {"crime_type": crime_type, "expected": expected, "times": times})


def with_type(reason: Notice) -> Notice:
    """A model's reason where nothing else says which crime type it is of."""
    return Notice("why.with_type", {"crime_type": reason.values["crime_type"], "why": reason})


def _reason(values: dict[str, Any], first: str, then: str, chosen: Mapping[str, Sequence[str]]) -> Notice:
    values |= {side: tuple(groups) for side, groups in chosen.items() if groups}
    return Notice(f"why.{CODES[first, bool(chosen[first]), bool(chosen[then])]}", values)


def _factor(pair: tuple[str, float]) -> float:
    return pair[1]
