"""The fields of pynmea2's messages as values; what is no value is None, or is named. It never raises."""

import math
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final, TypeAlias

from pynmea2.nmea_utils import dm_to_sd

from edge.vehicle.gps.quality import WORST

Place: TypeAlias = tuple[str, ...]
"""Latitude, N or S, longitude, E or W, as sent."""

Position: TypeAlias = tuple[float, float] | str
"""Degrees, or the name of what is wrong."""

NOWHERE: Final[Place] = ("", "", "", "")


def clock_of(stamp: object) -> int | None:
    """Milliseconds of the day; None for what pynmea2 could not read."""
    if not isinstance(stamp, time):
        return None
    return ((stamp.hour * 60 + stamp.minute) * 60 + stamp.second) * 1000 + round(stamp.microsecond / 1000)


def day_of(value: object) -> date | None:
    """A date, from one or from its year, month and day; None for what is none."""
    if isinstance(value, tuple):
        try:
            return date(*value)
        except (TypeError, ValueError):
            return None
    return value if isinstance(value, date) else None


def utc_of(day: date, clock: int) -> float:
    """POSIX seconds of a time of a day."""
    return datetime.combine(day, time(), UTC).timestamp() + clock / 1000


def position_of(place: Place) -> Position:
    """Degrees of a latitude and a longitude with their sides; pynmea2 raises on letters, and gives 0.0 for nothing."""
    lat, north, lon, east = place if len(place) == len(NOWHERE) else NOWHERE
    if not (lat and lon):
        return "no_position"
    if north not in ("N", "S") or east not in ("E", "W"):
        return "bad_position"
    try:
        latitude, longitude = dm_to_sd(lat), dm_to_sd(lon)
    except ValueError:
        return "bad_position"
    return -latitude if north == "S" else latitude, -longitude if east == "W" else longitude


def error_of(latitude: object, longitude: object) -> float | None:
    """Distance r.m.s. in metres of two standard deviations; None where one of them is not given."""
    north, east = number_of(latitude), number_of(longitude)
    return min(math.hypot(north, east), WORST) if north and east else None


def number_of(value: object) -> float | None:
    """A finite number that is not negative, or None."""
    if not isinstance(value, str | float | Decimal):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
