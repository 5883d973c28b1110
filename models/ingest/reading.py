"""Export files, piece by piece, whatever kind of file they are, and of them only the columns that a mapping names.

What a file is, is told by its content. What is packed is unpacked into a temporary folder, unless it is text. Must not
know what a column means.
"""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from edge.errors import UserError
from models.ingest.files import objects
from models.ingest.files.account import Account
from models.ingest.files.delimited import Delimited
from models.ingest.files.heading import resolve
from models.ingest.files.kinds import LOOKED_AT, kind_of, kind_of_file
from models.ingest.files.packed import Inner, Packed, damage_in_words, inner_of, unpacked
from models.ingest.files.text import Read

Table: TypeAlias = Any
"""A `pyarrow.Table` (pyarrow ships no types)."""
Texts: TypeAlias = Any
"""A `pyarrow.ChunkedArray` of strings."""
Progress: TypeAlias = Callable[[int], None]
"""Gets the bytes read since its last call."""


_ROWS: Final = 1 << 17
_FIRST, _SIGNS = np.uint8(ord("!")), np.uint8(94)
"""Of ASCII, the first sign behind the space, and how many there are."""
_NO_EDGES: Final = np.zeros(1, np.int32)


@dataclass(slots=True)
class Export:
    """One file, and how its text is written; ``account``: what of it is no row of a table (known once it is read).

    ``system``: the coordinate system of geometries in a file that does not say its own.
    """

    path: Path
    encoding: str = "utf-8"
    delimiter: str = ","
    system: str | None = None
    account: Account = field(default_factory=Account, init=False)

    def pieces(self, columns: Sequence[str], progress: Progress, place: Sequence[str] = ()) -> Iterator[Table]:
        """Tables of the named columns and of ``place``'s, in the file's order.

        Files with a geometry need none of ``place``'s columns: their tables have
        `models.ingest.systems.LONGITUDE` and ``LATITUDE``. Raises UserError where the file can't be read or lacks
        a column.
        """
        wanted = _Wanted(tuple(columns), tuple(place), progress)
        with damage_in_words(self._where):
            yield from self._pieces(self.path, wanted)

    def _pieces(self, path: Path, wanted: "_Wanted", depth: int = 0) -> Iterator[Table]:
        """Of the file, or of one that was packed in it."""
        with path.open("rb") as raw:
            kind = kind_of_file(self._where, path.name, raw)
            if kind in {"zip", "gzip"}:
                with inner_of(self._where, path, kind, raw) as inner:
                    yield from self._packed(inner, raw, wanted, depth)
            elif kind == "text":
                yield from self._text(raw.read, raw, wanted)
            elif kind == "parquet":
                yield from self._parquet(raw, wanted)
        if kind in {"workbook", "layers", "objects"}:
            yield from self._by_library(kind, path, wanted)
            wanted.progress(path.stat().st_size)

    @property
    def _where(self) -> str:
        return str(self.path)

    def _packed(self, inner: Inner, raw: BinaryIO, wanted: "_Wanted", depth: int) -> Iterator[Table]:
        """A packed file: as it comes, where it is text; else unpacked, with those beside it."""
        head = inner.stream.read(LOOKED_AT)
        if kind_of(self._where, inner.name, head) == "text":
            yield from self._text(_Again(head, inner.stream).read, raw, wanted)
            return
        with unpacked(self._where, inner, head, depth) as path:
            silent = dataclasses.replace(wanted, progress=lambda _: None)
            yield from self._pieces(path, silent, depth + 1)
        wanted.progress(self.path.stat().st_size)

    def _text(self, read: Read, raw: BinaryIO, wanted: "_Wanted") -> Iterator[Table]:
        done = 0
        text = Delimited(self._where, self.encoding, self.delimiter, self.account)
        for table in text.tables(read, wanted.every):
            yield table
            wanted.progress(raw.tell() - done)
            done = raw.tell()

    def _parquet(self, raw: BinaryIO, wanted: "_Wanted") -> Iterator[Table]:
        file = pq.ParquetFile(raw)
        names = file.schema_arrow.names
        places = resolve(self._where, wanted.every, names)
        size, rows = self.path.stat().st_size, max(file.metadata.num_rows, 1)
        for batch in file.iter_batches(batch_size=_ROWS, columns=[names[at] for at in places.values()]):
            yield pa.table({column: _without_view(batch.column(names[at])) for column, at in places.items()})
            wanted.progress(size * len(batch) // rows)

    def _by_library(self, kind: str, path: Path, wanted: "_Wanted") -> Iterator[Table]:
        """Workbooks, records and layers; libraries are loaded where they are needed."""
        if kind == "workbook":
            from models.ingest.files import workbook  # noqa: PLC0415 - as said

            yield from workbook.tables(self._where, path, wanted.every, self.account)
        elif kind == "objects":
            yield objects.table(self._where, path, wanted.every, self.account)
        else:
            from models.ingest.files.layers import Layers  # noqa: PLC0415 - as said

            yield from Layers(self._where, path, self.system, self.account).tables(wanted.columns, wanted.place)


def _without_view(column: Any) -> Any:
    """A column of texts or bytes in the form that every function of pyarrow takes."""
    kinds = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
    return column.cast(kinds[column.type]) if column.type in kinds else column


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The columns to read, those of a place apart, and who is told of the bytes read."""

    columns: tuple[str, ...]
    place: tuple[str, ...]
    progress: Progress

    @property
    def every(self) -> tuple[str, ...]:
        """All columns, once."""
        return tuple(dict.fromkeys((*self.columns, *self.place)))


class _Again:
    """A stream of which the first bytes were read already."""

    def __init__(self, head: bytes, rest: Packed) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most ``size``; fewer only at the end."""
        found, self._head = self._head[:size], self._head[size:]
        return found + self._rest.read(size - len(found)) if len(found) < size else found


def texts(table: Table, column: str) -> Texts:
    """A column as text without the spaces around it; null where nothing is left. Raises UserError where it is none."""
    values = table.column(column)
    try:
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        written = values.cast(pa.string())
    except pa.ArrowException as error:
        msg = f"the column {column!r} holds {values.type}, not text; export it as text, or use another column"
        raise UserError(msg) from error
    if all(map(_bare, written.chunks)):
        return written
    trimmed = pc.utf8_trim_whitespace(written)
    empty = pc.equal(trimmed, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), trimmed) if pc.any(empty).as_py() else trimmed


def _bare(written: Any) -> bool:
    """Whether every text of an array begins and ends with a sign of ASCII that is no space."""
    _, offsets, data = written.buffers()
    edges = np.frombuffer(offsets, np.int32, len(written) + 1, written.offset * 4) if len(written) else _NO_EDGES
    starts, ends = edges[:-1], edges[1:]
    filled = ends > starts
    if np.count_nonzero(filled) != len(written) - written.null_count:
        return False
    starts, ends = (starts, ends) if filled.all() else (starts[filled], ends[filled])
    signs = np.frombuffer(data or b"", np.uint8)
    return all(bool((signs[at] - _FIRST < _SIGNS).all()) for at in (starts, ends - 1))


def joined(table: Table, columns: Sequence[str], separator: str) -> Texts:
    """Several columns' texts in one; null where one of them is."""
    parts = [texts(table, column) for column in columns]
    return pc.binary_join_element_wise(*parts, separator) if len(parts) > 1 else parts[0]
