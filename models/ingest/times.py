"""Times of an export as instants: its formats, its zone, its unknown times, and the hours that clocks skip or repeat.

A time that the clocks repeat may be either: it begins at the earlier and ends at the later of both. One that they skip
is the instant at which they do. A date without a time of day is known to its day alone. Must not know what happened at
a time.
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

from models.ingest.formats import PLAIN, TELLING, Form, date_form, form_of
from models.ingest.local import by_clocks
from models.ingest.reading import Table, Texts, texts
from models.ingest.values import Distinct, one, repeat_much
from models.ingest.when import Times
from models.ingest.written import Written, of_instants, read

Flags: TypeAlias = NDArray[np.bool_]
Instants: TypeAlias = NDArray[np.datetime64]
"""``datetime64[us]``, UTC; NaT where there is none."""

_ONE: Final = np.timedelta64(1, "us")
_DAY: Final = np.timedelta64(1, "D")
_EARLIEST, _LATEST = np.datetime64("1971-01-01", "D"), np.datetime64("2200-01-01", "D")
"""A date outside says that none was known (0001, 1900, 9999, epoch 0 in exports), or is a number of another unit."""
_NOTHING: Final = pa.array(["UNK", "UNKN", "UNKNOWN", "N/A", "NA", "NULL", "NONE", "NAN", "NAT", "-", "--", "?"])
"""What exports write where there is no time, in capitals."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What columns say of time, a row each: ``first`` and ``last`` possible moment; ``given``: something was written.

    ``repeated``, ``skipped``: a local time that the clocks have twice, or not at all. ``dated``: a date without a time
    of day; ``unknown``: a time of day that means none. ``placeholder``: a date that means none. ``midnight``: at 00:00
    by the local clock. Of what no format reads: ``swapped``, with day and month exchanged one would; ``other``, the
    number of the `TELLING` format that would (-1: none).
    """

    first: Instants
    last: Instants
    given: Flags
    repeated: Flags
    skipped: Flags
    dated: Flags
    unknown: Flags
    placeholder: Flags
    midnight: Flags
    swapped: Flags
    other: NDArray[np.int8]

    def taken(self, at: NDArray[np.int32]) -> "Parsed":
        """The rows at some positions."""
        return Parsed(*(getattr(self, name)[at] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class _Hints:
    swapped: Flags
    other: NDArray[np.int8]

    @staticmethod
    def none(size: int) -> "_Hints":
        return _Hints(np.zeros(size, bool), np.full(size, -1, np.int8))


def parse(table: Table, columns: Sequence[str], times: Times, zone: str) -> Parsed:
    """Read times of one column, or of a date's and a time's. Raises UserError where a column holds no text."""
    values = table.column(columns[0])
    if len(columns) == 1 and (pa.types.is_timestamp(values.type) or pa.types.is_date(values.type)):
        found = of_instants(values)
        right = _plausible(found)
        placeholder = found.read & ~right
        found.date[placeholder] = np.datetime64("NaT", "D")
        return _parsed(found, right | placeholder, placeholder, _Hints.none(len(values)), times, zone)
    written, bare = _joined(table, columns, times)
    given = np.asarray(written.is_valid())
    if not repeat_much(written):
        return _of_texts(pc.fill_null(written, ""), bare & given, given, times, zone)
    distinct = Distinct.of(written)
    every = pa.concat_arrays([distinct.texts, pa.array([""], distinct.texts.type)])  # the last stands for none
    dates, some = _none(len(every)), ~_none(len(every))
    dates[distinct.at[bare & given]], some[-1] = True, False
    return _of_texts(every, dates, some, times, zone).taken(distinct.at)


def _none(size: int) -> Flags:
    return np.zeros(size, bool)


def _joined(table: Table, columns: Sequence[str], times: Times) -> tuple[Texts, Flags]:
    """The columns' texts in one, null where there is none, and where the time of a date's and a time's is missing."""
    parts = [_something(one(texts(table, column)), times) for column in columns]
    held = np.array([part.is_valid().to_numpy(zero_copy_only=False) for part in parts])
    date, *clock = parts
    if not clock:
        return date, _none(table.num_rows)
    broken = held & ~np.logical_and.accumulate(held)  # a part after one that is missing
    whole = pc.utf8_rtrim_whitespace(pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in parts), " "))
    return pc.if_else(pa.array(held[0] & ~broken.any(axis=0)), whole, pa.scalar(None, pa.string())), ~held[-1]


def _something(values: Texts, times: Times) -> Texts:
    """Texts without the words that say that there is none."""
    words = pa.concat_arrays([_NOTHING, pa.array(times.unknown_words, pa.string())])
    short = pc.fill_null(pc.less_equal(pc.utf8_length(values), pc.max(pc.utf8_length(words))), fill_value=False)
    if not pc.any(short).as_py():
        return values
    nothing = pc.is_in(pc.utf8_upper(pc.if_else(short, values, "")), value_set=words)
    return pc.if_else(nothing, pa.scalar(None, pa.string()), values)


def _of_texts(texts: Any, bare: Flags, given: Flags, times: Times, zone: str) -> Parsed:
    """Times of texts, empty where none is ``given``; ``bare``: without their time of day."""
    found, placeholder, left = Written.none(len(texts)), _none(len(texts)), np.arange(len(texts))
    for form in _forms(times):
        got = read(_some(texts, left), form, zone)
        right = _plausible(got)
        found = found.with_(left[right], got if right.all() else got.taken(np.flatnonzero(right)))
        placeholder[left[got.read & ~right]] = True
        left = left[~right]
        if not len(left):
            break
    found.day |= bare & (found.clock == np.timedelta64(0, "us"))
    found.offset[bare & found.day] = np.timedelta64("NaT", "us")
    hints = _Hints.none(len(texts))
    hints.swapped[left], hints.other[left] = _hints(_some(texts, left), times, zone)
    return _parsed(found, given, placeholder & ~found.read, hints, times, zone)


def _some(texts: Any, rows: NDArray[np.int64]) -> Any:
    """Some of the texts, in their order."""
    return texts if len(rows) == len(texts) else texts.take(pa.array(rows))


def _plausible(found: Written) -> Flags:
    return np.asarray((found.date >= _EARLIEST) & (found.date < _LATEST))


def _forms(times: Times) -> list[Form]:
    """The formats in their order, and after them each one's date alone."""
    dates = [form for form in map(date_form, times.formats) if form is not None]
    return [*map(form_of, times.formats), *dates]


def _hints(texts: Any, times: Times, zone: str) -> tuple[Flags, NDArray[np.int8]]:
    """Which texts a format would read, were its day and its month exchanged; and the telling format that reads each."""
    swapped, other = _none(len(texts)), np.full(len(texts), -1, np.int8)
    for name in times.formats:
        if name not in PLAIN and "%m" in name and "%d" in name:
            exchanged = name.replace("%m", "%\0").replace("%d", "%m").replace("%\0", "%d")
            swapped |= _plausible(read(texts, form_of(exchanged), zone))
    for number, name in enumerate(TELLING):
        other[(other < 0) & _plausible(read(texts, form_of(name), zone))] = number
    return swapped, other


def _parsed(written: Written, given: Flags, placeholder: Flags, hints: _Hints, times: Times, zone: str) -> Parsed:
    """Instants of times as they are written."""
    if times.offsets == "ignore":
        written.offset[:] = np.timedelta64("NaT", "us")
    dated = written.day.copy()
    date, clock = _local(written, zone)
    midnight = written.read & ~written.day & (clock == np.timedelta64(0, "us"))
    unknown = _unknown(written, date, clock, times)
    wall = written.date.astype("datetime64[us]") + np.where(written.day, np.timedelta64(0, "us"), written.clock)
    first, last, repeated, skipped = _either(wall, written.offset, zone)
    if written.day.any():
        end = _either(np.where(written.day, wall + _DAY - _ONE, np.datetime64("NaT", "us")), written.offset, zone)[1]
        last = np.where(written.day, end, last)
    clocked = ~written.day
    dated &= written.read
    return Parsed(
        first,
        last,
        given,
        repeated & clocked,
        skipped & clocked,
        dated,
        unknown,
        placeholder,
        midnight,
        hints.swapped,
        hints.other,
    )


def _unknown(written: Written, date: Any, clock: Any, times: Times) -> Flags:
    """Which times are at a clock that means unknown; they become their local day alone."""
    if not times.unknown_clocks:
        return _none(len(clock))
    unknown: Flags = np.isin(clock, np.array(times.unknown_clocks, "timedelta64[us]")) & written.read & ~written.day
    written.date[unknown], written.clock[unknown] = date[unknown], np.timedelta64(0, "us")
    written.offset[unknown] = np.timedelta64("NaT", "us")
    written.day |= unknown
    return unknown


def _local(written: Written, zone: str) -> tuple[Any, Any]:
    """The date and the clock of times by a zone's clocks; 24:00 as it is written."""
    if np.isnat(written.offset).all():
        return written.date, written.clock
    exact = written.date.astype("datetime64[us]") + written.clock - written.offset
    told = ~np.isnat(exact)
    place = ZoneInfo(zone)
    local = np.asarray(pd.DatetimeIndex(exact).tz_localize("UTC").tz_convert(place).tz_localize(None), "datetime64[us]")
    date = local.astype("datetime64[D]")
    clock = local - date.astype("datetime64[us]")
    return np.where(told, date, written.date), np.where(told, clock, written.clock)


def _either(wall: Instants, offset: NDArray[np.timedelta64], zone: str) -> tuple[Instants, Instants, Flags, Flags]:
    """Earliest and latest instant of times by their offset, or else by the local clocks, and what these do there."""
    if np.isnat(offset).all():
        return by_clocks(wall, zone)
    exact = wall - offset
    told = ~np.isnat(exact)
    first, last, repeated, skipped = by_clocks(np.where(told, np.datetime64("NaT", "us"), wall), zone)
    return np.where(told, exact, first), np.where(told, exact, last), repeated, skipped
