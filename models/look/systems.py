"""Projected coordinate systems that put a position near a place: candidates by trial, never a guess from a name.

Must not know an export.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod, Proj
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import CRSError, ProjError

Numbers: TypeAlias = NDArray[np.float64]
Degrees: TypeAlias = tuple[float, float]
"""Latitude, longitude."""

_EARTH: Final = Geod(ellps="WGS84")
_NEAR_KM: Final = 100.0
_SAME_KM: Final = 0.05
"""Systems that agree so well (realisations of one datum) are one to a file of incidents."""
_LEVEL_KM: Final = 5.0
"""Among systems that are about as near, the one in common use comes first."""
_WIDEST: Final = 25.0
"""Degrees of longitude: what is made for more (a continent, the Earth) is no agency's."""
_DATUMS: Final = ("NAD83 /", "WGS 84 /", "NAD_1983_StatePlane", "NAD27 /", "NAD83(2011) /", "NAD83(HARN) /")
"""Of equals the first: what exports use most."""
_MERCATOR: Final = (4.0e6, 2.0038e7)
"""Metres from Greenwich: a state-plane or UTM easting is never so large and negative; nearer than this it could be."""


@dataclass(frozen=True)
class Candidate:
    """A system by its authority's code, its name, the place it gives, and how far that is from where it should be."""

    authority: str
    code: int
    name: str
    place: Degrees
    km: float


def away_km(one: Degrees, other: Degrees) -> float:
    """Kilometres between two places; infinite where one of them is none."""
    if not np.isfinite([*one, *other]).all() or max(abs(one[0]), abs(other[0])) > 90.0:  # noqa: PLR2004 - the poles
        return float("inf")
    return float(_EARTH.inv(one[1], one[0], other[1], other[0])[2]) / 1000.0


def web_mercator(position: tuple[float, float]) -> Candidate | None:
    """Web Mercator, where the numbers can be nothing else: far west of Greenwich, in metres."""
    x, y = position
    if not (-_MERCATOR[1] <= x <= -_MERCATOR[0] and abs(y) <= _MERCATOR[1]):
        return None
    place = _place("EPSG", 3857, position)
    return None if place is None else Candidate("EPSG", 3857, "WGS 84 / Pseudo-Mercator", place, 0.0)


def candidates(position: tuple[float, float], near: Degrees) -> list[Candidate]:
    """Systems that put a position within 100 km of a place, the nearest first; one of those that agree."""
    found: list[Candidate] = []
    for authority, code, name in (("EPSG", 3857, "WGS 84 / Pseudo-Mercator"), *_of_region(near)):
        place = _place(authority, code, position)
        if place is not None and away_km(near, place) <= _NEAR_KM:
            found.append(Candidate(authority, code, name, place, away_km(near, place)))
    found.sort(key=_preference)
    apart: list[Candidate] = []
    for one in found:
        if all(away_km(one.place, other.place) > _SAME_KM for other in apart):
            apart.append(one)
    best = min((one.km for one in apart), default=0.0)
    return sorted(apart, key=lambda one: (one.km > best + _LEVEL_KM, _preference(one), one.km))


def _of_region(near: Degrees) -> list[tuple[str, int, str]]:
    lat, lon = near
    area = AreaOfInterest(lon, lat, lon, lat)
    found = []
    for authority in ("EPSG", "ESRI"):
        for info in query_crs_info(authority, [PJType.PROJECTED_CRS], area, contains=True):
            use = info.area_of_use
            if use is not None and 0.0 < use.east - use.west < _WIDEST:
                found.append((authority, int(info.code), info.name))
    return found


def _preference(one: Candidate) -> tuple[int, str, int]:
    datum = next((place for place, words in enumerate(_DATUMS) if one.name.startswith(words)), len(_DATUMS))
    return datum, one.authority, one.code


def _place(authority: str, code: int, position: tuple[float, float]) -> Degrees | None:
    """By the projection alone: a datum's own shift, 200 m at the most, does not matter here."""
    try:
        lon, lat = Proj(f"{authority}:{code}")(position[0], position[1], inverse=True)
    except (CRSError, ProjError):
        return None
    return (float(lat), float(lon)) if np.isfinite([lat, lon]).all() else None
