"""``incidents.parquet``: the form of imported incidents, its writing (the same incidents, the same bytes) and reading.

It holds what was published of a place and a time, and nothing of a person: there is no column for it. Must not know
how an export looks (`models.ingest.mapping`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from edge.errors import UserError
from edge.text.whole_file import whole_file

MOMENT: Final = pa.timestamp("us", "UTC")
SCHEMA: Final = pa.schema(
    [
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("crime_type", pa.string(), nullable=False),
        pa.field("from_utc", MOMENT, nullable=False),
        pa.field("to_utc", MOMENT, nullable=False),
        pa.field("lat", pa.float64(), nullable=False),
        pa.field("lon", pa.float64(), nullable=False),
        pa.field("initiated_by", pa.string()),
        pa.field("gunfire", pa.bool_(), nullable=False),
        pa.field("rounds", pa.string()),
        pa.field("source", pa.string(), nullable=False),
        pa.field("reported_utc", MOMENT),
    ]
)
"""``from_utc`` … ``to_utc``: first and last possible moment, equal where it is known; degrees WGS 84; ``initiated_by``:
``"officer"``, ``"community"`` or nothing; ``gunfire``: a shot was fired; ``rounds``: of a detection, ``"single"``,
``"multiple"`` or nothing; ``source``: the mapping's name; ``reported_utc``: when it became known, where the export
says."""

COLUMNS: Final = tuple(SCHEMA.names)
_LONG: Final = pa.schema([one.with_type(pa.large_string()) if pa.types.is_string(one.type) else one for one in SCHEMA])
"""The same, in the form in which pandas holds texts."""
_BY: Final = pa.schema([SCHEMA.field(name) for name in ("from_utc", "source", "event_id")])
_LATER: Final = ("reported_utc",)
"""Columns that files of before do not have: nothing there."""


def in_form(incidents: Sequence[Any]) -> pd.DataFrame:
    """Incidents of some tables in the order of time, source and id, with their columns and types and no others."""
    every = [one.select(COLUMNS) for one in incidents]
    whole = every[0] if len(every) == 1 else pa.concat_tables([one.cast(SCHEMA) for one in every])
    found: pd.DataFrame = _ordered(whole.combine_chunks()).cast(_LONG).to_pandas()
    return found


def write_incidents(incidents: pd.DataFrame, path: Path) -> None:
    """Write incidents `in_form`, whole or not at all. Raises UserError where the file can't be written."""
    with whole_file(path) as place:
        pq.write_table(_ordered(table_of(incidents)), place, compression="zstd")


def read_incidents(path: Path) -> pd.DataFrame:
    """The incidents of a file that `write_incidents` wrote. Raises UserError where it is another."""
    try:
        file = pq.ParquetFile(path)
        present = file.schema_arrow.names
        missing = [name for name in COLUMNS if name not in (*present, *_LATER)]
        if missing:
            msg = f"{path}: no column {', '.join(missing)}; give a file that `roundsman models ingest` wrote"
            raise UserError(msg)
        table = file.read(columns=[name for name in COLUMNS if name in present])
        for name in [name for name in COLUMNS if name not in present]:
            table = table.append_column(SCHEMA.field(name), pa.nulls(len(table), SCHEMA.field(name).type))
        found: pd.DataFrame = table.cast(SCHEMA).to_pandas()
    except OSError as error:
        msg = f"{path}: {error.strerror or error}; give a file that `roundsman models ingest` wrote"
        raise UserError(msg) from error
    except (pa.ArrowException, ValueError) as error:
        msg = f"{path}: not an incidents file ({error}); give a file that `roundsman models ingest` wrote"
        raise UserError(msg) from error
    return found


def table_of(incidents: pd.DataFrame) -> Any:
    """Incidents as a table of `SCHEMA`."""
    whole = incidents.assign(**{name: None for name in _LATER if name not in incidents})
    table = pa.Table.from_pandas(whole[list(COLUMNS)], schema=SCHEMA, preserve_index=False)
    return table.replace_schema_metadata(None)


def _ordered(table: Any) -> Any:
    """In the order of time, source and id: by the time's number, and only those of one moment by their texts."""
    moments = np.asarray(table["from_utc"].cast(pa.int64()))
    order = np.arange(len(moments)) if (np.diff(moments) >= 0).all() else np.argsort(moments)
    again = np.diff(moments[order], prepend=-1) == 0
    tied = again | np.append(again[1:], False)[: len(again)]
    if tied.any():
        rows = np.sort(order[tied])
        keys = table.select(_BY.names).take(pa.array(rows)).cast(_BY).append_column("row", pa.array(rows))
        order[tied] = rows[np.asarray(pc.sort_indices(keys, [(name, "ascending") for name in keys.column_names]))]
    return table.take(pa.array(order))
