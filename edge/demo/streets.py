"""The street network of the demo city: from crossing lines to edges between crossings, and the quickest way over them.

Must not know why a car goes where it goes.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Final, TypeAlias

import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

Node: TypeAlias = tuple[float, float]

ARTERIAL_SPEED: Final = 13.4
LOCAL_SPEED: Final = 8.9
_STUB_M: Final = 25.0
_NEAR_M: Final = 0.5
_LOST: Final = 0.06  # of the side streets' blocks
_ONE_CROSSING_M: Final = 1.0  # crossings nearer to each other than this are one


@dataclass(frozen=True, slots=True)
class Edge:
    """One street between two crossings, metres of the plane; ``speed`` in m/s."""

    line: LineString
    start: Node
    end: Node
    speed: float

    @property
    def arterial(self) -> bool:
        """Whether it is a main road."""
        return self.speed == ARTERIAL_SPEED

    def node_at(self, *, forward: bool) -> Node:
        """Where a car leaves it that drives along, or against, its line."""
        return self.end if forward else self.start


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a street: the edge's index and metres along its line."""

    edge: int
    along: float


@dataclass(frozen=True, slots=True)
class Leg:
    """One edge of a way, from ``begin`` to ``finish`` metres along its line (backward where begin is the larger)."""

    edge: int
    begin: float
    finish: float


@dataclass(frozen=True)
class Streets:
    """All edges, and which of them meet at each crossing."""

    edges: tuple[Edge, ...]
    at: dict[Node, list[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        at: dict[Node, list[int]] = defaultdict(list)
        for index, edge in enumerate(self.edges):
            at[edge.start].append(index)
            at[edge.end].append(index)
        object.__setattr__(self, "at", dict(at))

    def nearest(self, x: float, y: float) -> Spot:
        """The nearest place on a street to a point of the plane."""
        point = shapely.Point(x, y)
        index = min(range(len(self.edges)), key=lambda i: self.edges[i].line.distance(point))
        return Spot(index, float(self.edges[index].line.project(point)))

    def way(self, origin: Spot, goal: Spot, allowed: Collection[int] | None = None) -> list[Leg] | None:
        """The quickest way between two spots, over the ``allowed`` edges alone; None where there is none."""
        if origin.edge == goal.edge:
            return [Leg(origin.edge, origin.along, goal.along)]
        came = self._search(origin, goal, allowed)
        goal_edge = self.edges[goal.edge]
        ends = [(came[node][0] + self._cost(goal, forward=not forward), node, forward)
                for forward in (True, False) if (node := goal_edge.node_at(forward=not forward)) in came]  # fmt: skip
        if not ends:
            return None
        _, node, forward = min(ends)
        legs = [Leg(goal.edge, 0.0 if forward else goal_edge.line.length, goal.along)]
        while (via := came[node][1]) is not None:
            edge, ahead = self.edges[via], self.edges[via].end == node
            legs.append(Leg(via, 0.0, edge.line.length) if ahead else Leg(via, edge.line.length, 0.0))
            node = edge.node_at(forward=not ahead)
        first = self.edges[origin.edge]
        legs.append(Leg(origin.edge, origin.along, first.line.length if first.end == node else 0.0))
        return legs[::-1]

    def _search(
        self, origin: Spot, goal: Spot, allowed: Collection[int] | None
    ) -> dict[Node, tuple[float, int | None]]:
        """Seconds to each crossing up to the goal's, and the edge by which it is reached (Dijkstra)."""
        first = self.edges[origin.edge]
        came: dict[Node, tuple[float, int | None]] = {}
        queue: list[tuple[float, Node, int | None]] = [
            (self._cost(origin, forward=forward), first.node_at(forward=forward), None) for forward in (True, False)
        ]
        heapq.heapify(queue)
        wanted = {self.edges[goal.edge].start, self.edges[goal.edge].end}
        while queue and not wanted <= came.keys():
            cost, node, via = heapq.heappop(queue)
            if node in came:
                continue
            came[node] = cost, via
            for index in self.at[node]:
                edge = self.edges[index]
                if allowed is None or index in allowed:
                    after = edge.end if edge.start == node else edge.start
                    heapq.heappush(queue, (cost + edge.line.length / edge.speed, after, index))
        return came

    def _cost(self, spot: Spot, *, forward: bool) -> float:
        """Seconds from a spot to an end of its edge."""
        edge = self.edges[spot.edge]
        return float((edge.line.length - spot.along if forward else spot.along) / edge.speed)


def make_streets(arterials: BaseGeometry, side_streets: BaseGeometry, random: Random) -> Streets:
    """Cut all lines where they cross, lose some side streets' blocks, and keep what hangs together."""
    cut = shapely.get_parts(shapely.union_all([arterials, side_streets]))
    pieces = _joined(sorted(cut, key=lambda piece: piece.coords[0] + piece.coords[-1]))
    shapely.prepare(arterials)
    edges = []
    for piece in pieces:
        middle = piece.interpolate(0.5, normalized=True)
        arterial = bool(shapely.dwithin(arterials, middle, _NEAR_M))
        if arterial or random.random() > _LOST:
            speed = ARTERIAL_SPEED if arterial else LOCAL_SPEED
            edges.append(Edge(piece, piece.coords[0], piece.coords[-1], speed))
    return Streets(tuple(_largest(_without_stubs(edges))))


def _joined(pieces: Iterable[LineString]) -> list[LineString]:
    """Without the slivers between lines that meet nearly, but not quite, in one point: each is made one crossing."""
    moved: dict[Node, Node] = {}

    def crossing(node: Node) -> Node:
        while node in moved:
            node = moved[node]
        return node

    kept = []
    for piece in pieces:
        ends = crossing(piece.coords[0]), crossing(piece.coords[-1])
        if piece.length >= _ONE_CROSSING_M:
            kept.append(piece)
        elif ends[0] != ends[1]:
            moved[ends[1]] = ends[0]
    whole = (LineString([crossing(one.coords[0]), *one.coords[1:-1], crossing(one.coords[-1])]) for one in kept)
    return [piece for piece in whole if piece.length >= _ONE_CROSSING_M]


def _without_stubs(edges: list[Edge]) -> list[Edge]:
    """Without the short ends that the overlap of lines leaves."""
    while True:
        degree = Counter(node for edge in edges for node in (edge.start, edge.end))
        kept = [edge for edge in edges if edge.line.length > _STUB_M or min(degree[edge.start], degree[edge.end]) > 1]
        if len(kept) == len(edges):
            return kept
        edges = kept


def _largest(edges: list[Edge]) -> Iterable[Edge]:
    """The edges of the largest connected part."""
    at: dict[Node, list[Edge]] = defaultdict(list)
    for edge in edges:
        at[edge.start].append(edge)
        at[edge.end].append(edge)
    parts: list[set[Node]] = []
    for node in at:
        if not any(node in part for part in parts):
            parts.append(_reach(node, at))
    largest = max(parts, key=len)
    return (edge for edge in edges if edge.start in largest)


def _reach(node: Node, at: dict[Node, list[Edge]]) -> set[Node]:
    seen, open_ = {node}, [node]
    while open_:
        for edge in at[open_.pop()]:
            for other in (edge.start, edge.end):
                if other not in seen:
                    seen.add(other)
                    open_.append(other)
    return seen
