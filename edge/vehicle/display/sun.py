"""How high the sun stands. Must not decide anything by it."""

from datetime import UTC, datetime
from math import degrees

import ephem


def altitude(lat: float, lon: float, utc: float) -> float:
    """The altitude of the sun's center, degrees above the horizon, without refraction, at a place (degrees) and time.

    ``utc``: POSIX seconds. From `ephem` (VSOP87; MIT), whose fields take degrees as text.
    """
    observer = ephem.Observer()
    observer.lat, observer.lon = str(lat), str(lon)
    observer.date = ephem.Date(datetime.fromtimestamp(utc, UTC).replace(tzinfo=None))
    observer.pressure = 0.0
    return degrees(float(ephem.Sun(observer).alt))
