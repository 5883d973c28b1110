"""The sea, which OpenStreetMap has as its coast alone: lines with the land on their left and the water on their right.

Must not read files.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

_ASIDE: Final = 1e-7
"""Degrees from a line at which is asked on which of its sides an area lies: a centimetre."""

_SURE: Final = 9
"""How many times as many of a shore's pieces have to say "sea" as "land": a coast may have a piece drawn backward."""


def sea_areas(coast: Sequence[BaseGeometry], within: BaseGeometry) -> list[BaseGeometry]:
    """The parts of a rectangle (degrees) that lie right of the coast; none where no coast crosses it."""
    lines = shapely.intersection(np.array(coast, dtype=object), within)
    lines = lines[~shapely.is_empty(lines)]
    if not len(lines):
        return []
    noded = shapely.union_all([*lines, within.exterior])
    areas = shapely.get_parts(shapely.polygonize([noded]))
    right, left = (_votes(areas, _beside(lines, side)) for side in (1.0, -1.0))
    return [area for area, sea in zip(areas, right > _SURE * left, strict=True) if sea]


def _beside(lines: NDArray[np.object_], side: float) -> NDArray[np.object_]:
    """A point beside the middle of each piece of each line: right of it, or left where ``side`` is negative."""
    ends = [shapely.get_coordinates(line) for line in shapely.get_parts(lines) if line.geom_type == "LineString"]
    starts = np.concatenate([one[:-1] for one in ends])
    along = np.concatenate([np.diff(one, axis=0) for one in ends])
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), _ASIDE)[:, None]
    aside = np.stack([along[:, 1], -along[:, 0]], axis=-1) / length * _ASIDE * side
    return np.asarray(shapely.points(starts + along / 2.0 + aside))


def _votes(areas: NDArray[np.object_], points: NDArray[np.object_]) -> NDArray[np.int64]:
    """How many of the points lie in each area."""
    area, _ = shapely.STRtree(points).query(areas, predicate="contains")
    return np.bincount(area, minlength=len(areas))
