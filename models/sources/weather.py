"""Weather of one station by date, and its normals by day of the year.

What is known at 00:00 is a forecast, and nobody keeps old ones here: in training a date's observed value stands in
for its forecast; in the car the context brings the forecast, and without one the normal stands. Must not invent a
normal for a date that has none.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from edge.errors import UserError
from edge.risk.feature_column import Column
from models.sources.document import WeatherDoc
from models.sources.provenance import Part, Provenance
from models.sources.station_file import Station, read_station

GROUP: Final = "weather"
ELEMENTS: Final = {
    "TMAX": ("weather_tmax", "highest temperature", "°C"),
    "TMIN": ("weather_tmin", "lowest temperature", "°C"),
    "PRCP": ("weather_prcp", "rain and melted snow", "mm"),
    "SNOW": ("weather_snow", "snow that fell", "mm"),
}
"""Element: the column's name, what it says, and its unit."""

STAND_IN: Final = "the date's observed value stands in for its forecast in training"
_NORMAL: Final = "_normal"
_WINDOW: Final = 7
_DIGITS: Final = 1
_LEAP: Final = 2000

Readings = Mapping[date, float]
Normal = dict[tuple[int, int], float]


def weather_parts(document: WeatherDoc, folder: Path, dates: Sequence[date], notes: list[str]) -> list[Part]:
    """Each element (observed, else normal) and the normal of the highest temperature.

    An element that the station does not have all the year round is left out, and noted; so are dates without a
    reading. Raises UserError where the file is lacking, or no element has its normals.
    """
    path = folder / document.file
    readings = read_station(path, document.station, document.units)
    normals, lacking = _with_normals(path, readings, document.normal_years)
    if not normals:
        raise UserError(lacking[0])
    notes += [f"weather: {reason}; its column is left out" for reason in lacking]
    notes += _gaps({element: readings[element] for element in normals}, dates)
    known = Provenance.of(document)
    found: list[Part] = []
    for element, normal in normals.items():
        mean = round(float(np.mean([normal[key] for key in sorted(normal)])), _DIGITS)
        for column in weather_columns(element, mean, known):
            seen = {} if column.name.endswith(_NORMAL) else readings[element]
            found.append((column, _rounded([seen.get(day, normal[_day_of_year(day)]) for day in dates])))
    return found


def _with_normals(path: Path, readings: Station, years: tuple[int, int]) -> tuple[dict[str, Normal], list[str]]:
    """The normals of each element that has them, and why the others have none."""
    normals: dict[str, Normal] = {}
    lacking: list[str] = []
    for element in ELEMENTS:
        try:
            normals[element] = _normals(path, element, readings[element], years)
        except UserError as error:
            lacking.append(str(error))
    return normals, lacking


def _gaps(readings: Mapping[str, Readings], dates: Sequence[date]) -> list[str]:
    """A note on the dates up to the last reading for which an element has none."""
    last = max((day for each in readings.values() for day in each), default=dates[0])
    past = [day for day in dates if day <= last]
    missing = {element: sum(day not in each for day in past) for element, each in readings.items()}
    listed = ", ".join(f"{element} {count}" for element, count in missing.items() if count)
    if not listed:
        return []
    return [f"weather: of {len(past)} dates through {past[-1]} without a reading, where the normal stands: {listed}"]


def weather_columns(element: str, mean: float, known: Provenance) -> list[Column]:
    """An element's column, and its normal's where that is one; ``mean`` of the normals is what is missing."""
    name, definition, unit = ELEMENTS[element]
    text = f"{definition}, forecast for the date ({STAND_IN}); its normal where none is known"
    columns = [Column(name, GROUP, text, unit, mean, *known.fields)]
    if element == "TMAX":
        text = f"{definition}, normal of the day of the year"
        columns.append(Column(f"{name}{_NORMAL}", GROUP, text, unit, mean, *known.fields))
    return columns


def _normals(path: Path, element: str, readings: Readings, years: tuple[int, int]) -> Normal:
    """The mean over the years of 15 days around each day of the year. Raises UserError where a day has none."""
    sums: dict[tuple[int, int], list[float]] = {}
    for day, value in readings.items():
        if years[0] <= day.year <= years[1]:
            sums.setdefault(_day_of_year(day), []).append(value)
    normal: Normal = {}
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
