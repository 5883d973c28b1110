"""An OpenStreetMap extract: the geometry of the objects that carry a wanted tag, read in one pass.

Of an object nothing but its geometry and the matching tag is kept: no name, no operator. Must not project.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import osmium
import shapely
from osmium.osm.types import OSMEntity
from shapely.geometry.base import BaseGeometry

from edge.errors import UserError

DEFAULT_CATEGORIES: Final = Path(__file__).with_name("osm_places.toml")


@dataclass(frozen=True, slots=True)
class OsmShapes:
    """Shapes in degrees, longitude first, by tag (``key=value``): nodes, areas (rings closed) and lines (ways)."""

    nodes: dict[str, list[BaseGeometry]] = field(default_factory=lambda: defaultdict(list))
    areas: dict[str, list[BaseGeometry]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[str, list[BaseGeometry]] = field(default_factory=lambda: defaultdict(list))

    def spots(self, tags: Collection[str]) -> list[BaseGeometry]:
        """One point for each node and area with one of the tags."""
        nodes = [shape for tag in tags for shape in self.nodes.get(tag, [])]
        return nodes + [shape.centroid for tag in tags for shape in self.areas.get(tag, [])]

    def any_of(self, near: Callable[[BaseGeometry], bool]) -> bool:
        """Whether any of the shapes is near."""
        return any(
            near(shape) for kind in (self.nodes, self.areas, self.lines) for each in kind.values() for shape in each
        )


def default_categories() -> Mapping[str, tuple[str, ...]]:
    """The categories of places that are read where an agency lists none."""
    listed = tomllib.loads(DEFAULT_CATEGORIES.read_text(encoding="utf-8"))
    return {name: tuple(tags) for name, tags in listed.items()}


def read_osm(path: Path, tags: Collection[str]) -> OsmShapes:
    """Every object with one of the tags. Raises UserError where the file can't be read."""
    wanted = frozenset(tags)
    keys = osmium.filter.KeyFilter(*sorted({tag.partition("=")[0] for tag in wanted}))
    found = OsmShapes()
    try:
        if not path.is_file():
            raise FileNotFoundError
        for entity in osmium.FileProcessor(str(path)).with_areas(keys).with_filter(keys):
            _add(found, entity, {f"{key}={value}" for key, value in entity.tags} & wanted)
    except (RuntimeError, OSError) as error:
        why = str(error) or "no such file"
        msg = f"{path}: not a readable OpenStreetMap extract ({why}); give an .osm.pbf file"
        raise UserError(msg) from error
    return found


def refuse_elsewhere(path: Path, holds: Callable[[float, float], bool]) -> None:
    """Raise UserError where no node at all lies near the agency: an empty extract, or one of another region.

    ``holds``: whether a latitude and longitude do. It is asked only where no wanted object is near.
    """
    for node in osmium.FileProcessor(str(path), osmium.osm.NODE):
        if isinstance(node, osmium.osm.Node) and node.location.valid() and holds(node.location.lat, node.location.lon):
            return
    msg = f"{path}: nothing in it lies near the agency; give the OpenStreetMap extract of the agency's own region"
    raise UserError(msg)


def _add(found: OsmShapes, entity: OSMEntity, tags: Collection[str]) -> None:
    """Keep an entity's geometry under its tags; one whose nodes lie outside the extract is left out."""
    if not tags:
        return
    try:
        shapes, wkb = _geometry(found, entity)
    except (osmium.InvalidLocationError, RuntimeError):
        return
    if wkb is not None:
        shape = shapely.from_wkb(wkb)
        for tag in tags:
            shapes[tag].append(shape)


def _geometry(found: OsmShapes, entity: OSMEntity) -> tuple[dict[str, list[BaseGeometry]], str | None]:
    """Where an entity's shape belongs, and the shape (hexadecimal WKB); a relation itself has none."""
    factory = osmium.geom.WKBFactory()
    if isinstance(entity, osmium.osm.Node):
        return found.nodes, factory.create_point(entity)
    if isinstance(entity, osmium.osm.Way):
        return found.lines, factory.create_linestring(entity)
    if isinstance(entity, osmium.osm.Area):
        return found.areas, factory.create_multipolygon(entity)
    return found.nodes, None
