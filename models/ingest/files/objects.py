"""JSON records as a table: an array of objects, or an object on each line, as portals' APIs give them.

An object in an object is its fields, named ``location.latitude``; a point or a list is its JSON. Must not know what a
column means.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import pyarrow as pa

from edge.errors import UserError
from models.ingest.files.account import EMPTY, MALFORMED, Account
from models.ingest.files.heading import resolve

Record: TypeAlias = dict[str, str | None]

_WHOLE: Final = 2.0**53


def table(where: str, path: Path, columns: Sequence[str], account: Account) -> Any:
    """The named columns. Raises UserError where it is no such file, or lacks a column."""
    every = _records(where, path)
    account.left_out[MALFORMED] += sum(one is None for one in every)
    account.left_out[EMPTY] += sum(one == {} for one in every)
    records = [one for one in every if one]
    resolve(where, columns, _names(records))
    return pa.table({column: pa.array([one.get(column) for one in records], pa.string()) for column in columns})


def columns_of(where: str, path: Path) -> list[str]:
    """Every field that a record has, in the order of their first records."""
    return _names([one for one in _records(where, path) if one])


def _names(records: Sequence[Record]) -> list[str]:
    return list(dict.fromkeys(name for one in records for name in one))


def _records(where: str, path: Path) -> list[Record | None]:
    """Each record's texts; None for what is no object."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        whole = text.lstrip().startswith("[")
        found = json.loads(text) if whole else [json.loads(line) for line in text.split("\n") if line.strip()]
        return [dict(_fields(one)) if isinstance(one, dict) else None for one in found]
    except (ValueError, RecursionError) as error:
        msg = f"{where}: not readable JSON ({error}); give records in an array or on lines, or GeoJSON"
        raise UserError(msg) from error


def _fields(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, str | None]]:
    for name, value in record.items():
        if isinstance(value, dict) and "coordinates" not in value:
            yield from _fields(value, f"{before}{name}.")
        else:
            yield before + name, _text(value)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    return json.dumps(value)
