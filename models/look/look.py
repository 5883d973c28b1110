"""The look itself: files are opened, columns understood, a mapping drafted and tried, and doubts collected.

Must not print, and must not write.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from edge.contract.agency import Agency, Slug
from edge.errors import UserError
from models.ingest.reading import Table
from models.look import clocks
from models.look.draft import Guesses, draft
from models.look.ids import candidates, find_id
from models.look.opening import Opened, open_file
from models.look.profile import Profile, profile, profiles
from models.look.systems import Degrees
from models.look.trial import Trial, attempt, tried_mapping
from models.look.whats import What, find_whats, what_of
from models.look.whens import Whens, find_whens
from models.look.wheres import Where, find_where

_AREAS: Final = (
    "district",
    "precinct",
    "beat",
    "sector",
    "division",
    "zone",
    "ward",
    "area",
    "neighborhood",
    "rd",
    "pra",
)
_UNFOUNDED: Final = re.compile(r"\b(?:unfounded|void(?:ed)?|duplicate|test (?:record|case))\b", re.IGNORECASE)
_TOTAL: Final = re.compile(r"\s*(?:grand |sub)?totals?\b", re.IGNORECASE)
_STATUS: Final = ("status", "disposition", "dispo", "finding", "resolution", "unfounded", "void", "voided",
                  "clearance")  # fmt: skip
_YES: Final = ("Y", "YES", "TRUE", "T", "1", "1.0", "U", "UNFOUNDED")
_FEW: Final = 60


@dataclass(frozen=True)
class Known:
    """What is known beside the files: about where the city is, and its zone."""

    near: Degrees | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Look:
    """What was found. ``text``: the drafted mapping; ``trial``: what it makes of the files, where that could be tried.

    ``areas``: columns of districts and beats. ``other``: columns that nothing is made of. ``doubts``: sentences for
    the analyst.
    """

    opened: tuple[Opened, ...]
    guesses: Guesses
    areas: tuple[Profile, ...]
    other: tuple[str, ...]
    trial: Trial | None
    doubts: tuple[str, ...]
    text: str


def known_of(agency: Agency) -> Known:
    """What an agency's directory says of its place."""
    return Known((agency.grid.lat0, agency.grid.lon0), agency.calendar.zone.key)


def look(files: Sequence[Path], known: Known) -> Look:
    """Look at the files of one export. Raises UserError where one can't be read."""
    opened = tuple(open_file(file) for file in files)
    columns = profiles(first := opened[0].first(), opened[0].names)
    where = find_where(columns, known.near)
    taken = _columns_of(where)
    whens = find_whens([one for one in columns if one.name not in taken])
    dated = _named(whens)
    free = [one for one in columns if one.name not in {*taken, *dated, *whens.other}]
    whats = find_whats(free)
    ids = [name for name in candidates(free) if name not in {what.column.name for what in whats[:1]}]
    leave_out = _left_out(free)
    roles = [*ids[:3], *dated, *taken, *(what.column.name for what in whats[:2])]
    table = _all(opened, tuple(dict.fromkeys(roles)), first)
    whats = [_whole(what, table) for what in whats]
    where = find_where(profiles(table, taken), known.near) or where
    id_ = find_id(table, ids[:3], [what.column.name for what in whats[:1]], dated, taken)
    zone, by = _zone(known, where)
    guesses = Guesses(
        name=_slug(files[0]), zone=zone, zone_by=by, encoding=opened[0].encoding, delimiter=opened[0].delimiter, id=id_,
        whens=whens, where=where, whats=whats, leave_out=leave_out,
    )  # fmt: skip
    return _tried(opened, guesses, columns, table)


def _tried(opened: tuple[Opened, ...], guesses: Guesses, columns: Sequence[Profile], table: Table) -> Look:
    """The look, after a trial import by the draft; a draft that marks offsets as false is tried anew."""
    names = [one.path.name for one in opened]
    files = [one.path for one in opened]
    text = draft(guesses, names)
    spare = [*_named(guesses.whens), *_columns_of(guesses.where), *(what.column.name for what in guesses.whats[:1])]
    doubts = [*guesses.id.notes, *(guesses.where.notes if guesses.where else ())]
    trial = _trial(text, files, spare, doubts)
    if trial:
        said, ignore = _of_clocks(trial, guesses)
        doubts += said
        if ignore:
            text = draft(replace(guesses, ignore_offsets=True), names)
            trial = _trial(text, files, spare, doubts)
    doubts += _of_order(opened, trial) + _of_dates(guesses.whens) + _of_rows(table, guesses)
    used = {*spare, *guesses.id.columns, *guesses.whens.other, *(column for column, _ in guesses.leave_out)}
    areas = tuple(one for one in columns if one.has(*_AREAS) and one.name not in used and one.filled)
    other = tuple(one.name for one in columns if one.name not in used and one not in areas)
    return Look(opened, guesses, areas, other, trial, tuple(dict.fromkeys(doubts)), text)


def _trial(text: str, files: Sequence[Path], spare: Sequence[str], doubts: list[str]) -> Trial | None:
    """A trial import; where the draft is refused, that is a doubt."""
    try:
        found = tried_mapping(text, spare)
    except UserError as error:
        doubts.append(f"`ingest` refuses the draft as it stands: {error}")
        return None
    return attempt(found[0], files) if found else None


def _all(opened: Sequence[Opened], columns: tuple[str, ...], first: Table) -> Table:
    """Every row of the columns that mean something."""
    if not columns:
        return first
    return pa.concat_tables([one.all(columns) for one in opened], promote_options="permissive")


def _whole(what: What, table: Table) -> What:
    """The same of all rows, where they were read."""
    if what.column.name not in table.column_names:
        return what
    every = profile(table, what.column.name)
    return what if every is None else what_of(every, what.table)


def _named(whens: Whens) -> list[str]:
    return [name for when in (whens.begin, whens.end, whens.reported) if when for name in when.columns]


def _columns_of(where: Where | None) -> list[str]:
    return [name for name in (where.lat, where.lon, where.x, where.y, where.point) if name] if where else []


def _zone(known: Known, where: Where | None) -> tuple[str | None, str]:
    if known.zone:
        return known.zone, "the agency's"
    place = (where.middle if where else None) or known.near
    if place is None:
        return None, ""
    import tzfpy  # noqa: PLC0415 - its map takes a moment to load

    found = tzfpy.get_tz(place[1], place[0])
    return (found, "CHECK: by where the rows lie") if "/" in found and not found.startswith("Etc/") else (None, "")


def _left_out(columns: Sequence[Profile]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Rows that take another back (a count of −1), and reports that proved to be none."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for one in columns:
        values = set(one.counts)
        if values & {"-1", "-1.0"} and values <= {"-1", "0", "1", "-1.0", "0.0", "1.0"}:
            found.append((one.name, ("-1",)))
        elif one.has(*_STATUS) and len(values) <= _FEW:
            flag = one.has("unfounded", "void", "voided")
            void = [value for value in one.counts if _UNFOUNDED.search(value) or (flag and value.upper() in _YES)]
            found += [(one.name, tuple(void))] if void else []
    return tuple(found)


def _of_clocks(trial: Trial, guesses: Guesses) -> tuple[list[str], bool]:
    """Doubts about times of day, and whether their marks as UTC seem false."""
    begin = guesses.whens.begin
    if begin is None or not trial.kept:
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
    if not clocks.is_local(quiet) and begin.how.zulu == 0.0:
        notes.append(f'times are quietest about {quiet:02.0f}:00, not before dawn: perhaps they are UTC (zone = "UTC")')
    return notes, False


def _of_order(opened: Sequence[Opened], trial: Trial | None) -> list[str]:
    """Whether the files stand oldest first: of an id that two have, the later file's row counts."""
    if trial is None or len(opened) < 2:  # noqa: PLR2004 - one file has no order
        return []
    last = [found["to_utc"].max() for found in trial.found if len(found)]
    if len(last) < len(opened) or last == sorted(last):
        return []
    order = [place for _, place in sorted(zip(last, range(len(last)), strict=True))]
    names = " ".join(opened[place].path.name for place in order)
    return [f"the files are not given oldest first, and a later file's rows replace an earlier one's: give {names}"]


def _of_dates(whens: Whens) -> list[str]:
    words = {
        "unknown": "no day is above 12: day or month first cannot be told; the month is drafted first",
        "both": "some dates can only have the day first, others only the month: two ways of writing are mixed, and of "
        "most rows it cannot be told which",
    }
    dated = [when for when in (whens.begin, whens.end, whens.reported) if when and when.how.order in words]
    found = [f"{when.columns[0]!r}: {words[when.how.order]}" for when in dated]
    begin = whens.begin
    if begin and whens.substitute:
        found.append(f"no column seems to say when it happened: {begin.columns[0]!r}, when it was reported, stands in")
    if begin and 0.0 < begin.how.marked < 1.0:
        share = f"{begin.how.marked:.0%} of the times in {begin.columns[0]!r}"
        found.append(f"{share} say their offset from UTC; the others do not, and are read as local")
    return found


def _of_rows(table: Table, guesses: Guesses) -> list[str]:
    """Rows of totals, and rows that are no incidents."""
    notes = []
    every = [found for name in table.column_names if (found := profile(table, name)) is not None]
    totals = sum(rows for one in every for value, rows in one.counts.items() if _TOTAL.match(value))
    if totals:
        notes.append(
            f"{totals:,} row{'s' if totals > 1 else ''} with a total, which is no incident: left out, as without a time"
        )
    for column, values in guesses.leave_out:
        back = values == ("-1",)
        what = "rows that take another back" if back else "reports that proved to be none"
        rest = ", though not the rows that they take back" if back else ""
        notes.append(f"{column!r} has {', '.join(map(repr, values))}, {what}: the draft leaves them out{rest}")
    return notes


def _slug(file: Path) -> str:
    """A source's name out of a file's."""
    words = "-".join(re.findall(r"[a-z]+", file.name.split(".")[0].lower()))[:40].strip("-")
    try:
        return TypeAdapter[str](Slug).validate_python(words)
    except ValidationError:
        return "my-city"
