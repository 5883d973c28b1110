"""Incidents of earlier imports beside new ones: what the new files replace or take back, and what may count twice.

Must not change an incident.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from edge.domain.policy import CRIME_TYPES
from models.ingest.reading import Table
from models.ingest.values import one


def without(earlier: pd.DataFrame, gone: Table, source: str) -> pd.DataFrame:
    """Earlier incidents but those of a source that are gone: by their id, or by id and kind where it has one."""
    kinds = gone["kind"] if "kind" in gone.column_names else pa.nulls(len(gone))
    again = _is_in(earlier["event_id"], gone.filter(pc.is_null(kinds))["event_id"])
    if kinds.null_count < len(gone):
        pairs = gone.filter(pc.is_valid(kinds)).to_pandas()
        again |= _is_in(earlier["event_id"] + "\n" + earlier["crime_type"], _pairs(pairs))
    left: pd.DataFrame = earlier[(earlier["source"] != source).to_numpy() | ~again]
    return left


def unmatched(reversals: pd.DataFrame, earlier: pd.DataFrame | None, source: str) -> int:
    """How many reversal rows take back neither a row of their files nor an earlier incident."""
    if earlier is None or not len(reversals):
        return int(reversals["taken"].sum())
    mine = earlier[earlier["source"] == source]
    return int(reversals.loc[~_is_in(_pairs(reversals), mine["event_id"] + "\n" + mine["crime_type"]), "taken"].sum())


def alike(incidents: pd.DataFrame) -> int:
    """Incidents that are the same in time, type and place as one of another file, by the file in their row's id."""
    what = ["from_utc", "to_utc", "crime_type", "lat", "lon"]
    each = incidents[what].assign(file=incidents["event_id"].str.split(":").str[0]).drop_duplicates()
    return int(each.duplicated(what).sum())


def _pairs(rows: pd.DataFrame) -> "pd.Series[str]":
    types = np.array(CRIME_TYPES, dtype=object)[rows["kind"].to_numpy(np.int64)]
    return rows["event_id"] + "\n" + pd.Series(types, rows.index, dtype="str")


def _is_in(values: Any, some: Any) -> Any:
    found = pc.is_in(_strings(values), value_set=_strings(some))
    return np.array(found.to_numpy(zero_copy_only=False), bool)


def _strings(values: Any) -> Any:
    """Texts of pandas or of pyarrow."""
    return pa.array(values, pa.string()) if isinstance(values, pd.Series) else one(values.cast(pa.string()))
