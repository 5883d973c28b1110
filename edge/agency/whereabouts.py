"""Where on Earth a map's layers lie: at the agency's time zone, at its boundary, on one side of the 180th meridian.

So that latitudes written first, and another city's file, are told before a grid is made of them. Must not read the
layers.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from edge.agency.zone_place import arc, zone_place
from edge.errors import UserError

_NEAR_DEGREES: Final = 0.02
"""How far from the boundary's rectangle an area may lie and be near: 2 km, as the grid's margin."""

_OF_A_ZONE: Final = 45.0
"""Degrees of arc from a zone's city within which its agencies lie: Miami is 16 from New York, the zone's city."""

_ANTIMERIDIAN: Final = 179.0
_SWAP: Final = "its coordinates have latitude first; export the layer with longitude first, as GeoJSON has it"


def check_boundary(path: Path, boundary: BaseGeometry, zone: str) -> None:
    """Raises UserError where the boundary crosses the 180th meridian, or its latitudes come first."""
    west, _, east, _ = boundary.bounds
    if west < -_ANTIMERIDIAN and east > _ANTIMERIDIAN:
        msg = (
            f"{path}: the boundary lies on both sides of the 180th meridian, which one grid does not cross; build one "
            "agency for each side"
        )
        raise UserError(msg)
    home, middle = zone_place(zone), (boundary.centroid.x, boundary.centroid.y)
    if home is not None and arc(home, middle) > _OF_A_ZONE >= arc(home, (middle[1], middle[0])):
        msg = f"{path}: the boundary would lie {arc(home, middle):.0f}° from {zone}: {_SWAP}"
        raise UserError(msg)


def check_near(path: Path, what: str, shapes: Sequence[BaseGeometry], boundary: BaseGeometry) -> None:
    """Raises UserError where none of the shapes lies near the boundary."""
    for note in notes_far(path, what, shapes, boundary):
        raise UserError(note)


def notes_far(path: Path, what: str, shapes: Sequence[BaseGeometry], boundary: BaseGeometry) -> list[str]:
    """A sentence where none of the shapes lies near the boundary. Raises UserError where their latitude comes first."""
    west, south, east, north = (
        shapely.box(*boundary.bounds).buffer(_NEAR_DEGREES).bounds
    )  # the outline itself may be long
    if shapely.intersects(shapely.box(west, south, east, north), list(shapes)).any():
        return []
    if shapely.intersects(shapely.box(south, west, north, east), list(shapes)).any():
        msg = f"{path}: {_SWAP}"
        raise UserError(msg)
    return [f"{path}: no {what} near the boundary; check that both files are for the same city"]
