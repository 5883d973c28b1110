"""What an import makes doubtful, in sentences for the person: what was seen, and what to do. Must not change a row."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from edge.text.mistakes import counted
from models.ingest.merging import REPEATED, Merged

SWAPPED: Final = "swapped"
MIDNIGHT: Final = "midnight"
CLOCKED: Final = "clocked"
REPORTED_UNREAD: Final = "reported, not read"
EARLY: Final = "reported too early"
OUT_OF_ORDER: Final = "the files were given out of order"

_TELLING: Final = {
    "iso": "ISO 8601 times (2024-03-01T12:30)", "excel": "a spreadsheet's days (45352.52)",
    "epoch_s": "seconds since 1970 (1709317800)", "epoch_ms": "milliseconds since 1970 (1709317800000)",
    "%Y%j": "years and days of the year (2024061)",
}  # fmt: skip
_PILE: Final = 0.05
"""Of the times, at exactly 00:00. By chance it is one minute in 1,440; where times are rounded to the hour, 1 in 24."""
_FEW: Final = 20


def of_times(clues: Counter[str]) -> Iterator[str]:
    """Sentences of the times in all files."""
    if swapped := clues[SWAPPED]:
        yield (
            f"{rows(swapped)} can be read only with day and month exchanged; if the export writes the day "
            "first, all its days up to the 12th were misread: correct time.formats (%d before %m)"
        )
    for name, what in _TELLING.items():
        if clues[name]:
            yield f'{rows(clues[name])} left out for the time seem to hold {what}: add "{name}" to time.formats'
    if unread := clues[REPORTED_UNREAD]:
        yield (
            f"time.reported is in none of time.formats, or in the future, in {rows(unread)}, counted as "
            "known when the incident happened; add its format"
        )
    if early := clues[EARLY]:
        yield f"time.reported is before the incident in {rows(early)}, counted as known when it happened"
    midnight, clocked = clues[MIDNIGHT], clues[CLOCKED]
    if midnight >= _FEW and midnight > _PILE * clocked:
        yield (
            f"{midnight:,} of {clocked:,} times are at exactly 00:00; if that means an unknown time, say so: "
            'time.unknown = ["00:00"]'
        )


def of_ids(merged: Merged, unmatched: int) -> Iterator[str]:
    """Sentences of rows that share an id, and of reversals without a row."""
    if merged.folded:
        folded, left = counted(merged.folded, "incident"), rows(merged.left_out[REPEATED])
        yield (
            f"several rows share one id (victims, suspects or offenses of an incident): {folded} counted once, by the "
            f"last row of each; {left} left out"
        )
    if merged.mixed:
        yield (
            f"the rows of {counted(merged.mixed, 'id')} have several crime types, and the last row's counts; to count "
            "each offense, add its column to event_id"
        )
    if unmatched:
        reversals = counted(unmatched, "reversal row")
        yield f"no incident in these files or in --with for {reversals}; give the files that have it, too"


def of_numbers(alike: int) -> str:
    """The sentence of an export without ids."""
    same = f"; {counted(alike, 'incident')} as in another file, alike in time, type and place" if alike else ""
    return (
        'event_id = "row": the export has no id, so that a row is known by its number in its file alone, and a newer '
        f"file replaces nothing of an older one; import all files of this source at once, without overlaps{same}"
    )


def of_order(names: Sequence[str], shared: int) -> str:
    """The sentence of files that were given in another order than that of their times."""
    return (
        f"{OUT_OF_ORDER}; {counted(shared, 'id')} in several of them, of which the newest file's "
        f"rows count, by the latest time in each: {', '.join(names)} (--in-order keeps the order given; with "
        "time.updated the newest version counts)"
    )


def rows(number: int) -> str:
    """A number of rows in words."""
    return f"{number:,} row" if number == 1 else f"{number:,} rows"
