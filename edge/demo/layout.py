"""How the demo city lies: its slightly bent street grid, river, park, tunnel, districts and beats, as lines of a plane.

The plane is UTM, metres; the place is open country and every line is invented. Must not hold anything random but what
its one seed gives, and must not know of patrols.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise
from math import cos, hypot, pi, radians, sin
from random import Random
from typing import Final

import shapely
from shapely.geometry import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry

from edge.demo.street_words import ARTERIALS, DIAGONAL, RIVER, local_name, numbered

EPSG: Final = 32614
CENTRE: Final = (503_400.0, 4_429_100.0)  # 40.01° N, 98.96° W, the middle of zone 14
_TURN: Final = radians(9.0)
_STEP_M: Final = 40.0
_BEAT_LEAST_M2: Final = 100_000.0
_OVERLAP_M: Final = 3.0  # a line reaches this far past the one it ends on, so that they cross

_COLUMNS: Final = (-3280.0, -2420.0, -1560.0, -790.0, 0.0, 780.0, 1640.0, 2460.0, 3320.0)
_ROWS: Final = (-2450.0, -1680.0, -880.0, 120.0, 860.0, 1640.0, 2430.0)
_ACROSS: Final = (-3860.0, *_COLUMNS, 3880.0)
_ALONG: Final = (-2860.0, *_ROWS, 2850.0)
_ROW_M: Final = 195.0
_BRIDGES: Final = (-2420.0, -790.0, 0.0, 1640.0, 2460.0)
_PARK: Final = (-1560.0, 860.0, -790.0, 2430.0)  # west, south, east, north; the row at 1640 passes below it
_TUNNEL: Final = (-1430.0, -930.0)
_YARD: Final = (1640.0, -1680.0, 2460.0, -880.0)
_LIMITS: Final = (
    (-3950, -1900), (-3300, -2880), (300, -3000), (3000, -2820), (3980, -1500), (3900, 900), (3300, 2500),
    (1700, 3000), (-2300, 2940), (-3500, 2350), (-4000, 700),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """The city's lines and areas. ``beats``: polygons cut by streets, by id; a beat's first digit is its district.

    ``names``: every street's line before it was cut, and its name.
    """

    boundary: Polygon
    arterials: MultiLineString
    locals: MultiLineString
    tunnel: LineString
    river: Polygon
    pond: Polygon
    beats: dict[str, Polygon]
    names: tuple[tuple[BaseGeometry, str], ...]


def place(a: float, b: float) -> tuple[float, float]:
    """A point of the plane from its place on the unbent grid, metres east and north of the middle."""
    x = a + 45.0 * sin(b / 1700.0 + 0.4) + 18.0 * sin(b / 610.0)
    y = b + 40.0 * sin(a / 1900.0 + 1.0) + 15.0 * sin(a / 730.0 + 2.0)
    return CENTRE[0] + x * cos(_TURN) - y * sin(_TURN), CENTRE[1] + x * sin(_TURN) + y * cos(_TURN)


def make_layout(random: Random) -> Layout:
    """The city of one stream of random numbers."""
    boundary = Polygon([place(a, b) for (a, b) in _densified(_LIMITS)])
    middle = LineString([place(a, _river_row(a)) for a in _steps(-4300.0, 4300.0)])
    drives = middle.buffer(125.0)
    main, side = list(_arterials(drives)), list(_local_lines(random))
    arterials = shapely.intersection(shapely.union_all([line for line, _ in main]), boundary)
    side_streets = shapely.union_all([line for line, _ in side]).difference(drives.buffer(-_OVERLAP_M))
    return Layout(
        boundary=boundary,
        arterials=arterials,
        locals=shapely.intersection(side_streets, boundary),
        tunnel=_row(1640.0, *_TUNNEL),
        river=middle.buffer(62.0).intersection(boundary),
        pond=_pond(),
        beats=_beats(boundary, middle),
        names=(*main, *side),
    )


def _arterials(drives: BaseGeometry) -> Iterator[tuple[BaseGeometry, str]]:
    """Columns (over the river only where there is a bridge), rows, the drives along the river, and the avenue."""
    for a, name in zip(_COLUMNS, ARTERIALS, strict=True):
        line = _column(a, -3100.0, 3100.0)
        yield line if a in _BRIDGES else line.difference(drives.buffer(-_OVERLAP_M)), name
    for gap, b in enumerate(_ROWS, start=1):
        yield _row(b, -4100.0, 4100.0).difference(drives.buffer(-_OVERLAP_M)), numbered(_rows_below(gap) - 1)
    yield drives.exterior, RIVER
    corners = ((-10.0, 112.0), (1640.0, 1320.0), (3324.0, 2434.0))
    yield LineString([place(a, b) for a, b in _densified(corners, closed=False)]), DIAGONAL


def _local_lines(random: Random) -> Iterator[tuple[LineString, str]]:
    """The side streets, one superblock between arterials at a time."""
    names = map(local_name, count())
    columns = [
        [(a + random.uniform(-9.0, 9.0), next(names)) for a in _between(*gap, 128.0)] for gap in pairwise(_ACROSS)
    ]
    rows = [
        [(b + random.uniform(-9.0, 9.0), numbered(_rows_below(at) + n)) for n, b in enumerate(_between(*gap, _ROW_M))]
        for at, gap in enumerate(pairwise(_ALONG))
    ]
    for (west, east), inner_columns in zip(pairwise(_ACROSS), columns, strict=True):
        for (south, north), inner_rows in zip(pairwise(_ALONG), rows, strict=True):
            block = (west, south, east, north)
            if not any(_holds(each, block) for each in (_PARK, _YARD)):
                yield from _superblock(random, block, inner_columns, inner_rows)


def _rows_below(gap: int) -> int:
    """How many streets from west to east lie south of the gap's side streets."""
    return gap + sum(len(_between(*one, _ROW_M)) for one in tuple(pairwise(_ALONG))[:gap])


def _superblock(
    random: Random,
    block: tuple[float, float, float, float],
    columns: list[tuple[float, str]],
    rows: list[tuple[float, str]],
) -> Iterator[tuple[LineString, str]]:
    """Dense and straight in the middle of the city; farther out fewer lines, and bent ones."""
    west, south, east, north = block
    far = hypot((west + east) / 2.0, (south + north) / 2.0) / 3600.0
    missing, bend = 0.42 * far, random.choice((-1.0, 1.0)) * max(0.0, far - 0.45) * 130.0

    def bent(a: float, b: float) -> tuple[float, float]:
        swell = sin(pi * (a - west) / (east - west)) * sin(pi * (b - south) / (north - south))
        return place(a + bend * swell, b - bend * swell)

    for a, name in columns:
        if random.random() > missing:
            yield LineString([bent(a, b) for b in _steps(south - _OVERLAP_M, north + _OVERLAP_M)]), name
    for b, name in rows:
        if random.random() > missing:
            yield LineString([bent(a, b) for a in _steps(west - _OVERLAP_M, east + _OVERLAP_M)]), name


def _beats(boundary: Polygon, river: LineString) -> dict[str, Polygon]:
    """Areas between the river and chosen arterials: district 1 north of it, 2 south of it, each from west to east."""
    cuts = [
        *(_column(a, -3200.0, 3200.0) for a in (-1560.0, 0.0, 1640.0)),
        _row(860.0, -1575.0, 1655.0),
        _row(-1680.0, 1630.0, 4300.0),
    ]
    faces = shapely.polygonize([shapely.union_all([boundary.exterior, river, *cuts])]).geoms
    inside = [face for face in faces if boundary.contains(face.representative_point()) and face.area > _BEAT_LEAST_M2]
    beats: dict[str, Polygon] = {}
    for face in sorted(inside, key=lambda face: (round(face.centroid.x, -2), face.centroid.y)):
        a = face.centroid.x - CENTRE[0]
        district = "1" if face.centroid.y > CENTRE[1] + _river_row(a) + a * sin(_TURN) else "2"
        beats[f"{district}{1 + sum(name.startswith(district) for name in beats)}"] = face
    return beats


def _pond() -> Polygon:
    middle = shapely.Point(place(-1180.0, 1190.0)).buffer(1.0)
    pond = shapely.affinity.rotate(shapely.affinity.scale(middle, 170.0, 95.0), 30.0)
    return Polygon(pond.exterior)


def _river_row(a: float) -> float:
    return -400.0 + 330.0 * sin(a / 1080.0 + 0.3) + 60.0 * sin(a / 420.0) - 0.05 * a


def _column(a: float, south: float, north: float) -> LineString:
    return LineString([place(a, b) for b in _steps(south, north)])


def _row(b: float, west: float, east: float) -> LineString:
    return LineString([place(a, b) for a in _steps(west, east)])


def _steps(first: float, last: float) -> list[float]:
    count = max(1, round((last - first) / _STEP_M))
    return [first + (last - first) * i / count for i in range(count + 1)]


def _between(first: float, last: float, spacing: float) -> list[float]:
    count = max(1, round((last - first) / spacing))
    return [first + (last - first) * i / count for i in range(1, count)]


def _densified(corners: tuple[tuple[float, float], ...], *, closed: bool = True) -> list[tuple[float, float]]:
    line = LineString([*corners, corners[0]] if closed else corners)
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(line.segmentize(_STEP_M))]


def _holds(area: tuple[float, float, float, float], block: tuple[float, float, float, float]) -> bool:
    return area[0] <= block[0] and area[1] <= block[1] and block[2] <= area[2] and block[3] <= area[3]
