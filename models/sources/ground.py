"""The agency's ground: its boxes by number, as cells and squares of the grid's plane, and points moved into it.

The grid holds 2 km and more around the boundary: farther points are left out, and no distance over 2 km is told.
Must not read files.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from edge.agency.fit import Floats, project_many
from edge.domain.grid import BOX_M, Grid

FARTHEST_M: Final = 2000.0
_STEP_DEGREES: Final = 0.0005


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """``cells``: int64[boxes, 2], by ``Box.number - 1``."""

    grid: Grid
    cells: NDArray[np.int64]

    @staticmethod
    def of(grid: Grid) -> "Ground":
        """The ground of a grid."""
        boxes = sorted(grid.boxes.values(), key=lambda box: box.number)
        return Ground(grid, np.array([box.cell for box in boxes], dtype=np.int64).reshape(-1, 2))

    @property
    def centres(self) -> Floats:
        """float64[boxes, 2]: the boxes' middles, metres."""
        return np.asarray((self.cells + 0.5) * BOX_M, dtype=np.float64)

    def squares(self) -> NDArray[np.object_]:
        """The boxes as polygons of the plane."""
        corner = self.cells * BOX_M
        squares: NDArray[np.object_] = shapely.box(
            corner[:, 0], corner[:, 1], corner[:, 0] + BOX_M, corner[:, 1] + BOX_M
        )
        return squares

    def project(self, lat: Floats, lon: Floats) -> Floats:
        """float64[points, 2]: eastings and northings of those points that the grid holds."""
        held = self._reached(lat, lon)
        return np.stack(project_many(self.grid, lat[held], lon[held]), axis=-1)

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a position in degrees lies where the grid holds."""
        return self.grid.project(lat, lon) is not None

    def move(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Shapes in degrees, cut to where the grid holds, in metres of its plane; empty ones are left out."""
        held = self._held()
        near = shapes[shapely.intersects(held, shapes)]
        cut = ~shapely.covers(held, near)
        near[cut] = shapely.intersection(shapely.make_valid(near[cut]), held)
        moved: NDArray[np.object_] = shapely.transform(shapely.segmentize(near, _STEP_DEGREES), self.plane)
        return np.array(moved[~shapely.is_empty(moved)], dtype=object)

    def near(self, shape: shapely.Geometry) -> bool:
        """Whether any part of a shape in degrees lies where the grid holds."""
        return bool(shapely.intersects(self._held(), shape))

    def plane(self, places: Floats) -> Floats:
        """float64[points, 2] of longitudes and latitudes in reach, or a little outside."""
        return np.stack(project_many(self.grid, places[:, 1], places[:, 0]), axis=-1)

    def _reached(self, lat: Floats, lon: Floats) -> NDArray[np.bool_]:
        grid = self.grid
        u, v = (lon - grid.lon0) / grid.scale, (lat - grid.lat0) / grid.scale
        return np.asarray((np.abs(u) <= grid.reach) & (np.abs(v) <= grid.reach))

    def _held(self) -> shapely.Polygon:
        grid = self.grid
        half = grid.scale * grid.reach
        held = shapely.box(grid.lon0 - half, grid.lat0 - half, grid.lon0 + half, grid.lat0 + half)
        shapely.prepare(held)
        return held
