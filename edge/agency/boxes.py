"""The agency's boxes: every cell that touches the boundary, with its number, district, beat and opt-out.

Works in the plane of the fitted polynomial, which *is* the grid: so every point inside the boundary has its box.
Must not read files.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from edge.agency.fit import Fit, project_many
from edge.agency.source import Area, Shapes
from edge.domain.grid import BOX_M, Box, Cell, cell_of

_STEP_DEGREES: Final = 0.0005  # a chord this long in degrees is within 0.1 mm of its image in the plane
_TOUCH_M: Final = 0.01


def make_boxes(fit: Fit, shapes: Shapes) -> tuple[Box, ...]:
    """Every box of the agency, by number: 1 in the north-west, then eastward row by row."""
    cells, squares = _cells(to_plane(fit, shapes.boundary).buffer(_TOUCH_M))
    centres = shapely.centroid(squares)
    districts = _area_of(fit, shapes.districts, centres)
    beats = _area_of(fit, shapes.beats, centres)
    closed = _touched(squares, opt_out_areas(fit, shapes))
    return tuple(
        Box(cell, number, district, beat, bool(opt_out))
        for number, (cell, district, beat, opt_out) in enumerate(
            zip(cells, districts, beats, closed, strict=True), start=1
        )
    )


def to_plane(fit: Fit, shape: BaseGeometry) -> BaseGeometry:
    """A shape in degrees, cut to where the grid holds, in metres of the grid's plane."""
    moved: BaseGeometry = all_to_plane(fit, np.array([shape], dtype=object))[0]
    return moved


def all_to_plane(fit: Fit, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Some shapes, each as `to_plane` has it."""
    grid, (west, south, east, north) = fit.grid, fit.bounds
    reach = shapely.bounds(shapes)
    beyond = ~((reach[:, :2] >= (west, south)) & (reach[:, 2:] <= (east, north))).all(axis=-1)
    inside = shapes.copy()
    inside[beyond] = shapely.intersection(shapes[beyond], shapely.box(*fit.bounds))
    dense = shapely.segmentize(inside, _STEP_DEGREES)
    moved: NDArray[np.object_] = shapely.transform(
        dense, lambda places: np.stack(project_many(grid, places[:, 1], places[:, 0]), axis=-1)
    )
    return moved


def opt_out_areas(fit: Fit, shapes: Shapes) -> list[BaseGeometry]:
    """The opt-out places with their buffers, in the plane."""
    moved = ((to_plane(fit, shape), buffer_m) for shape, buffer_m in shapes.opt_out)
    return [shape.buffer(buffer_m) if buffer_m else shape for shape, buffer_m in moved if not shape.is_empty]


def _cells(boundary: BaseGeometry) -> tuple[list[Cell], NDArray[np.object_]]:
    """The cells that touch the boundary, from the north-west row by row, and their squares."""
    west, south, east, north = boundary.bounds
    (first, bottom), (last, top) = cell_of(west, south), cell_of(east, north)
    cells = [(x, y) for y in range(top, bottom - 1, -1) for x in range(first, last + 1)]
    corner = np.array(cells, dtype=np.float64) * BOX_M
    squares = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + BOX_M, corner[:, 1] + BOX_M)
    shapely.prepare(boundary)
    touching = shapely.intersects(boundary, squares)
    return [cell for cell, hit in zip(cells, touching, strict=True) if hit], squares[touching]


def _area_of(fit: Fit, areas: Sequence[Area], centres: NDArray[np.object_]) -> list[str]:
    """The id of the area each centre lies in (the first by id where two overlap), or of the nearest."""
    moved = [(area.id, to_plane(fit, area.shape)) for area in areas]
    here = [(name, shape) for name, shape in moved if not shape.is_empty]
    shapes = np.array([shape for _, shape in here], dtype=object)
    found = np.full(len(centres), len(here))
    area, point = shapely.STRtree(centres).query(shapes, predicate="intersects")  # this way round it is prepared
    np.minimum.at(found, point, area)
    outside = np.flatnonzero(found == len(here))
    if len(outside):
        tree = shapely.STRtree(shapes)
        point, area = tree.query_nearest(centres[outside])
        np.minimum.at(found, outside[point], area)
    return [here[index][0] for index in found]


def _touched(squares: NDArray[np.object_], areas: Sequence[BaseGeometry]) -> NDArray[np.bool_]:
    """Which squares any part of an area touches."""
    touched = np.zeros(len(squares), dtype=np.bool_)
    if areas:
        touched[shapely.STRtree(squares).query(np.array(areas, dtype=object), predicate="intersects")[1]] = True
    return touched
