"""Where streets of different names meet, and which crossing is nearest to each box.

A street that passes over another, by a bridge or a tunnel, does not meet it. Must not read files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from edge.contract.places import NO_NAME
from edge.domain.grid import BOX_M, Box

_TOUCH_M: Final = 1.0
"""How near to another street one may end and still meet it: drawn by hand, ends do not always lie on it."""

_FAR_M: Final = 400.0
"""From the middle of a box, no farther than which a crossing names it: a block or two."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Streets as lines of the plane; ``name``: of each, its place among the names, main streets first.

    ``level``: 0 on the ground; ``nodes``: the points each was drawn through, by which lines of two levels may meet.
    """

    shapes: NDArray[np.object_]
    name: NDArray[np.int64]
    level: NDArray[np.int64]
    nodes: NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Crossings:
    """Points of the plane, and the two names that meet at each, the weightier first."""

    points: NDArray[np.object_]
    first: NDArray[np.int64]
    second: NDArray[np.int64]


def crossings_of(lines: Lines) -> Crossings:
    """Every place where two streets of different names meet."""
    one, other = shapely.STRtree(lines.shapes).query(lines.shapes, predicate="dwithin", distance=_TOUCH_M)
    apart = lines.name[one] < lines.name[other]
    one, other = one[apart], other[apart]
    common = shapely.intersection(lines.shapes[one], lines.shapes[other])
    near = shapely.get_point(shapely.shortest_line(lines.shapes[one], lines.shapes[other]), 0)
    places = np.where(shapely.is_empty(common), near, common)
    over = lines.level[one] != lines.level[other]
    places[over] = shapely.intersection(lines.nodes[one[over]], lines.nodes[other[over]])
    parts, pair = shapely.get_parts(places, return_index=True)
    there = ~shapely.is_empty(parts)
    parts, pair = parts[there], pair[there]
    return Crossings(shapely.point_on_surface(parts), lines.name[one][pair], lines.name[other][pair])


def box_names(boxes: Sequence[Box], lines: Lines) -> list[int]:
    """For each box two names: of the nearest crossing, one inside before one outside; else of the nearest street."""
    corner = np.array([box.cell for box in boxes], dtype=np.float64) * BOX_M
    centres = shapely.points(corner + BOX_M / 2.0)
    names = np.full((len(boxes), 2), NO_NAME, dtype=np.int64)
    box, line = shapely.STRtree(lines.shapes).query_nearest(centres, max_distance=_FAR_M)
    boxes_named, chosen = _best(box, lines.name[line])
    names[boxes_named, 0] = lines.name[line[chosen]]
    meet = crossings_of(lines)
    box, at = shapely.STRtree(meet.points).query(centres, predicate="dwithin", distance=_FAR_M)
    squares = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + BOX_M, corner[:, 1] + BOX_M)
    outside = ~shapely.intersects(squares[box], meet.points[at])
    away = np.round(shapely.distance(centres[box], meet.points[at]), 1)
    boxes_named, chosen = _best(box, outside, away, meet.first[at], meet.second[at])
    names[boxes_named] = np.stack([meet.first[at[chosen]], meet.second[at[chosen]]], axis=-1)
    return [int(each) for each in names.ravel()]


def _best(box: NDArray[np.int64], *keys: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each box that occurs, and the place of its candidate with the lowest keys, the first key before the others."""
    order = np.lexsort((*keys[::-1], box))
    named, first = np.unique(box[order], return_index=True)
    return named, order[first]
