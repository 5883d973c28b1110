"""The city that a time zone is named for, by the IANA time zone database's own table, and how far places are apart.

Must not decide what is too far.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np


def arc(one: tuple[Any, Any], other: tuple[Any, Any]) -> Any:
    """Degrees of arc between two places, longitude first; each a number or an array."""
    (lon, lat), (lon2, lat2) = (np.radians(one), np.radians(other))
    cosine = np.sin(lat) * np.sin(lat2) + np.cos(lat) * np.cos(lat2) * np.cos(lon - lon2)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


@cache
def zone_place(zone: str) -> tuple[float, float] | None:
    """Longitude and latitude of the city a zone is named for, by the IANA database; None where it has none."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        fields = line.split("\t")
        if not line.startswith("#") and fields[2] == zone:
            return _place(fields[1])
    return None


def _place(text: str) -> tuple[float, float]:
    """``±DDMM±DDDMM``, or with seconds: latitude, then longitude."""
    at = max(text.rfind("+"), text.rfind("-"))
    return _angle(text[at:], 3), _angle(text[:at], 2)


def _angle(text: str, whole: int) -> float:
    digits = text[1:]
    minutes, seconds = digits[whole : whole + 2], digits[whole + 2 :] or "0"
    angle = int(digits[:whole]) + int(minutes) / 60.0 + int(seconds) / 3600.0
    return -angle if text.startswith("-") else angle
