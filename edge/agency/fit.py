"""The grid's polynomials: fitted to UTM over the agency and checked against pyproj on other points.

Of degree 3 where that is within 1 mm, which a city is, else of degree 5, which holds for up to 4°. Where the check
fails there is no grid: an agency too wide is refused, never approximated.
Must not know of boxes.
"""

from dataclasses import dataclass
from math import ceil, cos, floor, radians
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from edge.domain.grid import CUBIC, QUINTIC, Grid, quintic
from edge.errors import UserError

Floats: TypeAlias = NDArray[np.float64]
Bounds: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north, degrees."""

WORST_M: Final = 0.001
UTM_SOUTH: Final = -80.0
UTM_NORTH: Final = 84.0
_WIDEST_DEGREES: Final = 4.0
_MARGIN_M: Final = 2000.0
_DEGREE_M: Final = 111_000.0
_FIT_NODES: Final = 41
_CHECK_NODES: Final = 151


@dataclass(frozen=True, slots=True)
class Fit:
    """A grid without boxes, its worst distance from pyproj in metres, and the square of degrees for which it holds."""

    grid: Grid
    worst_m: float
    bounds: Bounds


def fit_grid(bounds: Bounds, centre_lon: float) -> Fit:
    """Fit the polynomials to the UTM zone of ``centre_lon``, 2 km and more around ``bounds``.

    Raises UserError where UTM is not defined or an error reaches 1 mm.
    """
    west, south, east, north = bounds
    if south < UTM_SOUTH or north > UTM_NORTH:
        msg = (
            "the boundary reaches beyond 80° S or 84° N, where UTM is not defined; check that longitude comes first "
            "in the file"
        )
        raise UserError(msg)
    epsg = utm_epsg(centre_lon, south)
    lat0, lon0 = round((south + north) / 2.0, 4), round((west + east) / 2.0, 4)
    margin_lat = _MARGIN_M / _DEGREE_M
    half_lat = (north - south) / 2.0 + margin_lat
    half_lon = (east - west) / 2.0 + margin_lat / cos(radians(lat0))
    scale = ceil(max(half_lat, half_lon) * 1000.0) / 1000.0
    _refuse_far(scale)
    for terms in (CUBIC, QUINTIC):  # an agency that the shorter one holds keeps it, and its bytes
        grid = Grid(epsg, lat0, lon0, scale, 1.0, *_coefficients(epsg, lat0, lon0, scale, terms), {})
        worst = _worst(grid)
        if worst < WORST_M:
            break
    else:
        msg = (
            f"the agency is too wide for one grid: over {scale * 2.0:.2f}° its polynomial is {worst * 1000.0:.1f} mm"
            " from UTM, where less than 1 mm is allowed; build it as two agencies"
        )
        raise UserError(msg)
    return Fit(grid, worst, (lon0 - scale, lat0 - scale, lon0 + scale, lat0 + scale))


def utm_epsg(lon: float, south: float) -> int:
    """The EPSG code of the UTM zone of a longitude; that of the south where any part lies south of the equator."""
    zone = min(floor((lon + 180.0) / 6.0) + 1, 60)
    return (32700 if south < 0.0 else 32600) + zone


def project_many(grid: Grid, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """`Grid.project` of arrays: the same operations in the same order, so the same doubles; nothing is out of reach."""
    u, v = (lon - grid.lon0) / grid.scale, (lat - grid.lat0) / grid.scale
    if len(grid.east) > CUBIC:
        return quintic(grid.east, u, v), quintic(grid.north, u, v)
    uu, uv, vv = u * u, u * v, v * v
    terms = (u, v, uu, uv, vv, uu * u, uu * v, u * vv, vv * v)
    return _sum(grid.east, terms), _sum(grid.north, terms)


def _sum(coefficients: tuple[float, ...], terms: tuple[Floats, ...]) -> Floats:
    total = coefficients[0] + coefficients[1] * terms[0]
    for coefficient, term in zip(coefficients[2:], terms[1:], strict=True):
        total = total + coefficient * term
    return total


def _coefficients(
    epsg: int, lat0: float, lon0: float, scale: float, count: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Least squares on Chebyshev nodes (their worst error is near the least possible), rounded to 1e-6 m.

    The rounding hides the last bits, in which linear algebra libraries differ: every machine writes the same file.
    """
    nodes = np.cos(np.pi * (np.arange(_FIT_NODES) + 0.5) / _FIT_NODES) / np.cos(np.pi / 2.0 / _FIT_NODES)
    u, v = (axis.ravel() for axis in np.meshgrid(nodes, nodes))
    easting, northing = _utm(epsg, lat0 + v * scale, lon0 + u * scale)
    terms = np.stack([np.ones_like(u), u, v, u * u, u * v, v * v, u**3, u * u * v, u * v * v, v**3], axis=-1)
    if count > CUBIC:
        terms = np.concatenate([terms, _higher(u, v)], axis=-1)
    found, *_ = np.linalg.lstsq(terms, np.stack([easting, northing], axis=-1), rcond=None)
    return tuple(round(float(x), 6) for x in found[:, 0]), tuple(round(float(x), 6) for x in found[:, 1])


def _higher(u: Floats, v: Floats) -> Floats:
    """The terms of degree 4 and 5, as `Grid` has them in order."""
    return np.stack([u ** (degree - up) * v**up for degree in (4, 5) for up in range(degree + 1)], axis=-1)


def _worst(grid: Grid) -> float:
    """The largest distance from pyproj, metres, on an even lattice over the whole reach, edges included."""
    lattice = np.linspace(-grid.scale, grid.scale, _CHECK_NODES)
    lon, lat = (axis.ravel() for axis in np.meshgrid(grid.lon0 + lattice, grid.lat0 + lattice))
    easting, northing = project_many(grid, lat, lon)
    true_easting, true_northing = _utm(grid.epsg, lat, lon)
    return float(np.hypot(easting - true_easting, northing - true_northing).max())


def _refuse_far(scale: float) -> None:
    if scale * 2.0 > _WIDEST_DEGREES:
        msg = (
            f"the boundary is {scale * 2.0:.1f}° wide or high: too large for one city; check that it is the right file"
        )
        raise UserError(msg)


def _utm(epsg: int, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    easting, northing = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    return np.asarray(easting), np.asarray(northing)
