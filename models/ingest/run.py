"""A whole import: files in, incidents and a report out. The same files in the same order give the same incidents.

Of rows with the same id in one file the last that is kept counts; an id that a later file has, too, is that file's
alone, even where the later file's row is left out. Must not know a format.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from models.ingest.incidents import in_form, none
from models.ingest.mapping import Mapping
from models.ingest.reading import Export
from models.ingest.report import Input, Report
from models.ingest.rows import Piece, convert
from models.ingest.warnings import of_times

_REPEATED: Final = "the same id as a later row"


def ingest(
    mapping: Mapping,
    files: Sequence[Path],
    now: datetime,
    progress: Callable[[int], None],
    earlier: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, Report]:
    """Import files by a mapping; what they say replaces the ``earlier`` incidents of the same source and id.

    ``now`` has its zone: what is later is left out. ``progress`` gets the bytes read since its last call. The report
    is of the files alone. Raises UserError where a file can't be read.
    """
    report = Report(mapping.name)
    found = none()
    clues: Counter[str] = Counter()
    for path in files:
        pieces = _pieces(mapping, path, now, progress, report)
        for piece in pieces:
            clues.update(piece.clues)
        ids = pd.concat([piece.ids for piece in pieces] or [pd.Series(dtype="str")])
        every = pd.concat([_but(found, ids, mapping.name), *(piece.incidents for piece in pieces)], ignore_index=True)
        report.left_out[_REPEATED] += len(found) + sum(len(piece.incidents) for piece in pieces)
        found = every.drop_duplicates("event_id", keep="last")
        report.left_out[_REPEATED] -= len(found)
        if earlier is not None:
            earlier = _but(earlier, ids, mapping.name)
    _sum(found, report)
    report.warnings.extend(of_times(clues))
    return in_form(found if earlier is None else pd.concat([earlier, found], ignore_index=True)), report


def _but(incidents: pd.DataFrame, ids: "pd.Series[str]", source: str) -> pd.DataFrame:
    """Incidents without those of a source that have one of some ids."""
    again = pc.is_in(pa.array(incidents["event_id"], pa.string()), value_set=pa.array(ids, pa.string()))
    left: pd.DataFrame = incidents[(incidents["source"] != source) | ~again.to_numpy(zero_copy_only=False)]
    return left


def _pieces(
    mapping: Mapping, path: Path, now: datetime, progress: Callable[[int], None], report: Report
) -> list[Piece]:
    """All pieces of a file, added to the report."""
    export = Export(path, mapping.encoding, mapping.delimiter, mapping.place.system)
    tables = export.pieces(mapping.columns_but_place, progress, mapping.place.columns)
    pieces = [convert(table, mapping, now) for table in tables]
    rows = sum(piece.rows for piece in pieces) + sum(export.account.left_out.values())
    with path.open("rb") as file:
        report.inputs.append(Input(path.name, hashlib.file_digest(file, "sha256").hexdigest(), rows))
    report.rows += rows
    report.left_out.update(export.account.left_out)
    report.warnings += [f"{path.name}: {remark}" for remark in export.account.remarks]
    for piece in pieces:
        report.left_out.update(piece.left_out)
        report.notes.update(piece.notes)
        for whole, part in ((report.denied, piece.denied), (report.unmapped, piece.unmapped)):
            for column, values in part.items():
                whole.setdefault(column, Counter()).update(values)
    return pieces


def _sum(found: pd.DataFrame, report: Report) -> None:
    """Add to the report what was kept."""
    report.kept = len(found)
    report.by_type = {str(name): int(rows) for name, rows in found["crime_type"].value_counts().items()}
    report.gunfire = int(found["gunfire"].sum())
    report.initiated_by = {str(name): int(rows) for name, rows in found["initiated_by"].value_counts().items()}
    if len(found):
        report.first = found["from_utc"].min().strftime("%Y-%m-%dT%H:%M:%SZ")
        report.last = found["to_utc"].max().strftime("%Y-%m-%dT%H:%M:%SZ")
