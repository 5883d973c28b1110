"""A CSV that a person wrote, whichever program wrote it: its columns, and each row with the number of its line.

Must not know what the columns mean.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.errors import UserError
from edge.text.text_file import read_text

DELIMITERS: Final = ",;\t"


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV: its delimiter, its columns in lower case, and each row with the number of its line."""

    delimiter: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def read_csv(path: Path, advice: str) -> Table:
    """A CSV whose first line names the columns. Raises UserError, with advice, where it cannot be read as one."""
    text = read_text(path, advice)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        msg = f"{path}, line {reader.line_num}: not a CSV ({error}); {advice}"
        raise UserError(msg) from error
    rows = [(line, row) for line, row in rows if any(row)]
    columns = tuple(name.lower() for name in rows[0][1]) if rows else ()
    if long := [line for line, row in rows if len(row) > len(columns)]:
        msg = f"{path}, line {long[0]}: has more cells than the first line has columns; correct it"
        raise UserError(msg)
    cells = tuple((line, dict(zip(columns, row, strict=False))) for line, row in rows[1:])
    return Table(delimiter, columns, cells)
