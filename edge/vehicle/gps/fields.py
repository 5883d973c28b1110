"""The fields of pynmea2's messages as values; what is no value is None, or is named. It never raises."""

import math
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from edge.vehicle.gps.quality import WORST
from edge.vehicle.gps.sentences import Position


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


def position_of(message: Any) -> Position:
    """Degrees; pynmea2 raises on letters, and gives 0.0 for what is empty or has no hemisphere."""
    if not (message.lat and message.lon):
        return "no_position"
    if message.lat_dir not in ("N", "S") or message.lon_dir not in ("E", "W"):
        return "bad_position"
    try:
        return message.latitude, message.longitude
    except ValueError:
        return "bad_position"


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
