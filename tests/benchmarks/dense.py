"""The demo's city as dense as a real one is in OpenStreetMap: its streets, and houses along them. Measures nothing."""

import json
from pathlib import Path
from typing import Final

import shapely

from edge.agency.basemap import make_basemap
from tests.benchmarks.town import Town
from tests.models.osm_file import OsmFile

APART_DEG: Final = 0.0002
HOUSE_DEG: Final = 0.00006
CLASSES: Final = {"arterial": "primary", "local": "residential"}


def dense_basemap(town: Town, folder: Path) -> Path:
    """Its basemap; about 20,000 houses."""
    file, streets = OsmFile(), json.loads((town.site.folder / "streets.geojson").read_text("utf-8"))["features"]
    for street in streets:
        line, properties = shapely.from_geojson(json.dumps(street["geometry"])), street["properties"]
        nodes = [file.node_at((lat, lon)) for lon, lat in line.coords]
        file.broken_way(nodes, {"highway": CLASSES[properties["class"]], "name": properties["name"]})
        for step in range(int(line.length / APART_DEG)):
            at = line.interpolate(step * APART_DEG)
            _house(file, at.x + APART_DEG / 2.0, at.y + APART_DEG / 2.0)
    make_basemap(file.write(folder / "city.osm.pbf"), town.site.agency, folder / "basemap.pmtiles")
    return folder / "basemap.pmtiles"


def _house(file: OsmFile, lon: float, lat: float) -> None:
    corners = [
        file.node_at((lat + down * HOUSE_DEG, lon + right * HOUSE_DEG))
        for right, down in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]
    file.broken_way([*corners, corners[0]], {"building": "yes"})
