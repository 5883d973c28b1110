"""Export files, piece by piece: CSV, CSV.gz or Parquet, and of them only the columns that a mapping names.

Must not know what a column means.
"""

import csv
import gzip
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from edge.errors import UserError

Table: TypeAlias = Any
"""A `pyarrow.Table` (pyarrow ships no types)."""
Texts: TypeAlias = Any
"""A `pyarrow.ChunkedArray` of strings."""

_BLOCK: Final = 1 << 24
_ROWS: Final = 1 << 17
_HEADER: Final = 1 << 16
_GZIP: Final = b"\x1f\x8b"
_PARQUET: Final = b"PAR1"


@dataclass(slots=True)
class Export:
    """One file, how its text is written, and how many of its lines were no rows (known once it is read)."""

    path: Path
    encoding: str = "utf-8"
    delimiter: str = ","
    malformed: int = field(default=0, init=False)

    def pieces(self, columns: Sequence[str], progress: Callable[[int], None]) -> Iterator[Table]:
        """Tables of the named columns, in the file's order; ``progress`` gets the bytes read since the last call.

        Raises UserError where the file can't be read or lacks a column.
        """
        try:
            with self.path.open("rb") as raw:
                start = raw.read(4)
                raw.seek(0)
                read = self._parquet if start == _PARQUET else self._csv
                yield from read(raw, columns, progress)
        except UnicodeDecodeError as error:
            msg = f"{self.path}: not {self.encoding} ({error.reason}); set encoding in the mapping, such as latin-1"
            raise UserError(msg) from error
        except (EOFError, OSError) as error:
            msg = f"{self.path}: {getattr(error, 'strerror', None) or error}; give a complete, readable export"
            raise UserError(msg) from error
        except (LookupError, pa.ArrowException) as error:
            what = str(error).strip().splitlines()[0]
            msg = (
                f"{self.path}: {what}; give CSV, CSV.gz or Parquet, in the encoding and delimiter that the mapping "
                "gives"
            )
            raise UserError(msg) from error

    def _parquet(self, raw: io.BufferedReader, columns: Sequence[str], progress: Callable[[int], None]) -> Any:
        file = pq.ParquetFile(raw)
        self._require(columns, file.schema_arrow.names)
        size, rows = self.path.stat().st_size, max(file.metadata.num_rows, 1)
        for batch in file.iter_batches(batch_size=_ROWS, columns=list(columns)):
            yield pa.Table.from_batches([batch])
            progress(size * len(batch) // rows)

    def _csv(self, raw: io.BufferedReader, columns: Sequence[str], progress: Callable[[int], None]) -> Any:
        packed = raw.peek(2)[:2] == _GZIP
        self._require(columns, self._header(packed))
        stream = pa.input_stream(raw, compression="gzip" if packed else None)
        reader = pyarrow.csv.open_csv(
            stream,
            pyarrow.csv.ReadOptions(block_size=_BLOCK, encoding=self.encoding),
            pyarrow.csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=self._skip),
            pyarrow.csv.ConvertOptions(
                include_columns=list(columns),
                column_types=dict.fromkeys(columns, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
        done = 0
        with closing(reader):
            for batch in reader:
                yield pa.Table.from_batches([batch])
                progress(raw.tell() - done)
                done = raw.tell()

    def _skip(self, _: object) -> str:
        self.malformed += 1
        return "skip"

    def _header(self, packed: bool) -> list[str]:
        with gzip.open(self.path) if packed else self.path.open("rb") as file:
            text = file.read(_HEADER).decode(self.encoding, "ignore").removeprefix("\ufeff")
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter), [])

    def _require(self, columns: Sequence[str], present: Sequence[str]) -> None:
        missing = [column for column in columns if column not in present]
        twice = [column for column in columns if present.count(column) > 1]
        if missing:
            has = ", ".join(present) or "none (the file is empty)"
            msg = f"{self.path}: no column {', '.join(map(repr, missing))}, which the mapping uses; its columns: {has}"
            raise UserError(msg)
        if twice:
            msg = f"{self.path}: two columns named {twice[0]!r}, which the mapping uses; rename one"
            raise UserError(msg)


def texts(table: Table, column: str) -> Texts:
    """A column as text without the spaces around it; null where nothing is left. Raises UserError where it is none."""
    values = table.column(column)
    try:
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        trimmed = pc.utf8_trim_whitespace(values.cast(pa.string()))
    except pa.ArrowException as error:
        msg = f"the column {column!r} holds {values.type}, not text; export it as text, or use another column"
        raise UserError(msg) from error
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def joined(table: Table, columns: Sequence[str], separator: str) -> Texts:
    """Several columns' texts in one; null where one of them is."""
    return pc.binary_join_element_wise(*(texts(table, column) for column in columns), separator)
