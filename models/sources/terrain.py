"""What a box is made of: the share that is water or green, and metres of road, from OpenStreetMap.

The sea is not in it: OpenStreetMap draws it as a coastline, not as an area. Must not read files.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from edge.agency.fit import Floats
from edge.domain.grid import BOX_M
from edge.risk.feature_column import Column, Floats32
from models.sources.ground import Ground
from models.sources.osm import OsmShapes
from models.sources.provenance import Part, Provenance

AREAS: Final = {
    "water_share": (
        "natural=water",
        "waterway=riverbank",
        "waterway=dock",
        "landuse=reservoir",
        "landuse=basin",
    ),
    "green_share": (
        "leisure=park",
        "leisure=garden",
        "leisure=golf_course",
        "leisure=nature_reserve",
        "landuse=forest",
        "landuse=grass",
        "landuse=meadow",
        "landuse=cemetery",
        "landuse=recreation_ground",
        "natural=wood",
        "natural=scrub",
    ),
}
ROADS: Final = {
    "road_major_m": tuple(
        f"highway={kind}{link}" for kind in ("motorway", "trunk", "primary", "secondary") for link in ("", "_link")
    ),
    "road_minor_m": tuple(
        f"highway={kind}" for kind in ("tertiary", "tertiary_link", "unclassified", "residential", "living_street")
    ),
    "road_service_m": ("highway=service",),
}
TERRAIN_TAGS: Final = tuple(tag for tags in (*AREAS.values(), *ROADS.values()) for tag in tags)
_SAID: Final = {
    "water_share": "share of the box that is water (rivers, lakes, docks; not the sea)",
    "green_share": "share of the box that is park, wood, grass or cemetery",
    "road_major_m": "motorways, trunk, primary and secondary roads in the box",
    "road_minor_m": "tertiary and residential roads in the box",
    "road_service_m": "service roads and alleys in the box",
}
_SHARE_DIGITS: Final = 3


def terrain_parts(ground: Ground, shapes: OsmShapes, group: str, known: Provenance) -> list[Part]:
    """A column of each share (rounded to a thousandth) and of each kind of road (whole metres)."""
    found: list[Part] = []
    for name, tags in AREAS.items():
        column = Column(name, group, _SAID[name], "0 to 1", 0.0, *known.fields)
        areas = [shape for tag in tags for shape in shapes.areas.get(tag, [])]
        found.append((column, _shares(ground, areas)))
    for name, tags in ROADS.items():
        column = Column(name, group, _SAID[name], "m", 0.0, *known.fields)
        lines = [shape for tag in tags for shape in shapes.lines.get(tag, [])]
        found.append((column, _lengths(ground, lines)))
    return found


def overlaps(squares: NDArray[np.object_], areas: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each pair of a square and an area that share more than an edge may be among these: their indices."""
    if not len(areas):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    area, square = shapely.STRtree(squares).query(areas, predicate="intersects")
    return np.asarray(square, dtype=np.int64), np.asarray(area, dtype=np.int64)


def _shares(ground: Ground, shapes: Sequence[BaseGeometry]) -> Floats32:
    """The part of each box that any of the areas covers; what two of them cover counts once."""
    squares = ground.squares()
    areas = ground.move(shapely.make_valid(np.array(shapes, dtype=object)))
    square, area = overlaps(squares, areas)
    pieces = shapely.intersection(areas[area], squares[square])
    by_box: dict[int, list[BaseGeometry]] = {}
    for box, piece in zip(square.tolist(), pieces, strict=True):
        by_box.setdefault(box, []).append(piece)
    covered = np.zeros(len(squares))
    for box, inside in by_box.items():
        covered[box] = shapely.area(shapely.union_all(inside) if len(inside) > 1 else inside[0])
    return np.asarray(np.round(covered / BOX_M**2, _SHARE_DIGITS), dtype=np.float32)


def _lengths(ground: Ground, shapes: Sequence[BaseGeometry]) -> Floats32:
    """Whole metres of the lines in each box."""
    squares = ground.squares()
    lines = ground.move(np.array(shapes, dtype=object))
    square, line = overlaps(squares, lines)
    found: Floats = np.zeros(len(squares))
    np.add.at(found, square, shapely.length(shapely.intersection(lines[line], squares[square])))
    return np.asarray(np.rint(found), dtype=np.float32)
