"""Coordinate systems by what people know of them: an EPSG or an ESRI code, or the text of a .prj file."""

import re
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

Numbers = NDArray[np.float64]

LONGITUDE: Final = "longitude of the geometry"
LATITUDE: Final = "latitude of the geometry"
"""The columns, beside those that are named, of a table of a file with a geometry: degrees WGS 84."""

_CODE: Final = re.compile(r"(?P<authority>EPSG|ESRI):(?P<code>\d+)", re.IGNORECASE)
_WKT: Final = re.compile(r"\s*[A-Z_]+\s*\[")


def system(code: int) -> str:
    """``EPSG:3435``, or ``ESRI:102671`` where only ESRI has the number (the state-plane systems in feet of 1983).

    Raises ValueError where neither has.
    """
    for authority in ("EPSG", "ESRI"):
        try:
            CRS.from_authority(authority, code)
        except CRSError:
            continue
        return f"{authority}:{code}"
    msg = f"{code} is not an EPSG code, nor one of ESRI's"
    raise ValueError(msg)


def check_projected(text: str) -> str:
    """``EPSG:…``, ``ESRI:…`` or well-known text, of a projected system. Raises ValueError where it is none."""
    code = _CODE.fullmatch(text.strip())
    if code is None and not _WKT.match(text):
        msg = f"{text[:60]!r} is not a coordinate system; write EPSG:3435, ESRI:102671, or the text of the .prj file"
        raise ValueError(msg)
    try:
        crs = CRS.from_authority(code["authority"].upper(), code["code"]) if code else CRS.from_wkt(text)
    except CRSError as error:
        msg = f"{text[:60]!r} is not a known coordinate system; use its EPSG or ESRI code"
        raise ValueError(msg) from error
    if not crs.is_projected:
        msg = f"{text[:60]} ({crs.name}) is not projected; for columns in degrees use lat and lon"
        raise ValueError(msg)
    to_degrees(text, np.zeros(1), np.zeros(1))
    return text


def to_degrees(text: str, across: Numbers, along: Numbers) -> tuple[Numbers, Numbers]:
    """Longitude and latitude WGS 84 of positions of a system; infinite or NaN where it has none.

    Raises ValueError where there is no way from the one to the other.
    """
    try:
        lon, lat = _transformer(text).transform(across, along)
    except (CRSError, ProjError) as error:
        msg = f"{text[:60]!r}: this coordinate system cannot be converted to degrees; use another"
        raise ValueError(msg) from error
    return np.asarray(lon), np.asarray(lat)


@cache
def _transformer(text: str) -> Transformer:
    return Transformer.from_crs(text, 4326, always_xy=True)
