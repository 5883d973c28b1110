"""How a file is written: its encoding, its delimiter, its columns. What it then holds is read as `ingest` reads it."""

import csv
import io
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from edge.errors import UserError
from edge.text.person_words import person_word
from models.ingest.files import objects
from models.ingest.files.heading import DELIMITERS, clean
from models.ingest.files.kinds import LOOKED_AT, kind_of, kind_of_file
from models.ingest.files.packed import Inner, damage_in_words, inner_of, unpacked
from models.ingest.files.records import loose
from models.ingest.files.text import guess, marked
from models.ingest.reading import Export, Table
from models.look.profile import is_number

_HEAD: Final = 1 << 18
_LINES: Final = 60
_SEPARATOR: Final = re.compile(r'"?sep=(.)"?[^\n]*\n', re.IGNORECASE)
_VALUE: Final = re.compile(r"-?\d+[.,]\d+|\d{1,4}([/.-])\d{1,2}\1\d{1,4}\b.*|\d{1,2}:\d{2}\b.*")
"""A number with decimals, a date, a time of day: no column is named so."""
_ROW: Final = 2
_ENOUGH: Final = 4000
"""Rows, to say what a column holds."""
_NO_COLUMNS: Final = "it has no columns; give a file with rows (a shapefile's columns are in its .dbf)"


@dataclass(frozen=True)
class Opened:
    """A file, the encoding and delimiter of its text, and its columns; ``persons``: those that are never read.

    ``text``: whether it is delimited text. ``geometry``: whether its rows have a geometry.
    """

    path: Path
    encoding: str
    delimiter: str
    names: tuple[str, ...]
    persons: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    text: bool = True
    geometry: bool = False

    def first(self) -> Table:
        """The first rows, thousands of them. Raises UserError where the file can't be read."""
        found, rows = [], 0
        for piece in self._export().pieces(self.names, lambda _: None):
            found.append(piece)
            rows += piece.num_rows
            if rows >= _ENOUGH:
                break
        return _whole(found, self.names)

    def all(self, columns: Sequence[str]) -> Table:
        """All rows of some columns."""
        return _whole(list(self._export().pieces(columns, lambda _: None)), columns)

    def _export(self) -> Export:
        return Export(self.path, self.encoding, self.delimiter)


@dataclass(frozen=True)
class _Heading:
    """The columns' names, and of text how it is written."""

    names: Sequence[str]
    encoding: str = "utf-8"
    delimiter: str = ","
    remarks: tuple[str, ...] = ()
    text: bool = False
    geometry: bool = False


def open_file(path: Path) -> Opened:
    """Find how a file is written. Raises UserError where it can't be read, or is no table."""
    with damage_in_words(str(path)):
        found = _heading_of(str(path), path)
    names = [clean(name) for name in found.names]
    if _is_row(names):
        msg = f"{path}: its first line seems to be a row, not a heading; add a line with the column names above it"
        raise UserError(msg)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    once = tuple(name for name in names if name and name not in twice)
    persons = tuple(name for name in once if person_word(name))
    said = (f"more than one column is named {', '.join(map(repr, twice))}: not looked at",) if twice else ()
    kept = tuple(name for name in once if name not in persons)
    if not kept:
        why = "all are about people" if persons else "give each a name of its own"
        why = f"it has no column that can be looked at; {why}" if names else _NO_COLUMNS
        msg = f"{path}: {why}"
        raise UserError(msg)
    remarks = (*found.remarks, *said)
    return Opened(path, found.encoding, found.delimiter, kept, persons, remarks, found.text, found.geometry)


def _is_row(names: Sequence[str]) -> bool:
    """Whether what should be names are values."""
    return sum(bool(_VALUE.fullmatch(clean(name))) for name in names) >= _ROW


def _heading_of(where: str, path: Path, depth: int = 0) -> _Heading:
    """Of a file, or of the one that is packed in it."""
    with path.open("rb") as raw:
        kind = kind_of_file(where, path.name, raw)
        if kind in {"zip", "gzip"}:
            with inner_of(where, path, kind, raw) as inner:
                return _of_packed(where, inner, depth)
        if kind == "text":
            return _of_text(where, raw.read(_HEAD))
    if kind == "parquet":
        return _Heading(pq.ParquetFile(path).schema_arrow.names)
    if kind == "workbook":
        from models.ingest.files.workbook import first_rows  # noqa: PLC0415 - its library, where it is needed

        rows = first_rows(where, path)
        return _Heading(rows[_place(rows)] if rows else [])
    if kind == "objects":
        return _Heading(objects.columns_of(where, path))
    from models.ingest.files.layers import columns_of  # noqa: PLC0415 - its library, where it is needed

    return _Heading(columns_of(where, path), geometry=True)


def _of_packed(where: str, inner: Inner, depth: int) -> _Heading:
    """Of a packed file: of text its beginning is enough."""
    head = inner.stream.read(_HEAD)
    if kind_of(where, inner.name, head[:LOOKED_AT]) == "text":
        return _of_text(where, head)
    with unpacked(where, inner, head, depth) as path:
        return _heading_of(where, path, depth + 1)


def _of_text(where: str, head: bytes) -> _Heading:
    if not head.strip():
        msg = f"{where}: the file is empty; give one with rows"
        raise UserError(msg)
    encoding = marked(head) or guess(head[: head.rfind(b"\n") + 1] or head)
    text = head.decode(encoding, "replace").removeprefix("\ufeff").replace("\0", "")
    said = _SEPARATOR.match(text)
    text = text[said.end() :] if said else text
    signs = (said[1],) if said else DELIMITERS
    delimiter, rows = max(((sign, _rows(text, sign)) for sign in signs), key=lambda found: _width(found[1]))
    if _width(rows) < 2:  # noqa: PLR2004 - a table has columns
        msg = f"{where}: not a table: its lines have no , ; | ^ ~ or tab between values; give CSV or a workbook"
        raise UserError(msg)
    place = _place(rows)
    if _is_row(rows[place]) and (names := next((row for row in rows[:place] if len(row) > 1), None)):
        msg = (
            f"{where}: its heading has {len(names)} names, but most lines have {_width(rows)} values; where a value "
            f"holds {delimiter!r}, it has to stand in quotation marks, without a space before them"
        )
        raise UserError(msg)
    remarks = (f"the heading is line {place + 1 + bool(said)}; the lines above it are skipped",) if place else ()
    return _Heading(rows[place], encoding, delimiter, remarks, text=True)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """The first rows; with marks behind a backslash as letters, or line by line, if more are as wide as most so."""
    lines = text.splitlines()[:_LINES]
    first = "\n".join(lines)
    readings = (first, first.replace('\\"', '""'))
    found = [list(csv.reader(io.StringIO(one, newline=""), delimiter=delimiter)) for one in readings]
    apart = [[one.decode() for one in loose(line.encode(), delimiter.encode())[0]] for line in lines]
    return max((*found, apart), key=lambda rows: (_width(rows) > 1, _alike(rows)))


def _alike(rows: list[list[str]]) -> float:
    """The share of rows that are as wide as most."""
    return sum(len(row) == _width(rows) for row in rows) / max(len(rows), 1)


def _width(rows: list[list[str]]) -> int:
    return statistics.mode([len(row) for row in rows if row] or [0])


def _place(rows: list[list[str]]) -> int:
    """Which row is the heading: the first that is as wide as most and has a name for most columns.

    Where it leaves some blank, and the one below has a name for each, that one: the other groups them.
    """
    width = _width(rows)
    names = [len(row) == width and sum(bool(name.strip()) for name in row) for row in rows]
    place = next((place for place, some in enumerate(names) if some > width / 2), 0)
    below = rows[place + 1] if place + 1 < len(rows) else []
    whole = len(below) == width and all(
        name.strip() and not is_number(name) and not _VALUE.match(name) for name in below
    )
    return place + 1 if whole and not all(name.strip() for name in rows[place]) else place


def _whole(pieces: Sequence[Table], columns: Sequence[str]) -> Table:
    """All pieces in one."""
    if not pieces:
        return pa.table({name: pa.array([], pa.string()) for name in columns})
    return pa.concat_tables(pieces, promote_options="permissive")
