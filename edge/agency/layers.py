"""The offline map: outlines and lines, thinned to what a screen in a car can show.

Each to 3 m and five decimals of a degree. Must carry no names but beats' and districts' ids.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from edge.agency.boxes import opt_out_areas, to_plane
from edge.agency.fit import Fit
from edge.agency.source import Area, Shapes
from edge.contract.map_file import LayerKind, MapDoc, MapLayer

Line: TypeAlias = tuple[tuple[float, float], ...]
Label: TypeAlias = tuple[float, float, str]

_THIN_M: Final = 3.0
_DIGITS: Final = 5


def make_map(fit: Fit, shapes: Shapes) -> MapDoc:
    """The layers from the bottom up."""
    degrees = Transformer.from_crs(fit.grid.epsg, 4326, always_xy=True)

    def layer(kind: LayerKind, plane: Iterable[BaseGeometry], labels: tuple[Label, ...] = ()) -> MapLayer:
        lines = (line for shape in plane for path in _paths(shape) if (line := _rounded(path, degrees)))
        return MapLayer(kind=kind, lines=tuple(lines), labels=labels)

    def areas(kind: LayerKind, named: Sequence[Area]) -> MapLayer:
        plane = [(area.id, shape) for area in named if not (shape := to_plane(fit, area.shape)).is_empty]
        return layer(kind, (shape for _, shape in plane), tuple(_label(*each, degrees) for each in plane))

    layers = (
        layer("water", (to_plane(fit, shape) for shape in shapes.water)),
        layer("street", (to_plane(fit, street.shape) for street in shapes.streets if not street.main)),
        layer("main_street", (to_plane(fit, street.shape) for street in shapes.streets if street.main)),
        layer("opt_out", (_areal(shape) for shape in opt_out_areas(fit, shapes))),
        areas("beat", shapes.beats),
        areas("district", shapes.districts),
        layer("boundary", (to_plane(fit, shapes.boundary),)),
    )
    return MapDoc(layers=tuple(each for each in layers if each.lines))


def _areal(shape: BaseGeometry) -> BaseGeometry:
    """An opt-out place that is a mere point or line gets a body that can be seen."""
    return shape if shape.area else shape.buffer(_THIN_M * 4.0)


def _paths(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """The lines and rings of a shape, thinned."""
    for part in shapely.get_parts(shapely.simplify(shape, _THIN_M)):
        if part.geom_type == "Polygon":
            yield from shapely.get_rings(part)
        elif not part.is_empty:
            yield part


def _rounded(path: BaseGeometry, degrees: Transformer) -> Line:
    """Longitudes and latitudes without repeats; empty where nothing is left to draw."""
    east, north = shapely.get_coordinates(path).T
    lons, lats = degrees.transform(east, north)
    line: list[tuple[float, float]] = []
    for lon, lat in zip(lons, lats, strict=True):
        place = round(float(lon), _DIGITS), round(float(lat), _DIGITS)
        if not line or line[-1] != place:
            line.append(place)
    return tuple(line) if len(line) > 1 else ()


def _label(name: str, shape: BaseGeometry, degrees: Transformer) -> Label:
    """The id of an area at a point inside its largest part."""
    point = max(shapely.get_parts(shape), key=shapely.area).representative_point()
    lon, lat = degrees.transform(point.x, point.y)
    return round(float(lon), _DIGITS), round(float(lat), _DIGITS), name
