"""Where a vehicle's ledger parts from the one that headquarters holds: the question, beside a status.

A vehicle whose records are not those that are acknowledged asks for the hashes of some numbers; the acknowledgement
of that status has them. The chain says the rest: where one hash is the same, so is all before it.
"""

import re
from collections.abc import Sequence
from typing import Final

PROPERTY: Final = "compare"
"""The name of the user property: numbers, a space between two."""

MOST: Final = 32
"""Numbers of one question: a ledger of a million records takes four."""

PATTERN: Final = r"^[1-9][0-9]{0,15}( [1-9][0-9]{0,15}){0,31}$"


def question(seqs: Sequence[int]) -> str:
    """The property's value."""
    return " ".join(map(str, seqs))


def numbers(value: str) -> tuple[int, ...]:
    """The numbers that are asked for; none where the value is none of ours."""
    return tuple(map(int, value.split(" "))) if re.fullmatch(PATTERN, value) else ()
