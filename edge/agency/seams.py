"""Where the districts or beats of a map overlap, and where the boundary is in none: how much, and what becomes of it.

Which area a box belongs to is `edge.agency.boxes`'s; this says it in words. Must not change anything.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from edge.agency.boxes import to_plane
from edge.agency.fit import Fit
from edge.agency.source import Area, Shapes, SourcesDoc
from edge.domain.grid import Box, centre

_LEAST_M2: Final = 1.0
"""Less than this is how files round their corners."""

_NAMED: Final = 3
"""Overlaps that are named, the largest first."""

_DOUBTFUL: Final = 0.5
"""Of the boundary: a larger gap is no gap, but another city's file."""

_TENTH_KM2: Final = 100_000.0


def seam_notes(fit: Fit, shapes: Shapes, boxes: Sequence[Box], folder: Path, sources: SourcesDoc) -> list[str]:
    """A sentence on the overlaps and one on the gaps of each of the two levels, where there are any."""
    boundary = to_plane(fit, shapes.boundary)
    middles = shapely.points(np.array([centre(box.cell) for box in boxes]))
    notes: list[str] = []
    for file, what, areas in (
        (sources.districts, "district", shapes.districts),
        (sources.beats, "beat", shapes.beats),
    ):
        plane = _by_id(fit, areas)
        notes += (
            f"{folder / file}: {said}" for said in (*_overlaps(plane, middles), *_gaps(plane, boundary, middles, what))
        )
    return notes


def _by_id(fit: Fit, areas: Sequence[Area]) -> dict[str, BaseGeometry]:
    """Each area whole, in the plane, by its id; those that lie elsewhere are left out."""
    parts: dict[str, list[BaseGeometry]] = {}
    for area in areas:
        parts.setdefault(area.id, []).append(to_plane(fit, area.shape))
    whole = {name: shapely.union_all(each) for name, each in sorted(parts.items())}
    return {name: shape for name, shape in whole.items() if not shape.is_empty}


def _overlaps(plane: dict[str, BaseGeometry], middles: NDArray[np.object_]) -> Iterator[str]:
    names, shapes = list(plane), np.array(list(plane.values()), dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.intersection(shapes[one], shapes[other])
    areas = shapely.area(shared)
    found = [int(at) for at in np.argsort(-areas, kind="stable") if areas[at] >= _LEAST_M2]
    if not found:
        return
    listed = ", ".join(f"{names[one[at]]} and {names[other[at]]} ({_said(areas[at])})" for at in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    whole = shapely.union_all(shared[found])
    yield (
        f"overlaps of {_said(whole.area)}: {listed}{more}; a box whose middle lies in several belongs to the first by "
        f"name ({_boxes(whole, middles)})"
    )


def _gaps(
    plane: dict[str, BaseGeometry],
    boundary: BaseGeometry,
    middles: NDArray[np.object_],
    what: str,
) -> Iterator[str]:
    gap = shapely.difference(boundary, shapely.union_all(list(plane.values())))
    if gap.area >= _LEAST_M2:
        share = gap.area / boundary.area
        doubt = "; check that both files are for the same city" if share > _DOUBTFUL else ""
        yield (
            f"{_said(gap.area)} of the boundary ({share:.1%}) is in no {what}; a box whose middle lies there belongs "
            f"to the nearest {what} ({_boxes(gap, middles)}){doubt}"
        )


def _said(square_metres: float) -> str:
    return f"{square_metres:,.0f} m²" if square_metres < _TENTH_KM2 else f"{square_metres / 1e6:,.2f} km²"


def _boxes(shape: BaseGeometry, middles: NDArray[np.object_]) -> str:
    count = len(shapely.STRtree(middles).query(shape, predicate="intersects"))
    return "1 box" if count == 1 else f"{count:,} boxes"
