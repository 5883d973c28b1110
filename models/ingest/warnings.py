"""What an import makes doubtful, in sentences for the person: what was seen, and what to do. Must not change a row."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

SWAPPED: Final = "swapped"
MIDNIGHT: Final = "midnight"
CLOCKED: Final = "clocked"

_PILE: Final = 0.05
"""Of the times, at exactly 00:00. By chance it is one minute in 1,440; where times are rounded to the hour, 1 in 24."""
_FEW: Final = 20


def of_times(clues: Counter[str]) -> Iterator[str]:
    """Sentences of the times in all files."""
    if swapped := clues[SWAPPED]:
        yield (
            f"{rows(swapped)} can be read only with day and month exchanged; if the export writes the day first, all "
            "its days up to the 12th were misread: correct time.formats (%d before %m)"
        )
    midnight, clocked = clues[MIDNIGHT], clues[CLOCKED]
    if midnight >= _FEW and midnight > _PILE * clocked:
        yield (
            f"{midnight:,} of {clocked:,} times are at exactly 00:00; if that means an unknown time, say so: "
            'time.unknown = ["00:00"]'
        )


def rows(number: int) -> str:
    """A number of rows in words."""
    return f"{number:,} row" if number == 1 else f"{number:,} rows"
