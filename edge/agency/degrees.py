"""The coordinate system that a file names, and the way from it to degrees WGS 84, longitude first.

Coordinates come as every program writes them: across first, whatever the system's own order of axes. Must not read
files.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from edge.errors import UserError

_FARTHEST: Final = np.array([180.0, 90.0])  # longitude, latitude
_STEP_M: Final = 100.0
"""A line this long in a projected system is within 1 mm of its image in degrees."""

_HOW: Final = "export the layer in WGS 84 (EPSG:4326)"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class System:
    """``forth``: from a shape's coordinates to degrees; None: they are. ``named``: whether the file names its own."""

    forth: Callable[[BaseGeometry], BaseGeometry] | None
    named: bool

    def degrees(self, what: str, shape: BaseGeometry) -> BaseGeometry:
        """A shape in degrees. Raises UserError, ``what`` first, where it has no place on Earth."""
        moved = shape if self.forth is None else self.forth(shape)
        at = np.abs(shapely.get_coordinates(moved))
        if not (at <= _FARTHEST).all():  # NaN is no better
            says = "whatever coordinate system it names" if self.named else "and its file names no coordinate system"
            says = "but has latitude first" if (at <= _FARTHEST[::-1]).all() else says
            msg = f"{what} is not in degrees with longitude first, {says}; {_HOW}"
            raise UserError(msg)
        return moved


_DEGREES: Final = System(None, named=False)


def system_of(path: Path, given: object) -> System:
    """The system of GeoJSON's member ``crs``, or of a layer's own name. Raises UserError where it is not known."""
    if not given:
        return _DEGREES
    try:
        return _system(_name(given))
    except (CRSError, ValueError) as error:
        msg = f"{path}: names a coordinate system that is not known, {str(given)[:120]}; {_HOW}"
        raise UserError(msg) from error


def _name(given: object) -> str:
    """``urn:ogc:def:crs:EPSG::4269``, as today's and older files have it. Raises ValueError where there is none."""
    properties: Any = given.get("properties") if isinstance(given, dict) else {"name": given}
    named = properties.get("name", properties.get("code")) if isinstance(properties, dict) else None
    if not isinstance(named, str | int) or not str(named).strip():
        msg = "no name"
        raise ValueError(msg)
    return f"EPSG:{named}" if str(named).isdigit() else str(named).strip()


@cache
def _system(name: str) -> System:
    crs = _crs(name)
    if crs.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return System(None, named=True)
    if not (crs.is_geographic or crs.is_projected):
        msg = f"{name} is not a coordinate system of the Earth's surface"
        raise ValueError(msg)
    way = Transformer.from_crs(crs, 4326, always_xy=True)
    step = _STEP_M / crs.axis_info[0].unit_conversion_factor if crs.is_projected else 0.0

    def places(at: Floats) -> Floats:
        return np.stack(way.transform(at[:, 0], at[:, 1]), axis=-1)

    def forth(shape: BaseGeometry) -> BaseGeometry:
        dense = shapely.segmentize(shape, step) if step else shape
        return shapely.transform(dense, places)

    return System(forth, named=True)


def _crs(name: str) -> CRS:
    """By its name as it stands, or by the code at its end."""
    try:
        return CRS.from_user_input(name)
    except CRSError:
        code = re.search(r"(EPSG|ESRI)\b.*?(\d{4,6})$", name, re.IGNORECASE)
        if code is None:
            raise
        return CRS.from_authority(code[1].upper(), code[2])
