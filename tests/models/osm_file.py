"""A small OpenStreetMap extract of the test town, written with osmium."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import osmium
from osmium.osm.mutable import Node, Relation, Way

from tests.models.town import degrees

Place = tuple[float, float]
"""Row and column of the town, in boxes from its north-west corner."""


class OsmFile:
    """Collects nodes, ways and relations, and writes them as .osm.pbf."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._others: list[Any] = []

    def node(self, place: Place, tags: dict[str, str] | None = None) -> int:
        """Its id."""
        return self.node_at(degrees(*place), tags)

    def node_at(self, where: tuple[float, float], tags: dict[str, str] | None = None) -> int:
        """The id of a node at a latitude and longitude."""
        lat, lon = where
        self._nodes.append(Node(id=len(self._nodes) + 1, location=(lon, lat), tags=tags or {}))
        return len(self._nodes)

    def way(self, places: Sequence[Place], tags: dict[str, str]) -> int:
        """Its id; closed where the first place comes again at the end."""
        nodes = [self.node(place) for place in places[:-1]]
        nodes.append(nodes[0] if places[-1] == places[0] else self.node(places[-1]))
        return self.broken_way(nodes, tags)

    def broken_way(self, nodes: Sequence[int], tags: dict[str, str]) -> int:
        """A way by the ids of its nodes, which need not be in the file."""
        self._others.append(Way(id=len(self._others) + 1, nodes=list(nodes), tags=tags))
        return len(self._others)

    def multipolygon(self, outer: int, inner: int, tags: dict[str, str]) -> None:
        """An area with a hole."""
        members = [("w", outer, "outer"), ("w", inner, "inner")]
        self._others.append(Relation(id=len(self._others) + 1, members=members, tags={"type": "multipolygon", **tags}))

    def write(self, path: Path) -> Path:
        """The file."""
        with osmium.SimpleWriter(str(path)) as writer:
            for node in self._nodes:
                writer.add_node(node)
            for way in (each for each in self._others if isinstance(each, Way)):
                writer.add_way(way)
            for relation in (each for each in self._others if isinstance(each, Relation)):
                writer.add_relation(relation)
        return path


def square(top: float, left: float, bottom: float, right: float) -> list[Place]:
    """The corners of a rectangle, closed."""
    return [(top, left), (bottom, left), (bottom, right), (top, right), (top, left)]
