"""Points to columns: how many are in and around a box, and how far the nearest is.

Counts are whole numbers over cells of the plane (a point beyond the agency's edge counts for the boxes beside it);
distances are whole metres. Must not read files.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from edge.agency.fit import Floats
from edge.domain.grid import BOX_M
from edge.risk.feature_column import Column, Floats32
from models.sources.ground import FARTHEST_M, Ground
from models.sources.provenance import Part, Provenance

AROUND: Final = {"here": 0, "3x3": 1, "5x5": 2}
"""A column's suffix, and how many boxes to each side it counts."""


def place_parts(ground: Ground, name: str, plane: Floats, group: str, known: Provenance) -> list[Part]:
    """Four columns of one kind of place: ``{name}_here``, ``_3x3``, ``_5x5`` (counts) and ``_m`` (metres).

    ``plane``: float64[points, 2].
    """
    said = name.replace("_", " ")
    found: list[Part] = []
    for suffix, counts in zip(AROUND, _counts(ground, plane), strict=True):
        where = "in the box" if suffix == "here" else f"in {suffix} boxes around"
        column = Column(f"{name}_{suffix}", group, f"{said}: places {where}", "count", 0.0, *known.fields)
        found.append((column, counts.astype(np.float32)))
    text = f"{said}: from the box's middle to the nearest, at most {FARTHEST_M:.0f}"
    column = Column(f"{name}_m", group, text, "m", FARTHEST_M, *known.fields)
    return [*found, (column, _distances(ground, plane))]


def _counts(ground: Ground, plane: Floats) -> list[NDArray[np.int64]]:
    """Points in 1, 3 × 3 and 5 × 5 cells around each box: exact sums over a raster that reaches 2 cells out."""
    margin = max(AROUND.values())
    if not len(ground.cells):
        return [np.zeros(0, dtype=np.int64) for _ in AROUND]
    low = ground.cells.min(axis=0) - margin
    shape = ground.cells.max(axis=0) - low + margin + 1
    at = np.floor(plane / BOX_M).astype(np.int64) - low
    at = at[((at >= 0) & (at < shape)).all(axis=1)]
    raster = np.zeros(tuple(shape), dtype=np.int64)
    np.add.at(raster, (at[:, 0], at[:, 1]), 1)
    x, y = (ground.cells - low).T
    return [
        sum((raster[x + dx, y + dy] for dx in _span(far) for dy in _span(far)), np.zeros(len(x), dtype=np.int64))
        for far in AROUND.values()
    ]


def _span(far: int) -> range:
    return range(-far, far + 1)


def _distances(ground: Ground, plane: Floats) -> Floats32:
    """Whole metres from each box's middle to the nearest point, capped."""
    found = np.full(len(ground.cells), FARTHEST_M)
    if len(plane):
        tree = shapely.STRtree(shapely.points(plane))
        (box, _), metres = tree.query_nearest(
            shapely.points(ground.centres), max_distance=FARTHEST_M, return_distance=True, all_matches=False
        )
        found[box] = metres
    return np.asarray(np.rint(found), dtype=np.float32)
