"""Workbooks (.xlsx, .xls, .xlsb, .ods) as tables: every sheet with a mapping's columns, its rows below its heading.

A column of which every cell is a time is one of times; else cells become texts, times as ISO 8601, whole numbers
without a point. Must not know what a column means.
"""

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from edge.errors import UserError
from models.ingest.files.account import EMPTY, Account
from models.ingest.files.heading import find, positions, resolve

_ROWS: Final = 1 << 16
_TITLES: Final = 50
_WHOLE: Final = 2.0**53


def tables(where: str, path: Path, columns: Sequence[str], account: Account) -> Iterator[Any]:
    """Tables of the named columns. Raises UserError where it is no workbook, or no sheet has them."""
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            names = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
            sheets = {name: book.get_sheet_by_name(name) for name in names}
            heads = {name: _head(sheet, columns) for name, sheet in sheets.items()}
            having = [name for name, (_, found) in heads.items() if all(positions(columns, found).values())]
            if not having:
                resolve(where, columns, max((found for _, found in heads.values()), key=len, default=[]))
            if len(having) < len(heads):
                others = ", ".join(repr(name) for name in heads if name not in having)
                account.remarks.append(f"without the mapping's columns, and not read: sheet {others}")
            for name in having:
                at, found = heads[name]
                places = resolve(f"{where}, sheet {name!r}", columns, found)
                yield from _sheet(sheets[name], at, places, account)
    except CalamineError as error:
        raise _unreadable(where, error) from error


def first_rows(where: str, path: Path) -> list[list[str]]:
    """The first rows of the sheet with the most of them. Raises UserError where it is no workbook."""
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            names = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
            longest = max(
                (book.get_sheet_by_name(name) for name in names), key=lambda sheet: sheet.height, default=None
            )
            rows = itertools.islice(longest.iter_rows(), _TITLES) if longest else ()
            return [[_text(cell) or "" for cell in row] for row in rows]
    except CalamineError as error:
        raise _unreadable(where, error) from error


def _unreadable(where: str, error: CalamineError) -> UserError:
    """What to say of a workbook that can't be read, or of another file of the same packing."""
    if isinstance(error, PasswordError):
        return UserError(f"{where}: the workbook has a password; save it without")
    why = str(error).splitlines()[0]
    return UserError(f"{where}: not a readable workbook ({why}); save it as .xlsx, without a password, or as CSV")


def _head(sheet: CalamineSheet, columns: Sequence[str]) -> tuple[int, list[str]]:
    """Which row of a sheet is its heading, and the names there."""
    rows = [[_text(cell) or "" for cell in row] for row in itertools.islice(sheet.iter_rows(), _TITLES)]
    at = find(rows, columns)
    return at, rows[at] if rows else []


def _sheet(sheet: CalamineSheet, at: int, places: Any, account: Account) -> Iterator[Any]:
    """The rows below a heading, a piece at a time. Rows without a cell are none."""
    rows = (row for row in itertools.islice(sheet.iter_rows(), at + 1, None) if any(cell != "" for cell in row))
    while piece := list(itertools.islice(rows, _ROWS)):
        wanted = [[row[place] for place in places.values()] for row in piece]
        some = [row for row in wanted if any(cell != "" for cell in row)]
        account.left_out[EMPTY] += len(wanted) - len(some)
        cells = list(zip(*some, strict=True)) or [()] * len(places)
        yield pa.table({column: _column(one) for column, one in zip(places, cells, strict=True)})


def _column(cells: Sequence[Any]) -> Any:
    """Times where every cell is one; else texts."""
    given = [cell for cell in cells if cell != ""]
    if given and all(isinstance(cell, date) for cell in given):
        if any(isinstance(cell, datetime) for cell in given):
            return pa.array([_moment(cell) for cell in cells], pa.timestamp("us"))
        return pa.array([cell if cell != "" else None for cell in cells], pa.date32())
    return pa.array([_text(cell) for cell in cells], pa.string())


def _moment(cell: Any) -> datetime | None:
    if cell == "":
        return None
    return cell if isinstance(cell, datetime) else datetime.combine(cell, time.min)


def _text(cell: Any) -> str | None:
    """A cell as text; None where it is empty."""
    if cell == "":
        return None
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, timedelta):
        return str(time.min if cell < timedelta(0) else (datetime.min + cell).time())
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE:
        return str(int(cell))
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
