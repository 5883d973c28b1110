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

REPEATED: Final = "the same id as a later row"
REPLACED: Final = "the same id in a later file, or in a newer version"
_OFFENSE: Final = ["event_id", "offense"]
TAKEN_BACK: Final = "taken back by a reversal row"


@dataclass(frozen=True, slots=True)
class Rows:
    """The incidents and ids of one file (`models.ingest.rows.Piece`)."""

    incidents: pd.DataFrame
    ids: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Merged:
    """One incident an id, why rows were left out, what they replace, and how rows fold.

    ``gone``: ids, and of a journal pairs of id and kind, that earlier imports must no longer have. ``shared``: ids in
    more than one file. ``folded``: incidents that have several rows in one file; ``mixed``: of these, with several
    crime types. ``unmatched``: id, kind and number of reversal rows that take back no row of these files.
    """

    incidents: pd.DataFrame
    left_out: Counter[str]
    gone: pd.DataFrame
    shared: int
    folded: int
    mixed: int
    unmatched: pd.DataFrame


def merge(files: Sequence[Rows], journal: bool) -> Merged:
    """Merge files, the oldest first."""
    incidents, ids = (
        pd.concat([getattr(rows, name).assign(file=number) for number, rows in enumerate(files)], ignore_index=True)
        for name in ("incidents", "ids")
    )
    gone, unmatched, reason = ids[["event_id"]], pd.DataFrame({"event_id": [], "kind": [], "taken": []}), REPLACED
    if journal:
        counted, gone, unmatched = _standing(incidents, ids)
        reason = TAKEN_BACK
    else:
        counted = _newest(incidents, ids, len(files))
    left = incidents[counted]
    again = left.duplicated("event_id", keep="last").to_numpy()
    return Merged(
        incidents=left[~again],
        left_out=Counter({reason: int((~counted).sum()), REPEATED: int(again.sum())}),
        gone=gone,
        shared=_shared(ids) if len(files) > 1 else 0,
        **_folded(left),
        unmatched=unmatched,
    )


def _shared(ids: pd.DataFrame) -> int:
    each = ids[["event_id", "file"]].drop_duplicates()
    return int(each.loc[each.duplicated("event_id"), "event_id"].nunique())


def _newest(incidents: pd.DataFrame, ids: pd.DataFrame, files: int) -> Any:
    """Which incidents are of their id's newest version and last file."""
    if files == 1 and "version" not in ids:
        return np.ones(len(incidents), bool)
    code, names = pd.factorize(ids["event_id"])
    ranks = _ranks(ids, ids, files)
    newest = np.full(len(names), -1)
    np.maximum.at(newest, code, ranks)
    return _ranks(incidents, ids, files) == newest[pd.Index(names).get_indexer(pd.Index(incidents["event_id"]))]


def _ranks(rows: pd.DataFrame, ids: pd.DataFrame, files: int) -> Any:
    """The order of rows by version, and of equal ones by file; a row without a version is the oldest."""
    file = rows["file"].to_numpy()
    if "version" not in ids:
        return file
    versions = np.unique(ids["version"].fillna(-np.inf))
    return np.searchsorted(versions, rows["version"].fillna(-np.inf)) * files + file


def _standing(incidents: pd.DataFrame, ids: pd.DataFrame) -> tuple[Any, pd.DataFrame, pd.DataFrame]:
    """Which incidents stand; what earlier imports must no longer have; and reversals without a row."""
    rows = ids[ids["sign"] != 0]
    rows = rows.assign(taken=rows["sign"] < 0)
    of = {"net": ("sign", "sum"), "most": ("sign", "max"), "taken": ("taken", "sum"), "kind": ("kind", "last")}
    each = rows.groupby([*_OFFENSE, "file"], sort=True).agg(**of).reset_index()
    last = each.drop_duplicates(_OFFENSE, keep="last")
    stands = last.loc[last["net"] > 0, _OFFENSE].assign(stands=True)
    counted = incidents[_OFFENSE].merge(stands, "left", on=_OFFENSE)["stands"].notna().to_numpy()
    back = last.loc[last["net"] <= 0, ["event_id", "kind"]]
    never = each.groupby(_OFFENSE).agg(most=("most", "max"), taken=("taken", "sum"), kind=("kind", "last"))
    alone = never[never["most"] < 0].reset_index()[["event_id", "kind", "taken"]]
    return counted, pd.concat([incidents.loc[counted, ["event_id"]], back], ignore_index=True), alone


def _folded(left: pd.DataFrame) -> dict[str, int]:
    """How many incidents have several rows in one file, and how many of these several crime types."""
    rows = left[left.duplicated(["event_id", "file"], keep=False)]
    types = rows.groupby(["event_id", "file"])["crime_type"].nunique()
    return {"folded": len(types), "mixed": int((types > 1).sum())}
