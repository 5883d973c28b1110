"""A weather station's file as NOAA gives it: readings by element and date, in °C and mm.

Three forms: GHCN-Daily by year (a row an element, with or without a heading), and NCEI's daily summaries (a row a
date, a column an element), whose units the file does not say. Only the named columns are read. Must not fill a gap.
"""

import csv
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

from edge.errors import UserError
from models.sources.document import WeatherUnits
from models.sources.points import open_text

TEMPERATURES: Final = ("TMAX", "TMIN")
FALLEN: Final = ("PRCP", "SNOW")
ELEMENTS: Final = (*TEMPERATURES, *FALLEN)
MISSING: Final = -9999.0
"""What NOAA writes where nothing was read, whatever the unit."""

_TENTHS: Final = {"TMAX": 10.0, "TMIN": 10.0, "PRCP": 10.0, "SNOW": 1.0}
"""How many of GHCN-Daily's own units make one."""

_POSSIBLE: Final = {"TMAX": (-90.0, 60.0), "TMIN": (-90.0, 60.0), "PRCP": (0.0, 2000.0), "SNOW": (0.0, 3000.0)}
"""°C and mm a day: the World Meteorological Organization's records, rounded up."""

_INCH: Final = 25.4
_FIELDS: Final = 8
_DLY: Final = 269
"""Characters of a line of GHCN-Daily's fixed-width form."""

Station: TypeAlias = dict[str, dict[date, float]]


@dataclass(frozen=True, slots=True)
class _Form:
    """Where a row has what: indices of station and date, and of each element's value and flags (-1: none).

    ``element``: the index of the element's name where a row has one element only.
    """

    station: int
    date: int
    value: Mapping[str, int]
    flags: Mapping[str, int]
    element: int | None
    units: WeatherUnits


def read_station(path: Path, station: str, units: WeatherUnits | None = None) -> Station:
    """Each element's values by date; rows with a quality flag, and what is missing, are left out.

    Raises UserError for a file of another form, without the station, or with what no weather can be.
    """
    found: Station = {element: {} for element in ELEMENTS}
    seen = False
    rows = _rows(path)
    first = next(rows, None)
    if first is None:
        msg = f"{path}: empty; give GHCN-Daily's file by year"
        raise UserError(msg)
    form, headed = _form(path, first[1], units)
    for line, row in rows if headed else _again(first, rows):
        _check_length(path, line, row, first[1])
        if row[form.station].strip() == station:
            seen = True
            _add(found, f"{path}: line {line}", row, form)
    if not seen:
        msg = f"{path}: no rows for station {station!r}; correct weather.station, or give that station's file"
        raise UserError(msg)
    return found


def _again(first: tuple[int, list[str]], rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    yield first
    yield from rows


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    with open_text(path) as file:
        try:
            reader = csv.reader(file)
            for row in reader:
                if row:
                    yield reader.line_num, row
        except (csv.Error, UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
            msg = f"{path}: not a UTF-8 CSV ({error}); give GHCN-Daily's file by year"
            raise UserError(msg) from error


def _form(path: Path, first: Sequence[str], units: WeatherUnits | None) -> tuple[_Form, bool]:
    """The form of a file by its first line, and whether that is a heading."""
    names = [name.strip().upper().replace(" ", "_").replace("-", "_") for name in first]
    if "ELEMENT" in names and "DATE" in names:
        form = _of_elements(path, names)
    elif {"STATION", "DATE"} <= set(names) and set(ELEMENTS) & set(names):
        return _of_dates(path, names, units), True
    elif len(first) == _FIELDS:
        form = _Form(0, 1, dict.fromkeys(ELEMENTS, 3), dict.fromkeys(ELEMENTS, 5), 2, "tenths")
    else:
        hint = "; this looks like its fixed-width .dly" if len(first[0]) >= _DLY else ""
        msg = (
            f"{path}: line 1 has {len(first)} fields, but GHCN-Daily by year has {_FIELDS}, and NCEI's daily summaries "
            f"have STATION, DATE and a column an element{hint}; give one of the two as CSV"
        )
        raise UserError(msg)
    if units not in (None, "tenths"):
        msg = f"{path}: GHCN-Daily by year is in tenths of °C and mm; remove weather.units"
        raise UserError(msg)
    return form, "ELEMENT" in names


def _of_elements(path: Path, names: Sequence[str]) -> _Form:
    """A row an element, by its heading."""

    def at(*called: str) -> int:
        return next((names.index(name) for name in called if name in names), -1)

    station, value = at("ID", "STATION", "STATION_ID"), at("DATA_VALUE", "VALUE", "DATAVALUE")
    if -1 in (station, value):
        msg = f"{path}: line 1 names no ID or no DATA_VALUE; name the columns as GHCN-Daily does"
        raise UserError(msg)
    flag = at("Q_FLAG", "QFLAG")
    form = dict.fromkeys(ELEMENTS, value), dict.fromkeys(ELEMENTS, flag)
    return _Form(station, at("DATE"), *form, at("ELEMENT"), "tenths")


def _of_dates(path: Path, names: Sequence[str], units: WeatherUnits | None) -> _Form:
    """A row a date; what its numbers are only ``weather.units`` says."""
    if units is None:
        msg = (
            f"{path}: does not say its units; add weather.units: 'standard' (°F and inches), 'metric' (°C and mm) or "
            "'tenths' (of °C and mm, as in the access folder)"
        )
        raise UserError(msg)
    places = {element: names.index(element) for element in ELEMENTS if element in names}
    flags = {
        element: names.index(f"{element}_ATTRIBUTES") if f"{element}_ATTRIBUTES" in names else -1 for element in places
    }
    return _Form(names.index("STATION"), names.index("DATE"), places, flags, None, units)


def _check_length(path: Path, line: int, row: Sequence[str], first: Sequence[str]) -> None:
    if len(row) != len(first):
        msg = f"{path}: line {line} has {len(row)} fields, but the first has {len(first)}; correct it"
        raise UserError(msg)


def _add(found: Station, what: str, row: Sequence[str], form: _Form) -> None:
    """A row's readings that are there and not flagged. Raises UserError where one is no reading."""
    elements = form.value if form.element is None else (row[form.element].strip(),)
    for element in elements:
        if element not in found or _flagged(row, form, element):
            continue
        text = row[form.value[element]].strip()
        try:
            on, value = date.fromisoformat(row[form.date].strip()), float(text or MISSING)
        except ValueError as error:
            msg = f"{what} does not have a date such as 20180131, or a number, where GHCN-Daily has them"
            raise UserError(msg) from error
        if value != MISSING:
            found[element][on] = _possible(what, element, _converted(element, value, form.units), text)


def _flagged(row: Sequence[str], form: _Form, element: str) -> bool:
    """Whether the reading failed a check of quality: in a column of its own, or the second of several flags."""
    at = form.flags[element]
    if at < 0:
        return False
    flags = row[at].split(",")
    return bool(flags[1 if form.element is None and len(flags) > 1 else 0].strip())


def _converted(element: str, value: float, units: WeatherUnits) -> float:
    """°C or mm."""
    if units == "tenths":
        return value / _TENTHS[element]
    if units == "metric":
        return value
    return (value - 32.0) / 1.8 if element in TEMPERATURES else value * _INCH


def _possible(what: str, element: str, value: float, text: str) -> float:
    low, high = _POSSIBLE[element]
    if not low <= value <= high:  # NaN is no weather either
        msg = f"{what}: {element} {text} is not possible; leave it empty where it is missing, or correct weather.units"
        raise UserError(msg)
    return value
