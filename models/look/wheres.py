"""Which columns say where, and in which coordinate system, by names, by values, and by what place they should be near.

Where the system cannot be known, that is said; nothing is guessed. Must not read files.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from models.ingest.numbers import SPACES, degrees
from models.ingest.points import pairs
from models.ingest.reading import Table
from models.look.profile import Profile, is_number
from models.look.systems import Candidate, Degrees, Numbers, away_km, candidates, web_mercator

_LAT: Final = ("lat", "latitude", "latitudes", "lat1", "latit")
_LON: Final = ("lon", "lng", "long", "longitude", "longitudes", "longi", "longit")
_X: Final = ("x", "xcoord", "coordx", "easting", "pointx", "xcoordinate", "east", "mapx", "geox")
_Y: Final = ("y", "ycoord", "coordy", "northing", "pointy", "ycoordinate", "north", "mapy", "geoy")
_DECIMALS: Final = re.compile(r"\d[.,]\d+\D+\d+[.,]\d+\D*$")
"""What two bare numbers that are a place end with: two numbers of a beat do not."""
_POLES: Final = 72.0
"""Degrees: no agency is nearer to a pole."""
_NEAR_ZERO: Final = 1.0
_FAR_KM: Final = 150.0
_MARGIN: Final = 0.02
_MOST: Final = 300_000


@dataclass(frozen=True)
class Where:
    """The columns of a place: ``lat`` and ``lon``, or ``x`` and ``y``, or ``point``; none where it is the ``geometry``.

    ``system``: EPSG or ESRI code of x and y; None where it cannot be known. ``notes``: for the analyst. ``bounds``:
    west, south, east, north around nearly all places; ``middle``: latitude and longitude.
    """

    lat: str | None = None
    lon: str | None = None
    x: str | None = None
    y: str | None = None
    point: str | None = None
    system: Candidate | None = None
    others: tuple[Candidate, ...] = ()
    notes: tuple[str, ...] = ()
    bounds: tuple[float, float, float, float] | None = None
    middle: Degrees | None = None
    geometry: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        return tuple(name for name in (self.lat, self.lon, self.x, self.y, self.point) if name)


def of_geometry(lat: Profile, lon: Profile, near: Degrees | None) -> Where:
    """Where the points of a file with geometries are."""
    found = replace(_degrees(lat, lon, near), lat=None, lon=None, geometry=True)
    turned = "latitude and longitude are swapped in its geometries: have the export corrected"
    return replace(found, notes=tuple(turned if "swapped" in note else note for note in found.notes))


def of_bytes(table: Table, near: Degrees | None) -> Where | None:
    """Where the points of a column of well-known binary are, as GeoParquet has them; None where no column has any."""
    kinds = {field.name: field.type for field in table.schema}
    for name in (name for name, kind in kinds.items() if pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        found = pairs(table, name)
        there = np.flatnonzero(~np.isnan(found.one) & ~np.isnan(found.other))
        if 2 * len(there) > table.num_rows:
            return _point(name, _Spots(found.other[there], found.one[there], np.ones(len(there))), near)
    return None


def find_where(columns: Sequence[Profile], near: Degrees | None) -> Where | None:
    """Where the rows of an export say they are; None where no column does."""
    lat, lon = _pair(columns, _LAT, _LON)
    x, y = _pair(columns, _X, _Y)
    if lat and lon and _in_degrees(lat, lon):
        return _degrees(lat, lon, near)
    if x and y and _in_degrees(y, x):
        return _degrees(y, x, near)
    points = ((one, _points(one)) for one in columns if one.filled)
    if found := next(((one, spots) for one, spots in points if 2 * spots.rows.sum() > one.filled), None):
        return _point(found[0].name, found[1], near)
    plane = (x, y) if x and y else (lon, lat)
    return _plane(plane[0], plane[1], near) if plane[0] and plane[1] else None


def _pair(columns: Sequence[Profile], *names: tuple[str, ...]) -> list[Profile | None]:
    """Columns of numbers named like each of two axes, the best filled first."""
    found = []
    for words in names:
        fits = [one for one in columns if _named(one, words) and one.share(_is_axis) > 1 / 2]
        found.append(max(fits, key=lambda one: one.filled, default=None))
    return found


def _named(column: Profile, words: tuple[str, ...]) -> bool:
    return column.has(*words) or "".join(word for word in column.words if not word.isdigit()) in words


def _numbers(column: Profile) -> tuple[Numbers, Numbers]:
    """The values of a column that are numbers, and how many rows have each."""
    texts = [(text, rows) for text, rows in list(column.counts.items())[:_MOST] if _is_axis(text)]
    return np.array([as_number(text) for text, _ in texts], float), np.array([rows for _, rows in texts], float)


def _is_axis(text: str) -> bool:
    """Whether a text is a number, or degrees with a hemisphere or marks."""
    return is_number(text) or degrees(text) is not None


def as_number(text: str) -> float:
    """A number as exports write it: ``1,176,000``, ``38,62``, ``-90.20``, ``90.2 W``."""
    plain = text.strip().translate(SPACES)
    if (angle := degrees(plain)) is not None:
        return angle
    if re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", plain):
        return float(plain.replace(",", ""))
    return float(plain.replace(",", "."))


def _in_degrees(lat: Profile, lon: Profile) -> bool:
    """Whether nearly all numbers could be degrees."""
    shares = []
    for column in (lat, lon):
        values, rows = _numbers(column)
        shares.append(float(rows[np.abs(values) <= 180.0].sum() / rows.sum()) if len(rows) else 0.0)  # noqa: PLR2004
    return min(shares) > 1 / 2


def _degrees(lat: Profile, lon: Profile, near: Degrees | None) -> Where:
    ys, xs = _places(lat), _places(lon)
    notes: list[str] = []
    if not len(ys) or not len(xs):
        return Where(lat.name, lon.name, notes=("no row has a position that could be one (0 and 999 are none)",))
    if _swapped(float(np.median(ys)), float(np.median(xs)), near):
        notes.append(f"latitude and longitude are swapped: {lat.name!r} holds longitudes; the draft exchanges them")
        lat, lon, ys, xs = lon, lat, xs, ys
    middle = (float(np.median(ys)), float(np.median(xs)))
    if near and away_km(near, (middle[0], -middle[1])) < _FAR_KM < away_km(near, middle):
        notes.append("longitudes lack their minus sign (west is negative); have the export corrected")
        middle, xs = (middle[0], -middle[1]), -xs
    elif near and away_km(near, middle) > _FAR_KM:
        notes.append(_far(near, middle))
    return Where(lat.name, lon.name, notes=tuple(notes), bounds=_bounds(ys, xs), middle=middle)


def _far(near: Degrees, middle: Degrees) -> str:
    return f"the middle of the positions is {middle[0]:.3f}, {middle[1]:.3f}: {away_km(near, middle):,.0f} km away"


def _places(column: Profile) -> Numbers:
    """Degrees of a column that are no stand-in for a missing place (0, -1, 999), a row each up to some."""
    values, rows = _numbers(column)
    sound = (np.abs(values) > _NEAR_ZERO) & (np.abs(values) <= 180.0)  # noqa: PLR2004 - degrees
    return np.repeat(values[sound], np.minimum(rows[sound], 50).astype(int))


def _swapped(lat: float, lon: float, near: Degrees | None) -> bool:
    if near:
        return away_km(near, (lon, lat)) < _FAR_KM < away_km(near, (lat, lon))
    return abs(lat) > _POLES and abs(lon) <= _POLES


def _bounds(ys: Numbers, xs: Numbers) -> tuple[float, float, float, float]:
    """Around all positions but those far beyond nearly all, to hundredths of a degree."""
    (south, north), (west, east) = _span(ys), _span(xs)
    return _down(west), _down(south), -_down(-east), -_down(-north)


def _span(values: Numbers) -> tuple[float, float]:
    """The least and the largest within one breadth of where nearly all values lie."""
    low, high = np.quantile(values, (0.01, 0.99))
    breadth = max(high - low, 0.1)
    near = values[(values >= low - breadth) & (values <= high + breadth)]
    return float(near.min()) - _MARGIN, float(near.max()) + _MARGIN


def _down(value: float) -> float:
    return float(np.floor(value * 100) / 100)


@dataclass(frozen=True, eq=False)
class _Spots:
    """What of a column's texts are places, and how many rows have each."""

    lat: Numbers
    lon: Numbers
    rows: Numbers


def _points(column: Profile) -> _Spots:
    """The places of a column with both; of two bare numbers the latitude is first."""
    texts = list(column.counts)[:_MOST]
    found = pairs(pa.table({column.name: pa.array(texts, pa.string())}), column.name)
    lat, lon = np.where(found.bare, found.one, found.other), np.where(found.bare, found.other, found.one)
    sure = np.array([not bare or bool(_DECIMALS.search(text)) for text, bare in zip(texts, found.bare, strict=True)])
    there = np.flatnonzero(sure & ~np.isnan(lat) & ~np.isnan(lon))
    rows = np.array([*column.counts.values()][:_MOST], float)
    return _Spots(lat[there], lon[there], rows[there])


def _point(name: str, spots: _Spots, near: Degrees | None) -> Where:
    """A column of this name with both."""
    sound = (np.abs(spots.lat) > _NEAR_ZERO) | (np.abs(spots.lon) > _NEAR_ZERO)
    lat, lon = (values[sound] if sound.any() else np.zeros(1) for values in (spots.lat, spots.lon))
    if _swapped(float(np.median(lat)), float(np.median(lon)), near):
        lat, lon = lon, lat
    middle = (float(np.median(lat)), float(np.median(lon)))
    notes: tuple[str, ...] = ()
    if near and away_km(near, middle) > _FAR_KM:
        notes = (_far(near, middle),)
    return Where(point=name, notes=notes, bounds=_bounds(lat, lon), middle=middle)


def _plane(x: Profile, y: Profile, near: Degrees | None) -> Where:
    across, _ = _numbers(x)
    along, _ = _numbers(y)
    middle = _median(across), _median(along)
    if not all(middle):
        return Where(x=x.name, y=y.name, notes=("no row has a position that could be one",))
    if near is None:
        found = web_mercator(middle)
        notes = () if found else (
            "which coordinate system x and y are in cannot be known from the numbers alone: say where the city is, "
            "about (--near LAT,LON), or give its agency (--agency)",
        )  # fmt: skip
        return Where(x=x.name, y=y.name, system=found, notes=notes, middle=found.place if found else None)
    fits = candidates(middle, near)
    if not fits and (swapped := candidates((middle[1], middle[0]), near)):
        note = f"x and y are swapped: {x.name!r} holds northings; the draft exchanges them"
        return Where(
            x=y.name, y=x.name, system=swapped[0], others=tuple(swapped[1:]), notes=(note,), middle=swapped[0].place
        )
    if not fits:
        return Where(x=x.name, y=y.name, notes=("no coordinate system of this region puts these numbers near there",))
    return Where(x=x.name, y=y.name, system=fits[0], others=tuple(fits[1:]), middle=fits[0].place)


def _median(values: Numbers) -> float:
    """Of the numbers that are no stand-in for a missing one; 0 where there are none."""
    sound = values[np.abs(values) > _NEAR_ZERO]
    return float(np.median(sound)) if len(sound) else 0.0
