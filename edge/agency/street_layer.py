"""The streets of an agency's map: their lines, which of them are main ones, and their names where a property has them.

An OpenStreetMap extract needs no properties to be named: its roads that cars drive on are read. Must not project.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from edge.agency.feature_file import is_osm, read_layer
from edge.agency.geometry import LINEAR, with_shapes
from edge.agency.street_level import LEVEL_PROPERTIES, level_of
from edge.agency.street_names import street_name
from edge.agency.whereabouts import notes_far
from edge.errors import UserError

_OSM_CLASS: Final = "highway"
_OSM_NAME: Final = "name"
OSM_MAIN: Final = ("motorway", "trunk", "primary", "secondary")
OSM_DRIVEN: Final = frozenset(
    {*OSM_MAIN, *(f"{name}_link" for name in (*OSM_MAIN, "tertiary")), "tertiary", "unclassified", "residential",
     "living_street", "road"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Street:
    """A line in degrees; ``name``: abbreviated, None where it has none; ``level``: 0 on the ground, 1 on a bridge."""

    shape: BaseGeometry
    main: bool
    name: str | None
    level: int


@dataclass(frozen=True, slots=True)
class StreetFile:
    """The file, the property of a street's class and its values that are main ones, the property of its name."""

    path: Path
    class_property: str | None
    main: Sequence[str]
    name_property: str | None


def read_streets(file: StreetFile, boundary: BaseGeometry, notes: list[str]) -> tuple[Street, ...]:
    """Every street. Raises UserError where none is of a main class that is named, or none has a name."""
    osm = is_osm(file.path)
    if osm:
        file = StreetFile(
            file.path, file.class_property or _OSM_CLASS, file.main or OSM_MAIN, file.name_property or _OSM_NAME
        )
    columns = [name for name in (file.class_property, file.name_property) if name is not None]
    features = read_layer(file.path, columns, beside=LEVEL_PROPERTIES)
    if osm:
        features = [each for each in features if each.properties.get(_OSM_CLASS) in OSM_DRIVEN]
    streets = tuple(
        Street(shape, _main(feature.properties, file), _name(feature.properties, file), level_of(feature.properties))
        for feature, shape in with_shapes(file.path, features, LINEAR, notes)
    )
    _refuse_without(file, streets, osm=osm)
    notes.extend(notes_far(file.path, "streets", [street.shape for street in streets], boundary))
    return streets


def _main(properties: dict[str, Any], file: StreetFile) -> bool:
    return file.class_property is not None and properties.get(file.class_property) in file.main


def _name(properties: dict[str, Any], file: StreetFile) -> str | None:
    return None if file.name_property is None else street_name(properties.get(file.name_property))


def _refuse_without(file: StreetFile, streets: Sequence[Street], *, osm: bool) -> None:
    """Raises UserError where a property that agency.toml names is of no use."""
    if osm:
        return
    if file.main and not any(street.main for street in streets):
        what = f"no feature has a {file.class_property!r} listed in main_streets"
    elif file.name_property is not None and not any(street.name for street in streets):
        what = f"no feature has a name in {file.name_property!r}, the street_name_property"
    else:
        return
    msg = f"{file.path}: {what}; correct either one in agency.toml"
    raise UserError(msg)
