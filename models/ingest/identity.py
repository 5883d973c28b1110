"""Which rows are of one incident: their ids, their versions, and the counts by which a row takes an earlier one back.

Must not decide which row counts (`models.ingest.merging` does).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from models.ingest.mapping import Mapping
from models.ingest.offences import Flags, Kinds
from models.ingest.reading import Table, Texts, joined, texts
from models.ingest.times import parse

Floats: TypeAlias = NDArray[np.float64]

TAKES_BACK: Final = "a reversal row (a negative count)"
_ROUNDED: Final = r"^\d(\.\d+)?[Ee]\+\d{2}$"
"""As spreadsheets show a long number: other incidents are written alike."""
_SHA: Final = 16


@dataclass(frozen=True, slots=True)
class Numbered:
    """Where a piece stands: what gives the SHA-256 of its file, and how many rows come before it."""

    sha256: Callable[[], str]
    before: int


@dataclass(frozen=True, slots=True)
class Identified:
    """A table with a line for each row (`models.ingest.rows.Piece`), and the rows whose id stands for many."""

    ids: Table
    rounded: Flags


def identified(table: Table, mapping: Mapping, kind: Kinds, at: Numbered) -> Identified:
    """The ``event_id`` of each row (null where it has none), and what merging asks for.

    Without a column of ids it is the file's digest and the row's number: unlike those of any other file.
    """
    short = np.zeros(table.num_rows, bool)
    if mapping.event_id:
        parts = [texts(table, column) for column in mapping.event_id]
        short = np.logical_or.reduce([_rounded(part) for part in parts])
        ids = pc.binary_join_element_wise(*parts, ":") if len(parts) > 1 else parts[0]
        ids = pc.if_else(pa.array(short), pa.scalar(None, pa.string()), ids) if short.any() else ids
    else:
        numbers = pa.array(np.arange(1, table.num_rows + 1) + at.before).cast(pa.string())
        ids = pc.binary_join_element_wise(at.sha256()[:_SHA], numbers, ":")
    found = {"event_id": ids}
    if mapping.time.updated:
        found["version"] = pa.array(_versions(table, mapping))
    if mapping.count:
        values = [pc.fill_null(texts(table, column), "") for column in mapping.type_columns]
        found["offense"] = pc.binary_join_element_wise(*values, "", "\n")
        found["kind"] = pa.array(kind)
    return Identified(pa.table(found), short)


def _rounded(written: Texts) -> Flags:
    """Which ids a spreadsheet shortened, so that they stand for many."""
    if not pc.any(pc.match_substring(written, "+")).as_py():
        return np.zeros(len(written), bool)
    return np.asarray(pc.fill_null(pc.match_substring_regex(written, _ROUNDED), fill_value=False), dtype=bool)


def counts(table: Table, mapping: Mapping) -> Floats:
    """What each row counts: 1 but where the mapping has a column for it; NaN where that holds no number."""
    if mapping.count is None:
        return np.ones(table.num_rows)
    written = pc.replace_substring_regex(texts(table, mapping.count), r"^(?:\x{2212}|\(([\d.]+)\)$)", r"-\1")
    return np.array(pd.to_numeric(pd.Series(written.to_pandas()), errors="coerce"), dtype=np.float64)


def _versions(table: Table, mapping: Mapping) -> Floats:
    """The mapping's ``time.updated``, larger the newer: a time in its formats, else a number; NaN where it is none."""
    columns = mapping.time.updated or ()
    times = parse(table, columns, mapping.time.model_copy(update={"unknown": ()}), mapping.zone).last
    told = ~np.isnat(times)
    if told.all():
        return times.astype(np.int64).astype(np.float64)
    numbers = np.array(pd.to_numeric(pd.Series(joined(table, columns, " ").to_pandas()), errors="coerce"), np.float64)
    return np.where(told, times.astype(np.int64), numbers)
