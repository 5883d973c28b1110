"""Riverton, the demo city: its streets, its opt-out places, and the boxes its analysts chose. No such place exists.

The same seed gives the same city to the last digit. Must not hold anything of a real city or of a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, hypot
from random import Random
from typing import Final

import shapely
from shapely.geometry import Point, Polygon

from edge.demo.layout import Layout, make_layout, place
from edge.demo.streets import Edge, Streets, make_streets
from edge.domain.grid import BOX_M, Cell, cell_of

SEED: Final = 7
DISTRICT: Final = "1"
OPT_OUT_BUFFER_M: Final = 30.0
_STREET_LEAST_M: Final = 450.0  # of street a patrolled box must have
_INSIDE_LEAST_M: Final = 50.0  # of one of its streets, 50 m from every edge
_APART: Final = 2  # cells between two patrolled boxes, at the least

# On the unbent grid: five boxes west of the park and its tunnel, six east of it.
_FOCI: Final = (((-2050.0, 1500.0), 5), ((150.0, 1150.0), 6))
_OPT_OUT: Final = (
    ("clinic", (420.0, 620.0)),
    ("shelter", (-380.0, 480.0)),
    ("place_of_worship", (-460.0, 1420.0)),
    ("place_of_worship", (-2030.0, 1130.0)),
    ("clinic", (-1180.0, -1350.0)),
)
_STATION: Final = (-420.0, 1000.0)


@dataclass(frozen=True, slots=True)
class City:
    """The whole city in metres of its UTM plane. ``boxes``: those the plan assigns, all of district 1."""

    layout: Layout
    streets: Streets
    opt_out: tuple[tuple[str, Polygon], ...]
    boxes: tuple[Cell, ...]
    station: tuple[float, float]

    def district(self, name: str) -> Polygon:
        """The beats of a district as one area."""
        return shapely.union_all([shape for beat, shape in self.layout.beats.items() if beat[0] == name])


def make_city(seed: int = SEED) -> City:
    """The city of a seed."""
    random = Random(seed)  # noqa: S311 - a city, not a secret
    layout = make_layout(random)
    streets = make_streets(layout.arterials, layout.locals, random)
    opt_out = tuple(_building(kind, at, streets) for kind, at in _OPT_OUT)
    return City(layout, streets, opt_out, _boxes(layout, streets, opt_out), place(*_STATION))


def square(cell: Cell, inset: float = 0.0) -> Polygon:
    """A box as an area, or that part of it which lies ``inset`` metres inside."""
    west, south = cell[0] * BOX_M, cell[1] * BOX_M
    return shapely.box(west + inset, south + inset, west + BOX_M - inset, south + BOX_M - inset)


def edges_inside(streets: Streets, area: Polygon) -> list[int]:
    """The edges that lie wholly in an area."""
    return [index for index, edge in enumerate(streets.edges) if area.covers(edge.line)]


def _building(kind: str, at: tuple[float, float], streets: Streets) -> tuple[str, Polygon]:
    """A building on the block nearest to a place, clear of the street."""
    x, y = place(*at)
    edge = streets.edges[streets.nearest(x, y).edge]
    near = edge.line.interpolate(edge.line.project(Point(x, y)))
    away = hypot(x - near.x, y - near.y) or 1.0
    middle = near.x + (x - near.x) / away * 32.0, near.y + (y - near.y) / away * 32.0
    body = shapely.box(middle[0] - 18.0, middle[1] - 12.0, middle[0] + 18.0, middle[1] + 12.0)
    return kind, shapely.affinity.rotate(body, 9.0)


def _boxes(layout: Layout, streets: Streets, opt_out: Iterable[tuple[str, Polygon]]) -> tuple[Cell, ...]:
    """Boxes around each focus, nearest first: with enough street, in the district, apart, clear of opt-out places."""
    district = shapely.union_all([shape for beat, shape in layout.beats.items() if beat[0] == DISTRICT])
    closed = shapely.union_all([shape.buffer(OPT_OUT_BUFFER_M + 1.0) for _, shape in opt_out])
    chosen: list[Cell] = []
    for focus, count in _FOCI:
        x, y = place(*focus)
        found = 0
        for cell in _around(x, y):
            if found == count:
                break
            area = square(cell)
            apart = all(max(abs(cell[0] - other[0]), abs(cell[1] - other[1])) > _APART - 1 for other in chosen)
            if apart and district.covers(area) and not area.intersects(closed) and _enough_street(streets.edges, area):
                chosen.append(cell)
                found += 1
    return tuple(chosen)


def _around(x: float, y: float) -> list[Cell]:
    """Cells within 2 km, nearest first."""
    column, row = cell_of(x, y)
    reach = floor(2000.0 / BOX_M)
    cells = [(column + i, row + j) for i in range(-reach, reach + 1) for j in range(-reach, reach + 1)]
    return sorted(cells, key=lambda cell: (hypot(cell[0] - column, cell[1] - row), cell))


def _enough_street(edges: Iterable[Edge], area: Polygon) -> bool:
    """Whether an area has enough street to patrol, and some of it well inside."""
    inner = area.buffer(-50.0)
    near = [edge.line for edge in edges if edge.line.intersects(area)]
    return sum(line.intersection(area).length for line in near) > _STREET_LEAST_M and any(
        line.intersection(inner).length > _INSIDE_LEAST_M for line in near
    )
