"""Where on earth a time zone is: its main city, by the time zone database's own table.

It tells positions that can't be meant (axes exchanged) from those that can, where a mapping has no bounds. Must not
decide what becomes of them.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

NEAR_KM: Final = 4000.0
"""Farther from its main city no place of a zone is, but a few islands (Aleutians: 2,000 km; Urumqi: 3,300 km)."""
_EARTH_KM: Final = 6371.0
_PLACE: Final = re.compile(r"(?P<lat>[+-]\d{4,6})(?P<lon>[+-]\d{5,7})")


@cache
def city_of(zone: str) -> tuple[float, float] | None:
    """Latitude and longitude of a zone's main city; None where the table has none (``UTC``, old names)."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        fields = line.split("\t")
        if not line.startswith("#") and fields[2] == zone and (found := _PLACE.fullmatch(fields[1])):
            return _degrees(found["lat"], 2), _degrees(found["lon"], 3)
    return None


def near(zone: str, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    """Which positions are within `NEAR_KM` of a zone's main city; None where that is not known."""
    city = city_of(zone)
    if city is None:
        return None
    here, there = np.radians(lat), np.radians(city[0])
    turn = np.radians(lon - city[1])
    cosine = np.sin(here) * np.sin(there) + np.cos(here) * np.cos(there) * np.cos(turn)
    return np.asarray(_EARTH_KM * np.arccos(np.clip(cosine, -1.0, 1.0)) < NEAR_KM)


def _degrees(text: str, digits: int) -> float:
    """Of ``+404251``: degrees, minutes and perhaps seconds."""
    whole, rest = text[1 : 1 + digits], text[1 + digits :]
    value = int(whole) + int(rest[:2]) / 60.0 + int(rest[2:] or 0) / 3600.0
    return -value if text[0] == "-" else value
