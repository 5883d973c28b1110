"""A small OpenStreetMap extract around a place: streets, a park, a lake, a house, a quarter, a coast."""

from pathlib import Path
from typing import Final

from tests.models.osm_file import OsmFile

METRE: Final = 1.0 / 111_195.0  # degrees of latitude
SHORE_M: Final = 700.0
"""East of the middle the land ends."""


class Around:
    """Points by metres east and north of a place; a degree of longitude is taken as 0.77 of one of latitude."""

    def __init__(self, lat: float, lon: float) -> None:
        self.file = OsmFile()
        self._lat, self._lon = lat, lon

    def node(self, east: float, north: float, tags: dict[str, str] | None = None) -> int:
        """Its id."""
        return self.file.node_at((self._lat + north * METRE, self._lon + east * METRE / 0.77), tags)

    def way(self, tags: dict[str, str], *points: tuple[float, float]) -> None:
        """A line; closed where its first point comes again."""
        nodes = [self.node(*one) for one in points[:-1]]
        nodes.append(nodes[0] if points[-1] == points[0] else self.node(*points[-1]))
        self.file.broken_way(nodes, tags)

    def square(self, tags: dict[str, str], east: float, north: float, side: float) -> None:
        """An area, by its south-western corner."""
        (right, top) = east + side, north + side
        self.way(tags, (east, north), (right, north), (right, top), (east, top), (east, north))


def write_extract(path: Path, lat: float, lon: float) -> Path:
    """Around a latitude and longitude."""
    town = Around(lat, lon)
    town.way({"highway": "primary", "name": "North Main Street"}, (0.0, -900.0), (0.0, 900.0))
    town.way({"highway": "residential", "name": "4th Street"}, (-900.0, 0.0), (600.0, 0.0))
    town.way({"highway": "service", "name": "Somebody's Drive"}, (-300.0, -200.0), (-300.0, 200.0))
    town.way({"highway": "service", "service": "parking_aisle"}, (-320.0, -200.0), (-320.0, 200.0))
    town.way({"highway": "footway"}, (-310.0, -200.0), (-310.0, 200.0))
    town.square({"leisure": "park", "name": "City Park", "operator": "Somebody"}, -500.0, 100.0, 150.0)
    town.square({"natural": "water", "name": "Mirror Lake"}, -500.0, -400.0, 200.0)
    town.square({"building": "yes", "name": "Somebody's House"}, 100.0, 100.0, 30.0)
    town.node(-250.0, 250.0, {"place": "suburb", "name": "Old Town"})
    town.node(-250.0, 200.0, {"amenity": "bar", "name": "Somebody's Bar"})
    town.way({"natural": "coastline"}, (SHORE_M, -60_000.0), (SHORE_M, 60_000.0))
    town.way({"highway": "residential", "name": "Far Street"}, (0.0, 30_000.0), (900.0, 30_000.0))
    return town.file.write(path)
