"""A drafted mapping: TOML that `ingest` takes, with a remark on each guess, and what the analyst must fill in.

Must not look into a file.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from edge.domain.policy import CRIME_TYPES
from models.ingest.mapping import ROW
from models.look.dates import When
from models.look.ids import Id
from models.look.whats import What
from models.look.whens import Whens
from models.look.wheres import Where

FILL: Final = "FILL IN"
"""What marks a line that the analyst must complete; until then `ingest` refuses the mapping."""


@dataclass(frozen=True)
class Guesses:
    """All that a mapping is drafted from. ``leave_out``: a column and values of rows that are no incidents.

    ``count``: a column of 1 and −1, by which rows take others back.
    """

    name: str
    zone: str | None
    zone_by: str
    encoding: str
    delimiter: str
    id: Id
    whens: Whens
    where: Where | None
    whats: Sequence[What]
    leave_out: tuple[tuple[str, tuple[str, ...]], ...] = ()
    count: str | None = None
    ignore_offsets: bool = False

    @property
    def columns(self) -> set[str]:
        """The columns that the mapping names."""
        place = self.where.columns if self.where else ()
        named = {*self.id.columns, *self.whens.columns, *place, *(column for column, _ in self.leave_out)}
        return named | {what.column.name for what in self.whats[:1]} | ({self.count} if self.count else set())


def draft(guesses: Guesses, files: Sequence[str]) -> str:
    """The text of the mapping."""
    return "\n".join(_lines(guesses, files)) + "\n"


def _lines(one: Guesses, files: Sequence[str]) -> Iterator[str]:
    yield f"# Drafted by `roundsman models look` from {', '.join(files)}. Read every line before it is used."
    yield f"name = {_quoted(one.name)}  # of this source, yours to choose, and then the same for all its exports"
    if _detections(one):
        yield 'kind = "gunfire"'
    if one.zone:
        yield f"zone = {_quoted(one.zone)}  # {one.zone_by}"
    else:
        yield f'zone = ""  # {FILL}: the zone that the clocks of the export show, such as "America/Chicago"'
    yield f"event_id = {_id(one.id.columns)}"
    if one.count:
        yield f"count = {_quoted(one.count)}  # a row of -1 takes an earlier one back"
    if one.encoding != "utf-8":
        yield f"encoding = {_quoted(one.encoding)}"
    if one.delimiter != ",":
        yield f"delimiter = {_quoted(one.delimiter)}"
    yield from ("", *_time(one), "", *_place(one.where))
    for column, values in one.leave_out:
        yield from ("", "[[rows]]", f"column = {_quoted(column)}", f"not = {_listed(values)}")
    yield from _rounds(one.whats[0]) if _detections(one) else _types(one.whats)


def _id(columns: Sequence[str]) -> str:
    """The id's columns; the row's number where nothing is one. A column that is named so stands in a list."""
    if not columns:
        return f"{_quoted(ROW)}  # CHECK: no column seems to number the incidents, so a newer file replaces nothing"
    return _listed(columns) if tuple(columns) == (ROW,) else _columns(columns)


def _time(one: Guesses) -> Iterator[str]:
    begin, end, reported, updated = one.whens.begin, one.whens.end, one.whens.reported, one.whens.updated
    yield "[time]"
    if begin is None:
        yield f'from = ""  # {FILL}: the column that says when it happened, or several: ["Date", "Time"]'
        return
    yield f"from = {_columns(begin.columns)}"
    if end:
        yield f"to = {_columns(end.columns)}"
    if reported:
        yield f"reported = {_columns(reported.columns)}"
    if updated:
        yield f"updated = {_columns(updated.columns)}  # of an id the newest row counts"
    formats = _formats([when for when in (begin, end, reported, updated) if when])
    if formats and formats != ("iso",):
        undecided = any(when and when.how.order in ("unknown", "both") for when in (begin, end, reported))
        said = "  # CHECK: day or month first cannot be told from these dates" if undecided else ""
        yield f"formats = {_listed(formats)}{said}"
    words = tuple(dict.fromkeys(word for when in (begin, end, reported) if when for word in when.unknown))
    if words:
        yield f"unknown = {_listed(words)}"
    if one.ignore_offsets:
        yield 'offsets = "ignore"  # CHECK: marked as UTC, but the quiet hours are those of local clocks'


def _formats(whens: Sequence[When]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(name for when in whens for name in when.formats))
    epochs = [name for name in found if name.startswith("epoch")]
    return (*epochs, *(name for name in found if name not in epochs))


def _place(where: Where | None) -> Iterator[str]:
    yield "[place]"
    if where is None:
        yield f'lat = ""  # {FILL}: columns of latitude and longitude, or x, y and epsg; none seems to have a position'
        yield 'lon = ""'
        return
    if where.geometry:
        yield "# of the file's own geometry"
    elif where.point:
        yield f"point = {_quoted(where.point)}"
    elif where.lat and where.lon:
        yield from (f"lat = {_quoted(where.lat)}", f"lon = {_quoted(where.lon)}")
    elif where.x and where.y:
        yield from (f"x = {_quoted(where.x)}", f"y = {_quoted(where.y)}")
        if where.system:
            yield f"epsg = {where.system.code}  # {where.system.name}"
            yield from (f"# or {other.code}: {other.name}, {other.km:,.0f} km away" for other in where.others)
        else:
            yield f"epsg = 0  # {FILL}: the code of the coordinate system, such as 3435 or 102671"
    if where.bounds:
        degrees = ", ".join(f"{value:g}" for value in where.bounds)
        yield f"bounds = [{degrees}]  # around nearly all rows; what lies outside is left out"


def _rounds(what: What) -> Iterator[str]:
    yield from ("", "[rounds]", f"column = {_quoted(what.column.name)}")
    for rounds in ("single", "multiple"):
        yield f"{rounds} = {_listed([value for value, shot in what.gunshots.items() if shot == rounds])}"


def _types(whats: Sequence[What]) -> Iterator[str]:
    if not whats:
        yield from (
            "",
            "[[crime_type]]",
            'is = "theft"',
            f'when = [{{ column = "", in = [""] }}]  # {FILL}: what says it',
        )
        return
    best = whats[0]
    if best.table:
        yield from ("", "[codes]", f"column = {_quoted(best.column.name)}", f"table = {_quoted(best.table)}")
        others = [what for what in whats[1:] if "gunfire" in what.types.values() and what.table is None][:1]
        yield from (line for what in others for line in _rule("gunfire", what))
        return
    for crime_type in CRIME_TYPES:
        if crime_type in best.types.values():
            yield from _rule(crime_type, best)


def _rule(crime_type: str, what: What) -> Iterator[str]:
    values = [value for value, named in what.types.items() if named == crime_type]
    yield from ("", "[[crime_type]]", f"is = {_quoted(crime_type)}")
    column = _quoted(what.column.name)
    if len(values) == 1:
        yield f"when = [{{ column = {column}, equals = {_quoted(values[0])} }}]"
        return
    yield f"when = [{{ column = {column}, in = ["
    yield from (f"  {_quoted(value)},  # {what.column.counts[value]:,}" for value in values)
    yield "] }]"


def _detections(one: Guesses) -> bool:
    return bool(one.whats and one.whats[0].gunshots)


def _columns(names: Sequence[str]) -> str:
    return _quoted(names[0]) if len(names) == 1 else _listed(names)


def _listed(values: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, values)) + "]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
