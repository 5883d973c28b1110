"""``incidents.parquet``: the form of imported incidents, its writing (the same incidents, the same bytes) and reading.

It holds what was published of a place and a time, and nothing of a person: there is no column for it. Must not know
how an export looks (`models.ingest.mapping`).
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from edge.errors import UserError

SCHEMA: Final = pa.schema(
    [
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("crime_type", pa.string(), nullable=False),
        pa.field("from_utc", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("to_utc", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("lat", pa.float64(), nullable=False),
        pa.field("lon", pa.float64(), nullable=False),
        pa.field("initiated_by", pa.string()),
        pa.field("gunfire", pa.bool_(), nullable=False),
        pa.field("rounds", pa.string()),
        pa.field("source", pa.string(), nullable=False),
        pa.field("reported_utc", pa.timestamp("us", "UTC")),
    ]
)
"""``from_utc`` … ``to_utc``: first and last possible moment, equal where it is known; degrees WGS 84; ``initiated_by``:
``"officer"``, ``"community"`` or nothing; ``gunfire``: a shot was fired; ``rounds``: of a detection, ``"single"``,
``"multiple"`` or nothing; ``source``: the mapping's name; ``reported_utc``: when it became known, where the export
says."""

COLUMNS: Final = tuple(SCHEMA.names)
_LATER: Final = ("reported_utc",)
"""Columns that files of before do not have: nothing there."""


def none() -> pd.DataFrame:
    """No incidents, in their form."""
    found: pd.DataFrame = SCHEMA.empty_table().to_pandas()
    return found


def in_form(incidents: pd.DataFrame) -> pd.DataFrame:
    """Incidents in the order of time, source and id, with their columns and types and no others."""
    found: pd.DataFrame = _table(incidents).to_pandas()
    return found


def write_incidents(incidents: pd.DataFrame, path: Path) -> None:
    """Write incidents `in_form`, whole or not at all. Raises UserError where the file can't be written."""
    fresh = path.with_name(path.name + ".new")
    try:
        pq.write_table(_table(incidents), fresh, compression="zstd")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        msg = f"{path}: cannot be written ({error.strerror or error}); create its folder, or choose another file"
        raise UserError(msg) from error


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


def _table(incidents: pd.DataFrame) -> Any:
    ordered = incidents.iloc[_order(incidents)]
    ordered = ordered.assign(**{name: None for name in _LATER if name not in ordered})
    table = pa.Table.from_pandas(ordered[list(COLUMNS)], schema=SCHEMA, preserve_index=False)
    return table.replace_schema_metadata(None)


def _order(incidents: pd.DataFrame) -> Any:
    """The order of time, source and id: by the time's number, and only those of one moment by their texts."""
    keys = incidents[["from_utc", "source", "event_id"]].reset_index(drop=True)
    moments = pd.DatetimeIndex(keys["from_utc"]).asi8
    order = np.argsort(moments, kind="stable")
    again = np.diff(moments[order], prepend=-1) == 0
    tied = again | np.append(again[1:], False)[: len(again)]
    order[tied] = keys.iloc[order[tied]].sort_values(list(keys.columns), kind="stable").index
    return order
