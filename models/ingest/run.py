"""A whole import: files in, incidents and a report out. The same files give the same incidents, in whatever order.

Files are merged (`models.ingest.merging`) in the order of the latest time in each. Must not know a format.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from edge.errors import UserError
from models.ingest.earlier import alike, unmatched, without
from models.ingest.identity import Numbered
from models.ingest.incidents import in_form, table_of
from models.ingest.mapping import Mapping
from models.ingest.merging import Merged, Rows, merge
from models.ingest.reading import Export, Table
from models.ingest.report import Input, Report
from models.ingest.rows import Piece, convert
from models.ingest.warnings import of_ids, of_numbers, of_order, of_times

_DAY: Final = 86_400.0
_UTC: Final = "%Y-%m-%dT%H:%M:%SZ"
_WORKERS: Final = 2
"""Threads that convert and hash, beside the one that reads; so many pieces wait at most."""


def ingest(
    mapping: Mapping,
    files: Sequence[Path],
    now: datetime,
    progress: Callable[[int], None],
    earlier: pd.DataFrame | None = None,
    in_order: bool = False,
) -> tuple[pd.DataFrame, Report]:
    """Import files by a mapping; what they say replaces the ``earlier`` incidents of the same source and id.

    ``now`` has its zone: what is later is left out. ``progress`` gets the bytes read since its last call. ``in_order``:
    the files are given oldest first. The report is of the files alone. Raises UserError where a file can't be read.
    """
    report = Report(mapping.name)
    clues: Counter[str] = Counter()
    read = [_rows(_pieces(mapping, path, now, progress, report), clues) for path in files]
    order = list(range(len(read))) if in_order else _by_time(read)
    merged = merge([read[number] for number in order], journal=mapping.count is not None)
    report.left_out.update(merged.left_out)
    _sum(merged.incidents, report)
    left = [] if earlier is None else [table_of(without(earlier, merged.gone, mapping.name))]
    every = in_form([*left, merged.incidents])
    report.warnings += [*of_times(clues), *_of_merging(mapping, files, order, merged, earlier, every)]
    return every, report


def _of_merging(
    mapping: Mapping, files: Sequence[Path], order: list[int], merged: Merged, earlier: pd.DataFrame | None,
    every: pd.DataFrame,
) -> list[str]:  # fmt: skip
    """What the merging makes doubtful."""
    found = list(of_ids(merged, unmatched(merged.unmatched, earlier, mapping.name)))
    if not mapping.event_id:
        found.append(of_numbers(alike(every[every["source"] == mapping.name])))
    if order != sorted(order) and merged.shared and not mapping.time.updated:
        found.append(of_order([files[number].name for number in order], merged.shared))
    return found


def _by_time(files: Sequence[Rows]) -> list[int]:
    """The numbers of files in the order of the latest time in each; one without any stays behind the one before it."""
    latest = datetime.fromtimestamp(0, UTC)
    keys = []
    for rows in files:
        latest = pc.max(rows.incidents["from_utc"]).as_py() or latest
        keys.append(latest)
    return sorted(range(len(files)), key=keys.__getitem__)


def _rows(pieces: Sequence[Piece], clues: Counter[str]) -> Rows:
    """All pieces of a file in one."""
    for piece in pieces:
        clues.update(piece.clues)
    return Rows(*(pa.concat_tables([getattr(piece, name) for piece in pieces]) for name in ("incidents", "ids")))


def _pieces(
    mapping: Mapping, path: Path, now: datetime, progress: Callable[[int], None], report: Report
) -> list[Piece]:
    """All pieces of a file, added to the report. A piece is converted, and the file hashed, while the next is read."""
    export = Export(path, mapping.encoding, mapping.delimiter, mapping.place.system)
    with ThreadPoolExecutor(_WORKERS) as pool:
        digest = pool.submit(_sha256, path)
        converted: list[Future[Piece]] = []
        rows = 0
        for table in export.pieces(mapping.columns_but_place, progress, mapping.place.columns):
            converted.append(pool.submit(convert, table, mapping, now, Numbered(digest.result, rows)))
            rows += table.num_rows
            wait(converted[:-_WORKERS])
        pieces = [one.result() for one in converted]
    rows += sum(export.account.left_out.values())
    latest = [last for piece in pieces if (last := pc.max(piece.incidents["to_utc"]).as_py()) is not None]
    report.inputs.append(Input(path.name, digest.result(), rows, f"{max(latest):{_UTC}}" if latest else None))
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


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        msg = f"{path}: {error.strerror or error}; give a readable export"
        raise UserError(msg) from error


def _sum(found: Table, report: Report) -> None:
    """Add to the report what was kept."""
    report.kept = len(found)
    report.by_type, report.initiated_by = _most_first(found["crime_type"]), _most_first(found["initiated_by"])
    report.gunfire = pc.sum(found["gunfire"]).as_py() or 0
    if len(found):
        report.first = f"{pc.min(found['from_utc']).as_py():{_UTC}}"
        report.last = f"{pc.max(found['to_utc']).as_py():{_UTC}}"
    known = found.select(["to_utc", "reported_utc"]).filter(found["reported_utc"].is_valid()).to_pandas()
    if len(known):
        late = (known["reported_utc"] - known["to_utc"]).dt.total_seconds().clip(lower=0) / _DAY
        report.reported = {
            "incidents": len(late),
            **{f"p{part}_days": round(float(late.quantile(part / 100)), 2) for part in (50, 90, 99)},
        }


def _most_first(names: Any) -> dict[str, int]:
    """How many rows have each name, the most frequent first."""
    counts = {one["values"]: one["counts"] for one in pc.value_counts(names.drop_null()).to_pylist()}
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
