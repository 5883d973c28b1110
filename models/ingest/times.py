"""Times of an export as instants: its formats, its zone, and the hours that clocks skip or repeat.

A time that the clocks repeat may be either: it begins at the earlier and ends at the later of both. One that they skip
is the instant at which they do. Must not know what happened at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from edge.errors import UserError
from models.ingest.reading import Table, Texts, joined

Flags: TypeAlias = NDArray[np.bool_]
Instants: TypeAlias = NDArray[np.datetime64]
"""``datetime64[us]``, UTC; NaT where there is none."""

_EPOCH: Final = {"epoch_s": 1_000_000.0, "epoch_ms": 1000.0}
_OFFSET: Final = r":\d\d(?:[.,]\d+)?\s*(?:Z|[+-]\d\d:?\d\d)$"
_DATE: Final = r"^\d{4}-?\d{2}-?\d{2}$"
_HOURS: Final = ("%H", "%I")
_ONE: Final = np.timedelta64(1, "us")
_DAY: Final = np.timedelta64(1, "D")
_EARLIEST, _LATEST = np.datetime64("1970-01-01", "us"), np.datetime64("2200-01-01", "us")
"""A date outside says that none was known (0001, 1015, 1900, 9999 in exports): it is no time."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What columns say of time, a row each: ``first`` and ``last`` possible moment; ``given``: something was written.

    ``repeated``, ``skipped``: a local time that the clocks have twice, or not at all.
    """

    first: Instants
    last: Instants
    given: Flags
    repeated: Flags
    skipped: Flags


def parse(table: Table, columns: Sequence[str], formats: Sequence[str], zone: str) -> Parsed:
    """Read times of one column, or of a date's and a time's. Raises UserError where a format is none."""
    values = table.column(columns[0])
    if len(columns) == 1 and (pa.types.is_timestamp(values.type) or pa.types.is_date(values.type)):
        return _of_column(values, zone)
    written = joined(table, columns, " ")
    text = pd.Series(written.to_pandas(), dtype="str")
    dates, offsets = (_matches(written, pattern) for pattern in (_DATE, _OFFSET))
    naive = np.full(len(text), "NaT", "datetime64[us]")
    exact = naive.copy()
    whole_day = np.zeros(len(text), bool)
    given = text.notna().to_numpy()
    for form in formats:
        left = given & np.isnat(naive) & np.isnat(exact)
        if not left.any():
            break
        zoned = left & offsets if form == "iso" else left
        if form in _EPOCH or "%z" in form or form == "iso":
            exact[zoned] = _exact(text[zoned], form)
            left &= ~zoned if form == "iso" else False
        if left.any():
            naive[left] = _naive(text[left], form)
            whole_day[left] = dates[left] if form == "iso" else _without_hour(form)
    return _localised(naive, exact, whole_day, given, zone)


def _matches(written: Texts, pattern: str) -> Flags:
    return np.asarray(pc.fill_null(pc.match_substring_regex(written, pattern), fill_value=False), dtype=bool)


def _exact(text: "pd.Series[str]", form: str) -> Instants:
    """Instants of texts that say their offset, or of seconds since 1970."""
    if form in _EPOCH:
        micro = pd.to_numeric(text, errors="coerce").to_numpy(np.float64) * _EPOCH[form]
        told = np.abs(micro) < 2.0**62  # what is no number is not
        return np.where(told, np.where(told, micro, 0.0).astype("datetime64[us]"), np.datetime64("NaT"))
    return _plain(_strptime(text, form, utc=True))


def _naive(text: "pd.Series[str]", form: str) -> Instants:
    return _plain(_strptime(text, form, utc=False))


def _strptime(text: "pd.Series[str]", form: str, utc: bool) -> Any:
    try:
        return pd.to_datetime(text, format="ISO8601" if form == "iso" else form, errors="coerce", utc=utc)
    except ValueError as error:
        msg = f"time.formats: {form!r} is not a time format ({error}); use iso, epoch_s, epoch_ms or a strptime format"
        raise UserError(msg) from error


def _plain(times: Any) -> Instants:
    """Times without a zone (those that have one: in UTC) as ``datetime64[us]``."""
    aware = getattr(times.dt, "tz", None) is not None
    plain = times.dt.tz_convert("UTC").dt.tz_localize(None) if aware else times
    return np.asarray(plain.to_numpy(), dtype="datetime64[us]")


def _without_hour(form: str) -> bool:
    return not any(hour in form for hour in _HOURS)


def _of_column(values: Any, zone: str) -> Parsed:
    """Times of a Parquet column that are times already."""
    micro = pc.cast(values, pa.timestamp("us", getattr(values.type, "tz", None)), safe=False)
    plain = np.asarray(micro.to_numpy(), "datetime64[us]")
    none = np.full(len(plain), "NaT", "datetime64[us]")
    whole_day = np.full(len(plain), pa.types.is_date(values.type))
    aware = getattr(values.type, "tz", None) is not None  # its numbers are UTC, whatever its zone
    naive, exact = (none, plain) if aware else (plain, none)
    return _localised(naive, exact, whole_day, ~np.isnat(plain), zone)


def _localised(naive: Instants, exact: Instants, whole_day: Flags, given: Flags, zone: str) -> Parsed:
    naive, exact = _plausible(naive), _plausible(exact)
    ends = np.where(whole_day, naive.astype("datetime64[D]").astype("datetime64[us]") + _DAY - _ONE, naive)
    first, _, repeated, skipped = _instants(naive, zone)
    _, last, _, _ = _instants(ends, zone)
    told = ~np.isnat(exact)
    return Parsed(
        first=np.where(told, exact, first),
        last=np.where(told, exact, last),
        given=given,
        repeated=repeated & ~whole_day,
        skipped=skipped & ~whole_day,
    )


def _plausible(times: Instants) -> Instants:
    return np.where((times >= _EARLIEST) & (times < _LATEST), times, np.datetime64("NaT"))


def _instants(naive: Instants, zone: str) -> tuple[Instants, Instants, Flags, Flags]:
    """Earliest and latest instant of local times, and which of them the clocks repeat or skip."""
    local = pd.DatetimeIndex(naive)
    place = ZoneInfo(zone)
    either = [
        local.tz_localize(place, ambiguous=np.full(len(local), summer), nonexistent="shift_forward")
        for summer in (True, False)
    ]
    one, other = (np.asarray(index.tz_convert("UTC").tz_localize(None), "datetime64[us]") for index in either)
    back = np.asarray(either[0].tz_localize(None), "datetime64[us]")
    there = ~np.isnat(naive)
    return np.fmin(one, other), np.fmax(one, other), there & (one != other), there & (back != naive)
