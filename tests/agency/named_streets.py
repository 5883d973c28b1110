"""Main Street and 4th Street of the square town, and their layer, for tests that need names."""

import json
from pathlib import Path
from typing import Any

from tests.agency.square import EAST, NORTH, SOUTH, WEST, collection

Named = tuple[str | None, str, list[list[float]]]
"""A street: its name, its class, its points."""

MAIN_LON, FOURTH_LAT = -99.0045, 40.0065
CROSSING = FOURTH_LAT, MAIN_LON
STREETS: list[Named] = [
    ("North Main Street", "primary", [[MAIN_LON, SOUTH], [MAIN_LON, FOURTH_LAT]]),
    ("South Main Street", "primary", [[MAIN_LON, FOURTH_LAT], [MAIN_LON, NORTH]]),
    ("4th Street", "residential", [[WEST, FOURTH_LAT], [EAST, FOURTH_LAT]]),
    (None, "service", [[-99.006, SOUTH], [-99.006, NORTH]]),
]


def with_streets(folder: Path, toml: Path, streets: list[Named] = STREETS, more: str = "") -> Path:
    """The streets as a layer of the square town; the path of its ``agency.toml``."""
    features: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"label": name, "kind": kind, "owner": "somebody"}, {"type": "LineString", "coordinates": line})
        for name, kind, line in streets
    ]
    (folder / "streets.geojson").write_text(json.dumps(collection(*features)))
    named = f'streets = "streets.geojson"\nstreet_name_property = "label"\n{more}'
    toml.write_text(toml.read_text() + named)
    return toml
