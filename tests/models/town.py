"""A town of 12 by 10 boxes for the tests of sources: its plane is known, so places can be put where they are wanted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pyproj import Transformer

from edge.agency.fit import fit_grid
from edge.contract.agency import Agency
from edge.domain.grid import BOX_M, Box, Grid, cell_of
from edge.domain.policy import Policy
from edge.domain.shift import Calendar, ShiftRule
from models.sources.ground import Ground
from tests.agency.square import collection

WIDE: Final = 12
HIGH: Final = 10
LAT, LON = 40.0, -99.0


def town_grid() -> Grid:
    """The town's grid: box 1 in the north-west, eastward row by row."""
    grid = fit_grid((LON - 0.02, LAT - 0.02, LON + 0.02, LAT + 0.02), LON).grid
    middle = grid.project(LAT, LON)
    assert middle is not None
    x, y = cell_of(*middle)
    cells = [(x - 6 + column, y + 5 - row) for row in range(HIGH) for column in range(WIDE)]
    return replace(grid, boxes={cell: Box(cell, number, "1", "11") for number, cell in enumerate(cells, start=1)})


GRID: Final = town_grid()
GROUND: Final = Ground.of(GRID)
SHIFTS: Final = (ShiftRule("night", time(0)), ShiftRule("day", time(8)), ShiftRule("evening", time(16)))
_DEGREES: Final = Transformer.from_crs(GRID.epsg, 4326, always_xy=True)


def town() -> Agency:
    """The town as an agency in Chicago's time zone."""
    fields: dict[str, Any] = dict.fromkeys(Agency.__dataclass_fields__)
    calendar = Calendar(ZoneInfo("America/Chicago"), SHIFTS)
    return Agency(**{**fields, "id": "town", "name": "Town", "calendar": calendar, "policy": Policy(), "grid": GRID})


def degrees(row: float, column: float) -> tuple[float, float]:
    """Latitude and longitude of a place: rows from the north edge, columns from the west edge, in boxes."""
    west, north = GROUND.cells[0][0] * BOX_M, (GROUND.cells[0][1] + 1) * BOX_M
    lon, lat = _DEGREES.transform(west + column * BOX_M, north - row * BOX_M)
    return float(lat), float(lon)


def ring(top: float, left: float, bottom: float, right: float) -> list[list[float]]:
    """The corners of a rectangle, longitude first, closed."""
    corners = ((top, left), (bottom, left), (bottom, right), (top, right), (top, left))
    return [list(reversed(degrees(*corner))) for corner in corners]


def polygon(top: float, left: float, bottom: float, right: float) -> dict[str, Any]:
    """A rectangle as a GeoJSON polygon."""
    return {"type": "Polygon", "coordinates": [ring(top, left, bottom, right)]}


def points(places: Iterable[tuple[float, float]], **properties: str) -> dict[str, Any]:
    """A GeoJSON collection of points at (row, column)."""
    shapes = [{"type": "Point", "coordinates": list(reversed(degrees(*place)))} for place in places]
    return collection(*((properties, shape) for shape in shapes))


def write(path: Path, text: str) -> Path:
    """A text file of these lines."""
    path.write_text(text, encoding="utf-8")
    return path
