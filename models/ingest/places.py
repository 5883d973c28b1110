"""Coordinates of an export as degrees WGS 84, and why a row has none. Must not know an agency's boxes."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.errors import UserError
from models.ingest.numbers import Numbers, numbers
from models.ingest.points import pairs
from models.ingest.reading import Table
from models.ingest.systems import LATITUDE, LONGITUDE, to_degrees
from models.ingest.where import Place
from models.ingest.zones import near

Flags: TypeAlias = NDArray[np.bool_]

EXCHANGED: Final = "latitude and longitude exchanged (where all are: swap the two columns in the mapping)"
MIRRORED: Final = "a longitude without its minus sign (west is negative); have the export corrected"
PROJECTED: Final = "coordinates that are not degrees: give them as x and y, with epsg or crs"
NOWHERE: Final = "no coordinates"
OUTSIDE: Final = "outside the mapping's bounds"

_POLE: Final = 90.0
_NO_LAND: Final = 2.0
"""Degrees around 0, 0, which are sea; and what a plane's numbers are where there is none (-1, 1)."""
_PLANE: Final = 10_000.0
"""What a plane's numbers, in feet or meters, are above, and no placeholder for degrees (999, 9999) is."""


@dataclass(frozen=True, slots=True)
class Spots:
    """Latitude and longitude, a row each, NaN where there is none; and the rows without, by reason."""

    lat: Numbers
    lon: Numbers
    reasons: dict[str, Flags]


def spots(table: Table, place: Place, zone: str) -> Spots:
    """Where each row is. Raises UserError where a point's order must be stated, or nothing says where."""
    across, along, plane = _given(table, place, zone)
    lon, lat = _in_degrees(across, along, place if plane else None)
    missing = _missing(across, along, None if plane else place)
    lon[missing], lat[missing] = np.nan, np.nan
    nowhere = np.isnan(lat)
    wrong = ~_meant(lat, lon, place, zone)
    exchanged, mirrored = np.zeros(len(lat), bool), np.zeros(len(lat), bool)
    if wrong.any():
        mirrored[wrong] = (lon[wrong] > 0.0) & _meant(lat[wrong], -lon[wrong], place, zone) & (not plane)
        east, north = _in_degrees(along[wrong], across[wrong], place if plane else None)
        exchanged[wrong] = _meant(north, east, place, zone) & ~missing[wrong]
    large = ~exchanged & nowhere & (np.minimum(np.abs(across), np.abs(along)) > _PLANE) & (across != along)
    no_degrees = large & (not plane)
    reasons = {
        EXCHANGED: exchanged,
        MIRRORED: mirrored & ~nowhere,
        PROJECTED: no_degrees,
        NOWHERE: nowhere,
        OUTSIDE: ~_inside(lat, lon, place) & ~nowhere,
    }
    return Spots(lat, lon, reasons)


def _given(table: Table, place: Place, zone: str) -> tuple[Numbers, Numbers, bool]:
    """The numbers across and along, and whether they are a plane's."""
    if LONGITUDE in table.column_names and not (place.columns and set(place.columns) <= set(table.column_names)):
        across, along = (np.array(table.column(name).to_numpy(), np.float64) for name in (LONGITUDE, LATITUDE))
        return across, along, False
    plane = place.system is not None
    if place.point:
        return *_of_points(table, place, zone, plane), plane
    if place.x and place.y:
        return numbers(table, place.x, large=True), numbers(table, place.y, large=True), plane
    if place.lon and place.lat:
        return numbers(table, place.lon, large=False), numbers(table, place.lat, large=False), plane
    msg = "place: the file has no geometry; say in the mapping which columns are lat and lon, point, or x and y"
    raise UserError(msg)


def _of_points(table: Table, place: Place, zone: str, plane: bool) -> tuple[Numbers, Numbers]:
    """Numbers across and along of a column of points."""
    found = pairs(table, place.point or "")
    first_is_lat = found.bare & (place.order == "lat, lon")
    if place.order is None and not plane and found.bare.any():
        one, other = found.one[found.bare], found.other[found.bare]
        lat_first, lon_first = _meant(one, other, place, zone), _meant(other, one, place, zone)
        if (lat_first & lon_first).any():
            msg = (
                f"place: the order in {place.point!r} is not clear ({one[lat_first & lon_first][0]:g}, "
                f'{other[lat_first & lon_first][0]:g}); say order = "lat, lon" or order = "lon, lat", or give bounds'
            )
            raise UserError(msg)
        first_is_lat[found.bare] = lat_first | (~lon_first & (np.abs(one) <= _POLE))
    return np.where(first_is_lat, found.other, found.one), np.where(first_is_lat, found.one, found.other)


def _in_degrees(across: Numbers, along: Numbers, plane: Place | None) -> tuple[Numbers, Numbers]:
    """Longitude and latitude, NaN where they are none on earth."""
    lon, lat = across, along
    if plane is not None and plane.system is not None:
        lon, lat = to_degrees(plane.system, across, along)
    on_earth = (np.abs(lat) <= _POLE) & (np.abs(lon) <= 2.0 * _POLE)
    return np.where(on_earth, lon, np.nan), np.where(on_earth, lat, np.nan)


def _missing(across: Numbers, along: Numbers, place: Place | None) -> Flags:
    """Which numbers say that there are none: 0 and what is near 0, 0; of degrees, unless the bounds have it."""
    zero, both = (across == 0.0) | (along == 0.0), (across == 0.0) & (along == 0.0)
    placeholder = zero | ((np.abs(across) <= _NO_LAND) & (np.abs(along) <= _NO_LAND))
    if place is None or place.bounds is None:
        return np.asarray(placeholder)
    return np.asarray(both | (placeholder & ~_inside(along, across, place)))


def _inside(lat: Numbers, lon: Numbers, place: Place) -> Flags:
    """Which positions lie within the mapping's bounds: all, where it has none."""
    if place.bounds is None:
        return np.ones(len(lat), bool)
    west, south, east, north = place.bounds
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _meant(lat: Numbers, lon: Numbers, place: Place, zone: str) -> Flags:
    """Which positions can be meant: on earth, within the bounds, or else not far from the zone."""
    on_earth = (np.abs(lat) <= _POLE) & (np.abs(lon) <= 2.0 * _POLE)
    if place.bounds is not None:
        return on_earth & _inside(lat, lon, place)
    close = near(zone, lat, lon)
    return on_earth if close is None else on_earth & close
