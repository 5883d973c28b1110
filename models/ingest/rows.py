"""One piece of an export becomes incidents; each row that is left out has the first reason that holds for it.

Every rule of the mapping is applied here, to whole columns at a time. Must not read files, and must not decide between
rows of the same id (`models.ingest.merging` does).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from edge.domain.policy import CRIME_TYPES
from models.ingest.formats import TELLING
from models.ingest.identity import TAKES_BACK, Numbered, counts, identified
from models.ingest.incidents import MOMENT
from models.ingest.mapping import Mapping
from models.ingest.offences import (
    INITIATED_BY,
    ROUNDS,
    Codes,
    Flags,
    Values,
    denied,
    gunfire,
    holds,
    initiated_by,
    kinds,
    rounds,
    values_of,
)
from models.ingest.places import spots
from models.ingest.reading import Table
from models.ingest.reported import instant, report_times
from models.ingest.systems import LATITUDE, LONGITUDE
from models.ingest.times import Instants, parse
from models.ingest.warnings import CLOCKED, EARLY, MIDNIGHT, REPORTED_UNREAD, SWAPPED

DENIED: Final = "a type that is never forecast"
UNMAPPED: Final = "a type not in the mapping"


@dataclass(slots=True)
class Piece:
    """Incidents, a line of ``ids`` for every row with an event id (left out or not), and what was left out or mended.

    ``ids``: ``event_id``; ``version`` where the mapping has one; where rows may be taken back ``offense`` (the values
    that say the type), ``kind`` and ``sign`` (-1, 1; 0: none of ours). Incidents have ``version`` and ``offense``, too.
    ``denied``, ``unmapped``: of rows left out for their type, each value of each column that says it. ``clues``: rows
    that say something of the whole file (`models.ingest.warnings`).
    """

    incidents: Table
    ids: Table
    rows: int
    left_out: Counter[str]
    denied: dict[str, Counter[str]]
    unmapped: dict[str, Counter[str]]
    notes: Counter[str]
    clues: Counter[str]


@dataclass(frozen=True, slots=True)
class _Span:
    """First and last possible moment of each row, the reasons it has none, which rows were mended, and clues."""

    first: Instants
    last: Instants
    reasons: dict[str, Flags]
    notes: dict[str, Flags]
    clues: dict[str, Flags]


def convert(table: Table, mapping: Mapping, now: datetime, at: Numbered) -> Piece:
    """Apply a mapping to the rows of a table; ``now`` has its zone."""
    values = Values(table)
    kind = kinds(values, mapping)
    no_type, never = kind < 0, denied(values, mapping)
    identity = identified(table, mapping, kind, at)
    ids, has_id = identity.ids, np.asarray(identity.ids["event_id"].is_valid())
    counted = counts(table, mapping)
    other, ours = _first_reason(
        {
            "the mapping's row rules": ~holds(values, mapping.rows),
            DENIED: no_type & never,
            UNMAPPED: no_type & ~never,
            "no event id": ~has_id & ~identity.rounded,
            "an event id that a spreadsheet rounded (2.4E+07)": ~has_id,
            "a count that is not a number": np.isnan(counted),
            "a count of zero": counted == 0,
            TAKES_BACK: counted < 0,
        }
    )
    if mapping.count:
        sign = np.where(ours, 1, np.where(other[TAKES_BACK], -1, 0)).astype(np.int8)
        ids = ids.append_column("sign", pa.array(sign))
    what = pa.table(
        {
            **{name: ids[name] for name in ("event_id", "version", "offense") if name in ids.column_names},
            "crime_type": _named(kind, CRIME_TYPES),
            "initiated_by": _named(initiated_by(values, mapping), INITIATED_BY),
            "gunfire": pa.array(gunfire(values, mapping, kind)),
            "rounds": _named(rounds(values, mapping), ROUNDS),
        }
    )
    here = pa.array(ours)
    asked = {*mapping.time.columns, *mapping.place.columns, LONGITUDE, LATITUDE}
    whence = table.select([name for name in table.column_names if name in asked])
    incidents, left_out, notes, clues = _located(whence.filter(here), what.filter(here), mapping, now)
    return Piece(
        incidents=incidents,
        ids=_kept(ids, has_id),
        rows=table.num_rows,
        left_out=_counted(other) + left_out,
        denied=values_of(values, mapping, other[DENIED]),
        unmapped=values_of(values, mapping, other[UNMAPPED]),
        notes=notes,
        clues=clues,
    )


def _named(codes: Codes, names: Sequence[str]) -> Any:
    """Codes with their names, as a column; null where there is none."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(names))


def _kept(table: Table, rows: Flags) -> Table:
    return table if rows.all() else table.filter(pa.array(rows))


def _located(
    table: Table, what: Table, mapping: Mapping, now: datetime
) -> tuple[Table, Counter[str], Counter[str], Counter[str]]:
    """Incidents of rows that have a type and an id, those left out for their time or place, those mended, and clues."""
    span, reported = _span(table, mapping, now), report_times(table, mapping, now)
    where = spots(table, mapping.place, mapping.zone)
    left_out, kept = _first_reason({**span.reasons, **where.reasons})
    found = {
        **dict(zip(what.column_names, what.columns, strict=True)),
        "from_utc": pa.array(span.first, MOMENT),
        "to_utc": pa.array(span.last, MOMENT),
        "lat": pa.array(where.lat),
        "lon": pa.array(where.lon),
        "source": pa.DictionaryArray.from_arrays(np.zeros(table.num_rows, np.int8), pa.array([mapping.name])),
        "reported_utc": pa.array(reported.at, MOMENT),
    }
    notes = {note: rows & kept for note, rows in span.notes.items()}
    clues = span.clues | {REPORTED_UNREAD: reported.unread & kept, EARLY: (reported.at < span.first) & kept}
    return _kept(pa.table(found), kept), _counted(left_out), +_counted(notes), _counted(clues)


def _span(table: Table, mapping: Mapping, now: datetime) -> _Span:
    times = mapping.time
    begin = parse(table, times.begin, times, mapping.zone)
    end = parse(table, times.end, times, mapping.zone) if times.end else begin
    ended = end.given & ~end.placeholder
    last = np.where(ended, end.last, begin.last)
    latest = instant(now)
    reasons = {
        "a time before 1971 or after 2199: a placeholder, or a number of another unit": begin.placeholder,
        "no time, or not in the mapping's formats": np.isnat(begin.first) | np.isnat(last),
        "ends before it starts": last < begin.first,
        "in the future": last > latest,
    }
    if times.since:
        since = datetime.combine(times.since, datetime.min.time(), ZoneInfo(mapping.zone))
        reasons["before the mapping's `since` date"] = begin.first < instant(since)
    dated, unknown = (getattr(begin, name) | (getattr(end, name) & ended) for name in ("dated", "unknown"))
    notes = {
        "a date without a time of day: spread over the day": dated,
        "a time of day that means unknown (`time.unknown`): spread over the day": unknown,
        "a local time repeated when clocks go back: both are covered": begin.repeated | end.repeated,
        "a local time skipped when clocks go forward: moved to the change": begin.skipped | end.skipped,
    }
    clues = {
        SWAPPED: begin.swapped | end.swapped,
        **{name: (begin.other == number) | (end.other == number) for number, name in enumerate(TELLING)},
        MIDNIGHT: begin.midnight & ~begin.unknown,
        CLOCKED: ~np.isnat(begin.first) & ~dated & ~unknown,
    }
    return _Span(begin.first, last, reasons, notes, clues)


def _first_reason(reasons: dict[str, Flags]) -> tuple[dict[str, Flags], Flags]:
    """The rows of each reason that have no earlier one, and the rows that have none."""
    free = np.ones(len(next(iter(reasons.values()))), bool)
    found = {}
    for reason, rows in reasons.items():
        found[reason] = rows & free
        free &= ~rows
    return found, free


def _counted(reasons: dict[str, Flags]) -> Counter[str]:
    return Counter({reason: int(rows.sum()) for reason, rows in reasons.items()})
