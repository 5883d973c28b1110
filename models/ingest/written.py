"""Texts become times as they are written: a date, a clock, an offset. Whole columns at once.

Must not know which zone a time without an offset is in, nor what a missing clock means.
"""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from models.ingest.formats import Form
from models.ingest.offsets import offset_of
from models.ingest.shapes import Fields, by_shape
from models.ingest.values import Distinct

Flags: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = Any
"""A `pyarrow.Array` of strings."""
Ints: TypeAlias = NDArray[np.int64]

_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEK: Final = 7
_THURSDAY: Final = 3
"""Days after Monday: what 1970 began with, and what says which year a week is of."""
_CENTURY: Final = 69
"""Of two digits, POSIX: 69 to 99 are of the 20th century."""
_NONE: Final = -1
_SECOND: Final = 1_000_000
_DAY: Final = 86_400 * _SECOND
_UNIT: Final = {"epoch_s": _SECOND, "epoch_ms": 1000}
_EXCEL: Final = np.datetime64("1899-12-30", "D")
"""Day 0 of spreadsheets: ECMA-376 part 1, 18.17.4.1 (the 1900 date base, from March 1900 on)."""
_COARSEST: Final = 1000.0
"""Seconds. A number in scientific notation whose last digit is worth more has lost its time (1.70932E+12)."""
_LATEST: Final = 2.0**53


@dataclass(slots=True)
class Written:
    """Of each text: ``date``, ``clock`` after its midnight (24:00 is a day) and ``offset``, NaT where it has none.

    A text that is not in the form has no date; one whose form has no clock is ``day``.
    """

    date: NDArray[np.datetime64]
    clock: NDArray[np.timedelta64]
    offset: NDArray[np.timedelta64]
    day: Flags

    @staticmethod
    def none(size: int) -> "Written":
        """Nothing was read of some texts."""
        length = np.full(size, "NaT", "timedelta64[us]")
        return Written(np.full(size, "NaT", "datetime64[D]"), length, length.copy(), np.zeros(size, bool))

    def with_(self, where: NDArray[np.int64], other: "Written") -> "Written":
        """These, changed, with another's times for some of the texts, in their order; the other's where it has all."""
        if len(where) == len(self.date):
            return other
        for mine, theirs in zip(self.columns, other.columns, strict=True):
            mine[where] = theirs
        return self

    def taken(self, at: NDArray[np.int64]) -> "Written":
        """Those at some positions, in that order."""
        return Written(*(column[at] for column in self.columns))

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """The four, parallel."""
        return self.date, self.clock, self.offset, self.day

    @property
    def read(self) -> Flags:
        """Which texts were read."""
        return np.asarray(~np.isnat(self.date))


def read(texts: Texts, form: Form, zone: str) -> Written:
    """Read texts in a form; names of zones as the export's zone has them."""
    found = Written.none(len(texts))
    unread = np.ones(len(texts), bool)
    for rows, fields in by_shape(texts, form.shaped) if form.shaped else ():
        if fields is not None:
            found = found.with_(rows, _of(fields, len(rows), form, zone))
            unread[rows] = False
    left = np.flatnonzero(unread)
    for pattern in form.patterns:
        if not len(left):
            break
        groups = pc.extract_regex(texts.take(pa.array(left)), pattern)
        here = np.asarray(groups.is_valid())
        if here.any():
            fields = _fields(groups.filter(pa.array(here)))
            found = found.with_(left[here], _of(fields, int(here.sum()), form, zone))
        left = left[~here]
    return found


def _fields(groups: Any) -> Fields:
    """Each group's texts; of the places for one group, the one that is not empty."""
    found: Fields = {}
    for field in groups.type:
        name, values = field.name.rstrip("23"), groups.field(field.name)
        if name in found:
            values = pc.if_else(pc.equal(found[name], ""), values, found[name])
        found[name] = values
    return found


def _of(fields: Fields, size: int, form: Form, zone: str) -> Written:
    if "number" in fields:
        return _epoch(fields, _UNIT[form.name])
    if "serial" in fields:
        return _serial(fields)
    date, clock = _date(fields, size), _clock(fields, size, form.half_day)
    offset, wrong = _offset(fields, size, zone)
    bad = np.isnat(date) | (clock < _NONE) | wrong
    date[bad] = np.datetime64("NaT")
    day = clock == _NONE
    return Written(date, np.where(day, 0, clock).astype("timedelta64[us]"), offset, day)


def _ints(fields: Fields, name: str, size: int, none: int = _NONE) -> Ints:
    """A group's numbers; ``none`` where it is empty or the form has none."""
    if name not in fields:
        return np.full(size, none, np.int64)
    values = fields[name]
    if isinstance(values, np.ndarray):
        return values
    numbers = pc.if_else(pc.equal(values, ""), str(none), values).cast(pa.int64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False))


def _date(fields: Fields, size: int) -> NDArray[np.datetime64]:
    year, short = _ints(fields, "Y", size), _ints(fields, "y", size)
    year = np.where(year < 0, short + np.where(short >= _CENTURY, 1900, 2000), year)
    date, day, week = _of_month(fields, year, size), _ints(fields, "j", size), _ints(fields, "V", size)
    if "j" in fields:
        date = np.where(day == _NONE, date, _of_year(year, day))
    if "V" in fields:
        date = np.where(week == _NONE, date, _of_week(year, week, _ints(fields, "u", size)))
    return date


def _of_month(fields: Fields, year: Ints, size: int) -> NDArray[np.datetime64]:
    month, day = _month(fields, size), _ints(fields, "d", size)
    months = (year - 1970) * 12 + month - 1
    first, last = (months.min(), months.max()) if size else (0, 0)
    starts = np.arange(first, last + 2).astype("datetime64[M]").astype("datetime64[D]")
    date = starts[months - first] + (day - 1)
    right = (month >= 1) & (month <= len(_MONTHS)) & (day >= 1) & (date < starts[months - first + 1])
    return np.where(right, date, np.datetime64("NaT"))


def _of_year(year: Ints, day: Ints) -> NDArray[np.datetime64]:
    """Days of the year, from 1 on."""
    date = _starts(year) + (day - 1)
    return np.where(date.astype("datetime64[Y]") == _starts(year), date, np.datetime64("NaT"))


def _of_week(year: Ints, week: Ints, weekday: Ints) -> NDArray[np.datetime64]:
    """Weeks from Monday on; the first has the year's 4 January (ISO 8601)."""
    fourth = _starts(year) + 3
    monday = fourth - (fourth.astype(np.int64) + _THURSDAY) % _WEEK + (week - 1) * _WEEK
    in_year = (week >= 1) & ((monday + _THURSDAY).astype("datetime64[Y]") == _starts(year))
    right = in_year & (weekday >= 1) & (weekday <= _WEEK)
    return np.where(right, monday + (weekday - 1), np.datetime64("NaT"))


def _starts(year: Ints) -> NDArray[np.datetime64]:
    """The first day of each year."""
    return (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")


def _month(fields: Fields, size: int) -> Ints:
    if "b" not in fields:
        return _ints(fields, "m", size)
    numbers = {name: number for number, name in enumerate(_MONTHS, start=1)}
    return Distinct.of(fields["b"]).each(lambda name: numbers.get(name[:3].upper(), _NONE), _NONE, np.int64)


def _clock(fields: Fields, size: int, half_day: bool) -> Ints:
    """Microseconds after midnight; -1 where there is no clock, -2 where it is none."""
    joined = next((name for name in ("hm", "hms") if name in fields), None)
    if joined:
        number = _ints(fields, joined, size)
        seconds = number % 100 if joined == "hms" else np.zeros(size, np.int64)
        number = number // 100 if joined == "hms" else number
        hour, minute = number // 100, number % 100
    else:
        hour, minute, seconds = (_ints(fields, name, size) for name in "HMS")
    none = hour < 0
    minute, seconds = np.maximum(minute, 0), np.maximum(seconds, 0)
    hour, wrong = _hour(fields, hour, half_day)
    micro = ((hour * 60 + minute) * 60 + seconds) * _SECOND + _fraction(fields, size)
    wrong |= (minute >= 60) | (seconds >= 60) | (micro > _DAY)  # noqa: PLR2004 - a clock's
    return np.where(none, _NONE, np.where(wrong, _NONE - 1, micro))


def _hour(fields: Fields, hour: Ints, half_day: bool) -> tuple[Ints, Flags]:
    """The hour of 24, by AM and PM where they are written, and where it can't be."""
    if "p" not in fields:
        return hour, np.zeros(len(hour), bool)
    noon = 12
    after: Flags = Distinct.of(fields["p"]).each(lambda half: "P" in half.upper(), missing=False, kind=bool)
    wrong = (hour > noon) & (~after | half_day)
    return np.where(hour > noon, hour, hour % noon + noon * after), wrong


def _fraction(fields: Fields, size: int) -> Ints:
    if "f" not in fields:
        return np.zeros(size, np.int64)
    digits = fields["f"]
    if isinstance(digits, np.ndarray):
        return digits
    return _ints({"f": pc.utf8_slice_codeunits(pc.utf8_rpad(digits, 6, "0"), 0, 6)}, "f", size, 0)


def _offset(fields: Fields, size: int, zone: str) -> tuple[NDArray[np.timedelta64], Flags]:
    """Each text's offset, and where what is written is none."""
    none = np.full(size, "NaT", "timedelta64[us]")
    if "z" not in fields:
        return none, np.zeros(size, bool)
    coded = Distinct.of(fields["z"])
    offset = coded.each(lambda text: offset_of(text, zone) if text else None, None, "timedelta64[us]")
    return offset, coded.each(bool, missing=False, kind=bool) & np.isnat(offset)


def _epoch(fields: Fields, unit: int) -> Written:
    """Seconds or milliseconds since 1970, UTC."""
    number = _floats(fields["number"])
    power, digits = _ints(fields, "power", len(number)), np.asarray(pc.utf8_length(fields["digits"]))
    coarse = (power >= 0) & (10.0 ** (power - digits) * unit > _COARSEST * _SECOND)
    told = (np.abs(number * unit) < _LATEST) & ~coarse
    micro = np.round(np.where(told, number, 0.0) * unit).astype(np.int64)
    found = _instants(micro.astype("datetime64[us]"), told)
    found.offset[told] = np.timedelta64(0, "us")
    return found


def _serial(fields: Fields) -> Written:
    """Days since 1899-12-30 by the local clock, to a second; one without a fraction is a date."""
    serial, rest = _floats(fields["serial"]), fields["rest"]
    given = np.asarray(pc.not_equal(rest, ""))
    days = serial + _floats(pc.if_else(pc.equal(rest, ""), "0", rest))
    seconds = np.round(days * 86_400).astype(np.int64)
    found = _instants(_EXCEL.astype("datetime64[us]") + (seconds * _SECOND).astype("timedelta64[us]"), None)
    found.day[:] = (serial == np.floor(serial)) & ~given
    return found


def _floats(texts: Texts) -> NDArray[np.float64]:
    return np.asarray(texts.cast(pa.float64()).to_numpy(zero_copy_only=False))


def _instants(micro: NDArray[np.datetime64], told: Flags | None) -> Written:
    found = Written.none(len(micro))
    date = micro.astype("datetime64[D]")
    found.date[:] = date if told is None else np.where(told, date, np.datetime64("NaT"))
    found.clock[:] = micro - date.astype("datetime64[us]")
    return found


def of_instants(values: Any) -> Written:
    """Times of a column that are times already: by the local clock, or (with a zone) with an offset.

    A column of dates has no clock.
    """
    zone = getattr(values.type, "tz", None)
    micro = np.asarray(pc.cast(values, pa.timestamp("us", zone), safe=False).to_numpy(), "datetime64[us]")
    if zone is None:
        found = _instants(micro, None)
    else:
        wall = np.asarray(
            pc.local_timestamp(pc.cast(values, pa.timestamp("us", zone), safe=False)).to_numpy(), "datetime64[us]"
        )
        found = _instants(wall, None)
        found.offset[:] = wall - micro
    found.day[:] = pa.types.is_date(values.type)
    return found
