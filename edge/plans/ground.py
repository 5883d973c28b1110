"""The ground of a drawn map: an agency's lines in metres of the plane, the frame around some boxes, and the view of it.

Must not draw colours, and must not know what is drawn on the ground.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from edge.contract.agency import Agency
from edge.contract.map_file import MapDoc
from edge.domain.grid import BOX_M, Cell

WIDTH: Final = 1000.0
NAMED: Final = ("beat",)
"""Layers whose labels are written."""

Point: TypeAlias = tuple[float, float]
Layers: TypeAlias = tuple[tuple[str, tuple[Point, ...], str], ...]
"""Kind, points in metres of the plane, and a text: a label is one point, a line has no text."""

Frame: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north, metres."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a layer, as the points of an SVG polyline."""

    kind: str
    points: str


def frame_of(cells: Sequence[Cell], margin_m: float, least_m: float, shapes: tuple[float, float]) -> Frame:
    """The boxes with a margin, not narrower than ``least_m``; ``shapes``: least and greatest height for the width."""
    west, east = min(x for x, _ in cells) * BOX_M - margin_m, (max(x for x, _ in cells) + 1) * BOX_M + margin_m
    south, north = min(y for _, y in cells) * BOX_M - margin_m, (max(y for _, y in cells) + 1) * BOX_M + margin_m
    least_width = max(least_m, (north - south) / shapes[1])
    grow = max(0.0, least_width - (east - west)) / 2.0
    west, east = west - grow, east + grow
    grow = max(0.0, (east - west) * shapes[0] - (north - south)) / 2.0
    return west, south - grow, east, north + grow


class View:
    """From metres of the plane to a drawing `WIDTH` wide."""

    def __init__(self, frame: Frame) -> None:
        self.west, self.south, self.east, self.north = frame
        self.scale = WIDTH / (self.east - self.west)
        self.height = (self.north - self.south) * self.scale

    def sees(self, points: Sequence[Point]) -> bool:
        """Whether a line's extent touches the view."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs) < self.east and max(xs) > self.west and min(ys) < self.north and max(ys) > self.south

    def place(self, point: Point) -> Point:
        """A point of the plane in the drawing."""
        return (point[0] - self.west) * self.scale, (self.north - point[1]) * self.scale

    def line(self, kind: str, points: Sequence[Point]) -> Line:
        """A line in the drawing."""
        return Line(kind, " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self.place, points)))


def project_layers(agency: Agency) -> Layers:
    """The agency's map in metres of the plane, from the bottom up: read once, when an application is made."""
    doc = MapDoc.model_validate_json(agency.map_path.read_bytes())
    return tuple(_project(doc, agency))


def _project(doc: MapDoc, agency: Agency) -> Iterator[tuple[str, tuple[Point, ...], str]]:
    for layer in doc.known:
        for line in layer.lines:
            points = tuple(p for lon, lat in line if (p := agency.grid.project(lat, lon)) is not None)
            if len(points) > 1:
                yield layer.kind, points, ""
        for lon, lat, text in layer.labels if layer.kind in NAMED else ():
            if text and (point := agency.grid.project(lat, lon)) is not None:
                yield layer.kind, (point,), text
