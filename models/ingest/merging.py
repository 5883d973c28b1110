"""Rows of one id become one incident: which file, which version and which row of it counts, and what is taken back.

*Updates*: of an id the newest version counts, else the last file's rows do, even where all of them are left out; of
these the last that is kept. *A journal* (a mapping with ``count``): within a file the counts of one id and offense add
up. Above zero they stand; else they are taken back, from the files before, too. A later file decides again. Must not
read a row.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from models.ingest.reading import Table

REPEATED: Final = "the same id as a later row"
REPLACED: Final = "the same id in a later file, or in a newer version"
_OFFENSE: Final = ["event_id", "offense"]
TAKEN_BACK: Final = "taken back by a reversal row"


@dataclass(frozen=True, slots=True)
class Rows:
    """The incidents and ids of one file (`models.ingest.rows.Piece`)."""

    incidents: Table
    ids: Table


@dataclass(frozen=True, slots=True)
class Merged:
    """One incident an id, why rows were left out, what they replace, and how rows fold.

    ``gone``: ids, and of a journal pairs of id and kind, that earlier imports must no longer have. ``shared``: ids in
    more than one file. ``folded``: incidents that have several rows in one file; ``mixed``: of these, with several
    crime types. ``unmatched``: id, kind and number of reversal rows that take back no row of these files.
    """

    incidents: Table
    left_out: Counter[str]
    gone: Table
    shared: int
    folded: int
    mixed: int
    unmatched: pd.DataFrame


def merge(files: Sequence[Rows], journal: bool) -> Merged:
    """Merge files, the oldest first."""
    incidents, ids = (_all([getattr(rows, name) for rows in files]) for name in ("incidents", "ids"))
    unmatched, reason = pd.DataFrame({"event_id": [], "kind": [], "taken": []}), REPLACED
    if journal:
        counted, back, unmatched = _standing(incidents, ids)
        gone, reason = pa.Table.from_pandas(back, preserve_index=False), TAKEN_BACK
    else:
        counted, gone = _newest(incidents, ids, len(files)), ids.select(["event_id"])
    left = incidents if counted.all() else incidents.filter(pa.array(counted))
    again = _again(left["event_id"])
    return Merged(
        incidents=left.filter(pa.array(~again)) if again.any() else left,
        left_out=Counter({reason: int((~counted).sum()), REPEATED: int(again.sum())}),
        gone=gone,
        shared=_shared(ids) if len(files) > 1 else 0,
        **(_folded(left) if again.any() else {"folded": 0, "mixed": 0}),
        unmatched=unmatched,
    )


def _all(tables: Sequence[Table]) -> Table:
    """The rows of some files, with the number of each row's file."""
    numbers = (np.full(len(table), number) for number, table in enumerate(tables))
    return pa.concat_tables(
        [table.append_column("file", pa.array(number)) for table, number in zip(tables, numbers, strict=True)],
        promote_options="default",
    )


def _again(ids: Any) -> NDArray[np.bool_]:
    """Which ids come again further on. Those in a rising order do not, and are compared with their neighbors alone."""
    if pc.all(pc.less(ids[:-1], ids[1:])).as_py():
        return np.zeros(len(ids), bool)
    return np.asarray(pd.Series(ids, dtype="str").duplicated(keep="last"))


def _shared(ids: Table) -> int:
    each = ids.select(["event_id", "file"]).to_pandas().drop_duplicates()
    return int(each.loc[each.duplicated("event_id"), "event_id"].nunique())


def _newest(incidents: Table, ids: Table, files: int) -> NDArray[np.bool_]:
    """Which incidents are of their id's newest version and last file."""
    if files == 1 and "version" not in ids.column_names:
        return np.ones(len(incidents), bool)
    code, names = pd.factorize(pd.Series(ids["event_id"], dtype="str"))
    ranks = _ranks(ids, ids, files)
    newest = np.full(len(names), -1)
    np.maximum.at(newest, code, ranks)
    of = pd.Index(names).get_indexer(pd.Index(pd.Series(incidents["event_id"], dtype="str")))
    return np.asarray(_ranks(incidents, ids, files) == newest[of])


def _ranks(rows: Table, ids: Table, files: int) -> NDArray[np.int64]:
    """The order of rows by version, and of equal ones by file; a row without a version is the oldest."""
    file = np.asarray(rows["file"])
    if "version" not in ids.column_names:
        return file
    version, every = (np.nan_to_num(np.asarray(one["version"]), nan=-np.inf) for one in (rows, ids))
    return np.asarray(np.searchsorted(np.unique(every), version) * files + file)


def _standing(incidents: Table, ids: Table) -> tuple[NDArray[np.bool_], pd.DataFrame, pd.DataFrame]:
    """Which incidents stand; what earlier imports must no longer have; and reversals without a row."""
    mine, rows = incidents.select(_OFFENSE).to_pandas(), ids.to_pandas()
    rows = rows[rows["sign"] != 0]
    rows = rows.assign(taken=rows["sign"] < 0)
    of = {"net": ("sign", "sum"), "most": ("sign", "max"), "taken": ("taken", "sum"), "kind": ("kind", "last")}
    each = rows.groupby([*_OFFENSE, "file"], sort=True).agg(**of).reset_index()
    last = each.drop_duplicates(_OFFENSE, keep="last")
    stands = last.loc[last["net"] > 0, _OFFENSE].assign(stands=True)
    counted = mine.merge(stands, "left", on=_OFFENSE)["stands"].notna().to_numpy()
    back = last.loc[last["net"] <= 0, ["event_id", "kind"]]
    never = each.groupby(_OFFENSE).agg(most=("most", "max"), taken=("taken", "sum"), kind=("kind", "last"))
    alone = never[never["most"] < 0].reset_index()[["event_id", "kind", "taken"]]
    return counted, pd.concat([mine.loc[counted, ["event_id"]], back], ignore_index=True), alone


def _folded(left: Table) -> dict[str, int]:
    """How many incidents have several rows in one file, and how many of these several crime types."""
    every = left.select(["event_id", "file", "crime_type"]).to_pandas()
    rows = every[every.duplicated(["event_id", "file"], keep=False)]
    types = rows.groupby(["event_id", "file"])["crime_type"].nunique()
    return {"folded": len(types), "mixed": int((types > 1).sum())}
