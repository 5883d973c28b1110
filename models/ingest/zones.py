"""Which positions can't be meant for a time zone: axes exchanged, where a mapping has no bounds.

Must not decide what becomes of them.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.agency.zone_place import arc, zone_place

NEAR_KM: Final = 4000.0
"""Farther from its main city no place of a zone is, but a few islands (Aleutians: 2,000 km; Urumqi: 3,300 km)."""
_EARTH_KM: Final = 6371.0


def near(zone: str, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    """Which positions are within `NEAR_KM` of a zone's main city; None where that is not known."""
    city = zone_place(zone)
    return None if city is None else np.asarray(_EARTH_KM * np.radians(arc(city, (lon, lat))) < NEAR_KM)
