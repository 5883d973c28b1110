"""Weather of one station (NOAA GHCN-Daily) by date, and its normals by day of the year.

What is known at 00:00 is a forecast, and nobody keeps old ones here: in training a date's observed value stands in
for its forecast; in the car the context brings the forecast, and without one the normal stands. Must not invent a
normal for a date that has none.
"""

import csv
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from edge.errors import UserError
from edge.risk.feature_column import Column
from models.sources.document import WeatherDoc
from models.sources.points import open_text
from models.sources.provenance import Part, Provenance

GROUP: Final = "weather"
ELEMENTS: Final = {
    "TMAX": ("weather_tmax", "highest temperature", "°C", 10.0),
    "TMIN": ("weather_tmin", "lowest temperature", "°C", 10.0),
    "PRCP": ("weather_prcp", "rain and melted snow", "mm", 10.0),
    "SNOW": ("weather_snow", "snow that fell", "mm", 1.0),
}
"""Element: the column's name, what it says, its unit, and how many of the file's units make one."""

STAND_IN: Final = "the date's observed value stands in for its forecast in training"
_NORMAL: Final = "_normal"
_WINDOW: Final = 7
_DIGITS: Final = 1
_LEAP: Final = 2000
_FIELDS: Final = 8

Readings = Mapping[date, float]


def weather_parts(document: WeatherDoc, folder: Path, dates: Sequence[date]) -> list[Part]:
    """Each element (observed, else normal) and the normal of the highest temperature.

    Raises UserError where the file or a normal is lacking.
    """
    path = folder / document.file
    readings = read_station(path, document.station)
    known = Provenance.of(document)
    found: list[Part] = []
    for element in ELEMENTS:
        normal = _normals(path, element, readings[element], document.normal_years)
        mean = round(float(np.mean([normal[key] for key in sorted(normal)])), _DIGITS)
        for column in weather_columns(element, mean, known):
            seen = {} if column.name.endswith(_NORMAL) else readings[element]
            found.append((column, _rounded([seen.get(day, normal[_day_of_year(day)]) for day in dates])))
    return found


def weather_columns(element: str, mean: float, known: Provenance) -> list[Column]:
    """An element's column, and its normal's where that is one; ``mean`` of the normals is what is missing."""
    name, definition, unit, _ = ELEMENTS[element]
    text = f"{definition}, forecast for the date ({STAND_IN}); its normal where none is known"
    columns = [Column(name, GROUP, text, unit, mean, *known.fields)]
    if element == "TMAX":
        text = f"{definition}, normal of the day of the year"
        columns.append(Column(f"{name}{_NORMAL}", GROUP, text, unit, mean, *known.fields))
    return columns


def read_station(path: Path, station: str) -> dict[str, dict[date, float]]:
    """Each element's values by date, in the columns' units; rows with a quality flag are left out.

    The file is GHCN-Daily's by-year form (no heading; ID, DATE, ELEMENT, VALUE, MFLAG, QFLAG, SFLAG, TIME), one year
    or many after each other. Raises UserError for a file of another form, or without the station.
    """
    found: dict[str, dict[date, float]] = {element: {} for element in ELEMENTS}
    seen = False
    for line, row in _rows(path):
        if row[0] != station:
            continue
        seen = True
        _, on, element, value, _, quality, *_ = row
        if element in ELEMENTS and not quality.strip():
            try:
                found[element][date.fromisoformat(on)] = int(value) / ELEMENTS[element][3]
            except ValueError as error:
                msg = (
                    f"{path}: line {line} does not have a date such as 20180131, or a whole number, where GHCN-Daily "
                    "has them"
                )
                raise UserError(msg) from error
    if not seen:
        msg = f"{path}: no rows for station {station!r}; correct weather.station, or give that station's file"
        raise UserError(msg)
    return found


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    with open_text(path) as file:
        try:
            for line, row in enumerate(csv.reader(file), start=1):
                if len(row) != _FIELDS:
                    msg = f"{path}: line {line} has {len(row)} fields, but GHCN-Daily by year has {_FIELDS}"
                    raise UserError(msg)
                yield line, row
        except (csv.Error, UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
            msg = f"{path}: not a UTF-8 CSV ({error}); give GHCN-Daily's file by year"
            raise UserError(msg) from error


def _normals(path: Path, element: str, readings: Readings, years: tuple[int, int]) -> dict[tuple[int, int], float]:
    """The mean over the years of 15 days around each day of the year. Raises UserError where a day has none."""
    sums: dict[tuple[int, int], list[float]] = {}
    for day, value in readings.items():
        if years[0] <= day.year <= years[1]:
            sums.setdefault(_day_of_year(day), []).append(value)
    normal: dict[tuple[int, int], float] = {}
    for start in (date(_LEAP, 1, 1) + timedelta(days=offset) for offset in range(366)):
        near = (start + timedelta(days=offset) for offset in range(-_WINDOW, _WINDOW + 1))
        values = sorted(value for day in near for value in sums.get(_day_of_year(day), ()))
        if not values:
            msg = (
                f"{path}: no {element} around {start:%B} {start.day} in {years[0]}–{years[1]}; "
                "give more years in weather.normal_years, or another station"
            )
            raise UserError(msg)
        normal[_day_of_year(start)] = sum(values) / len(values)
    return normal


def _day_of_year(day: date) -> tuple[int, int]:
    return day.month, day.day


def _rounded(values: Sequence[float]) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    return np.asarray(np.round(np.array(values), _DIGITS), dtype=np.float32)
