"""What an analyst should know before a drafted mapping is used: a sentence each.

Values are repeated of columns of times, offences and findings alone. Must not change a guess.
"""

import re
from collections.abc import Sequence
from typing import Final

from models.ingest.reading import Table
from models.ingest.warnings import OUT_OF_ORDER
from models.look import clocks
from models.look.draft import Guesses
from models.look.profile import profile
from models.look.trial import Trial
from models.look.whens import Whens

_TOTAL: Final = re.compile(r"\s*(?:grand |sub)?totals?\b", re.IGNORECASE)


def of_clocks(trial: Trial, guesses: Guesses) -> tuple[list[str], bool]:
    """Doubts about times of day, and whether their marks as UTC seem false."""
    begin = guesses.whens.begin
    if begin is None or not trial.report.kept:
        return [], False
    counts = clocks.minutes(trial.found, trial.mapping.zone)
    notes, _ = clocks.piles(counts)
    written = clocks.minutes(trial.found, "UTC") if begin.how.zulu > 1 / 2 else counts
    quiet = clocks.quiet_hour(written)
    if quiet is None:
        return notes, False
    if begin.how.zulu > 1 / 2 and clocks.is_local(quiet) and not clocks.is_local(clocks.quiet_hour(counts) or 0.0):
        notes.append(
            f"times are marked as UTC, but are quietest about {quiet:02.0f}:00, as local clocks are: marks ignored"
        )
        return notes, True
    if clocks.is_utc(quiet) and begin.how.marked == 0.0 and trial.mapping.kind == "incidents":
        notes.append(f'times are quietest about {quiet:02.0f}:00, not before dawn: perhaps they are UTC (zone = "UTC")')
    return notes, False


def of_order(names: Sequence[str], trial: Trial | None) -> list[str]:
    """Whether the files stand oldest first: of an id that two have, the later file's row counts."""
    last = [one.last for one in trial.report.inputs if one.last is not None] if trial else []
    if len(last) < len(names) or last == sorted(last):
        return []
    if trial and any(warning.startswith(OUT_OF_ORDER) for warning in trial.report.warnings):
        return []  # the import itself says so
    order = [place for _, place in sorted(zip(last, range(len(last)), strict=True))]
    oldest_first = " ".join(names[place] for place in order)
    return [f"the files are not given oldest first ({oldest_first}); of an id in several, the latest file's row counts"]


def of_reading(trial: Trial | None) -> list[str]:
    """What the import itself warns of; piles at midnight are told by `models.look.clocks`."""
    return [warning for warning in (trial.report.warnings if trial else ()) if "00:00" not in warning]


def of_dates(whens: Whens) -> list[str]:
    """Orders of day and month that cannot be told, times of reports in place of incidents', and marks on some."""
    words = {
        "unknown": "no day is above 12, so day or month first cannot be told; the draft has the month first",
        "both": "some dates can only have the day first, others only the month: two ways of writing are mixed, and of "
        "most rows it cannot be told which",
    }
    dated = [when for when in (whens.begin, whens.end, whens.reported) if when and when.how.order in words]
    found = [f"{when.columns[0]!r}: {words[when.how.order]}" for when in dated]
    begin = whens.begin
    if begin and whens.substitute:
        found.append(
            f"no column seems to say when it happened: {begin.columns[0]!r}, when it was reported, is used instead"
        )
    if begin and 0.0 < begin.how.marked < 1.0:
        share = f"{begin.how.marked:.0%} of the times in {begin.columns[0]!r}"
        found.append(f"{share} say their offset from UTC; the others do not, and are read as local")
    return found


def of_rows(table: Table, guesses: Guesses) -> list[str]:
    """Rows of totals, and rows that are no incidents."""
    notes = []
    every = [found for name in table.column_names if (found := profile(table, name)) is not None]
    totals = sum(rows for one in every for value, rows in one.counts.items() if _TOTAL.match(value))
    if totals:
        rows = "1 row" if totals == 1 else f"{totals:,} rows"
        notes.append(f"{rows} with a total, not an incident: left out for want of a time")
    if guesses.count:
        notes.append(f"{guesses.count!r} has -1: rows that take another back, as the draft says (count)")
    for column, values in guesses.leave_out:
        said = ", ".join(map(repr, values))
        notes.append(f"{column!r} has {said}: reports that proved to be none; the draft leaves them out")
    return notes
