"""What of an OpenStreetMap extract is drawn: its streets, water, green and buildings, and the names of the first three.

Of an object its geometry, its kind and, where it is a street, a park, water or a quarter, its name are read: nothing
else (protection 1). Must not know how it is drawn.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import osmium
import shapely
from osmium.osm.types import OSMEntity
from shapely.geometry.base import BaseGeometry

from edge.agency.feature_file import is_osm
from edge.agency.street_layer import OSM_DRIVEN, OSM_MAIN
from edge.errors import UserError

Layer: TypeAlias = Literal["water", "green", "building", "road", "coast", "place"]

_LINES: Final[Mapping[str, Mapping[str, tuple[Layer, str]]]] = {
    "highway": {
        **dict.fromkeys(OSM_DRIVEN - {*OSM_MAIN}, ("road", "side")),
        **dict.fromkeys(OSM_MAIN, ("road", "main")),
        **dict.fromkeys(("service", "pedestrian"), ("road", "lane")),
    },
    "railway": dict.fromkeys(("rail", "light_rail"), ("road", "rail")),
    "waterway": dict.fromkeys(("river", "canal", "stream"), ("water", "line")),
    "natural": {"coastline": ("coast", "")},
}
_AREAS: Final[Mapping[str, Mapping[str, tuple[Layer, str]]]] = {
    "natural": {
        "water": ("water", "area"),
        **dict.fromkeys(("wood", "scrub", "grassland", "wetland"), ("green", "")),
    },
    "waterway": dict.fromkeys(("riverbank", "dock"), ("water", "area")),
    "landuse": {
        **dict.fromkeys(("reservoir", "basin"), ("water", "area")),
        **dict.fromkeys(("cemetery", "forest", "grass", "meadow", "recreation_ground", "village_green"), ("green", "")),
    },
    "leisure": dict.fromkeys(("park", "garden", "golf_course", "nature_reserve", "dog_park"), ("green", "park")),
}
_PLACES: Final = frozenset({"borough", "suburb", "quarter", "neighbourhood", "town", "village"})
_CLUTTER: Final = frozenset({"parking_aisle", "driveway", "drive-through", "yard", "siding", "spur", "crossover"})
"""Lanes of a parking lot and of a house, tracks of a railway's yard: many lines, and no way to a box."""

_NOT_DRAWN: Final = (None, "")
_KEYS: Final = ("highway", "railway", "waterway", "natural", "landuse", "leisure", "building", "place")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One object in degrees, longitude first. ``kind``: within its layer; ``name``: as the file has it, or empty."""

    layer: Layer
    kind: str
    name: str
    shape: BaseGeometry


def drawn_objects(path: Path) -> Iterator[Drawn]:
    """Every object that is drawn; one whose nodes lie outside the extract is left out.

    Raises UserError where the file is no OpenStreetMap extract that can be read.
    """
    try:
        path.open("rb").close()
    except OSError as error:
        msg = f"{path}: {error.strerror}; give an OpenStreetMap extract (.osm.pbf)"
        raise UserError(msg) from error
    if not is_osm(path):
        msg = f"{path}: not an OpenStreetMap extract (.osm.pbf); give the extract of the agency's own region"
        raise UserError(msg)
    keys = osmium.filter.KeyFilter(*_KEYS)
    try:
        for entity in osmium.FileProcessor(str(path)).with_areas(keys).with_filter(keys):
            yield from _drawn(entity)
    except (RuntimeError, OSError) as error:
        msg = f"{path}: damaged ({error}); download the extract again"
        raise UserError(msg) from error


def _drawn(entity: OSMEntity) -> Iterator[Drawn]:
    layer, kind = _kind(entity)
    if layer is None:
        return
    try:
        shape = shapely.from_wkb(_wkb(entity))
    except (osmium.InvalidLocationError, RuntimeError, shapely.errors.GEOSException):
        return
    yield Drawn(layer, kind, entity.tags.get("name") or "", shape)


def _kind(entity: OSMEntity) -> tuple[Layer | None, str]:
    """The layer of an object, None where it is not drawn, and its kind."""
    tags = entity.tags
    if isinstance(entity, osmium.osm.Node):
        return ("place", tags["place"]) if tags.get("place") in _PLACES else _NOT_DRAWN
    if isinstance(entity, osmium.osm.Way):
        buried = tags.get("tunnel", "no") != "no" and "highway" not in tags
        clutter = tags.get("service") in _CLUTTER or tags.get("area") == "yes"
        return _NOT_DRAWN if buried or clutter else _first(_LINES, entity)
    if isinstance(entity, osmium.osm.Area):
        found = _first(_AREAS, entity)
        return ("building", "") if found is _NOT_DRAWN and tags.get("building", "no") != "no" else found
    return _NOT_DRAWN


def _first(kinds: Mapping[str, Mapping[str, tuple[Layer, str]]], entity: OSMEntity) -> tuple[Layer | None, str]:
    found = (layers.get(entity.tags.get(key) or "") for key, layers in kinds.items())
    return next((one for one in found if one is not None), _NOT_DRAWN)


def _wkb(entity: OSMEntity) -> str:
    factory = osmium.geom.WKBFactory()
    if isinstance(entity, osmium.osm.Node):
        return str(factory.create_point(entity))
    if isinstance(entity, osmium.osm.Way):
        return str(factory.create_linestring(entity))
    assert isinstance(entity, osmium.osm.Area)  # noqa: S101 - nothing else is drawn
    return str(factory.create_multipolygon(entity))
