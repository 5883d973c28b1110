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

from edge.contract.agency import Agency
from edge.contract.fields import ShortName
from edge.errors import UserError
from models.ingest.reading import Table
from models.ingest.systems import LATITUDE, LONGITUDE
from models.look.doubts import of_clocks, of_dates, of_order, of_reading, of_rows
from models.look.draft import Guesses, draft
from models.look.ids import candidates, find_id
from models.look.opening import Opened, open_file
from models.look.profile import Profile, profile, profiles
from models.look.standing import journal, signs, standing, unfounded
from models.look.systems import Degrees
from models.look.trial import Trial, attempt, tried_mapping
from models.look.whats import What, find_whats, what_of
from models.look.whens import find_whens
from models.look.wheres import Where, find_where, of_bytes, of_geometry

_AREAS: Final = ("district", "precinct", "beat", "sector", "division", "zone", "ward", "area", "neighborhood")
_MONTH: Final = re.compile(
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)


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
    where = _where(first, columns, known)
    taken = where.columns if where else ()
    whens = find_whens([one for one in columns if one.name not in taken])
    dated = whens.columns
    free = [one for one in columns if one.name not in {*taken, *dated, *whens.other}]
    whats = find_whats(free)
    ids = [name for name in candidates(free) if name not in {what.column.name for what in whats[:1]}]
    signed = signs(free)
    roles = [*ids[:3], *dated, *taken, *(what.column.name for what in whats[:2]), *signed]
    table = _all(opened, tuple(dict.fromkeys(roles)), first)
    count = journal(profiles(table, signed))
    whats = [_whole(what, table) for what in whats]
    where = _where(table, profiles(table, taken), known) or where
    what_columns, updated = [what.column.name for what in whats[:1]], whens.updated.columns if whens.updated else ()
    id_ = find_id(standing(table, count), ids[:3], what_columns, dated, taken, updated)
    zone, by = _zone(known, where)
    guesses = Guesses(
        name=_slug(files), zone=zone, zone_by=by, encoding=opened[0].encoding, delimiter=opened[0].delimiter, id=id_,
        whens=whens, where=where, whats=whats, leave_out=unfounded(free), count=count if id_.columns else None,
    )  # fmt: skip
    return _tried(opened, guesses, columns, table)


def _where(table: Table, columns: Sequence[Profile], known: Known) -> Where | None:
    """By columns of degrees, else by the file's own geometry, else by other columns."""
    found = find_where(columns, known.near) or of_bytes(table, known.near)
    if (found and found.lat) or LATITUDE not in table.column_names:
        return found
    lat, lon = profile(table, LATITUDE), profile(table, LONGITUDE)
    return of_geometry(lat, lon, known.near) if lat and lon and lat.filled else found


def _tried(opened: tuple[Opened, ...], guesses: Guesses, columns: Sequence[Profile], table: Table) -> Look:
    """The look, after a trial import by the draft; a draft that marks offsets as false is tried anew."""
    names = [one.path.name for one in opened]
    files = [one.path for one in opened]
    text = draft(guesses, names)
    doubts = [*guesses.id.notes, *(guesses.where.notes if guesses.where else ())]
    trial = _trial(text, files, doubts)
    if trial:
        said, ignore = of_clocks(trial, guesses)
        doubts += said
        if ignore:
            text = draft(replace(guesses, ignore_offsets=True), names)
            trial = _trial(text, files, doubts)
    doubts += of_reading(trial)
    doubts += of_order([one.path.name for one in opened], trial) + of_dates(guesses.whens) + of_rows(table, guesses)
    used = guesses.columns | set(guesses.whens.other)
    areas = tuple(one for one in columns if one.has(*_AREAS) and one.name not in used and one.filled)
    other = tuple(one.name for one in columns if one.name not in used and one not in areas)
    return Look(opened, guesses, areas, other, trial, tuple(dict.fromkeys(doubts)), text)


def _trial(text: str, files: Sequence[Path], doubts: list[str]) -> Trial | None:
    """A trial import; where the draft is refused, that is a doubt."""
    try:
        found = tried_mapping(text)
    except UserError as error:
        doubts.append(f"`ingest` refuses the draft as it stands: {error}")
        return None
    return attempt(found[0], files) if found else None


def _all(opened: Sequence[Opened], columns: tuple[str, ...], first: Table) -> Table:
    """Every row of the columns that mean something."""
    if not columns:
        return first
    for one in opened[1:]:
        if missing := [column for column in columns if column not in one.names]:
            has = f"no column {missing[0]!r}, as {opened[0].path.name} has"
            msg = f"{one.path}: {has}; look at each kind of file by itself"
            raise UserError(msg)
    return pa.concat_tables([one.all(columns) for one in opened], promote_options="permissive")


def _whole(what: What, table: Table) -> What:
    """The same of all rows, where they were read."""
    if what.column.name not in table.column_names:
        return what
    every = profile(table, what.column.name)
    return what if every is None else what_of(every, what.table)


def _zone(known: Known, where: Where | None) -> tuple[str | None, str]:
    if known.zone:
        return known.zone, "the agency's"
    place = (where.middle if where else None) or known.near
    if place is None:
        return None, ""
    import tzfpy  # noqa: PLC0415 - its map takes a moment to load

    found = tzfpy.get_tz(place[1], place[0])
    return (found, "CHECK: by where the rows lie") if "/" in found and not found.startswith("Etc/") else (None, "")


def _slug(files: Sequence[Path]) -> str:
    """A source's name: the words that the names of all files have, but for months."""
    first, *others = (re.findall(r"[a-z]+", file.name.split(".")[0].lower()) for file in files)
    words = [word for word in first if not _MONTH.fullmatch(word) and all(word in other for other in others)]
    try:
        return TypeAdapter[str](ShortName).validate_python("-".join(words)[:40].strip("-"))
    except ValidationError:
        return "my-city"
