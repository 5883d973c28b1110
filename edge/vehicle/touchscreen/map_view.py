"""What ``GET /api/map`` answers: the agency's map in metres of the plane, ready to draw.

The vehicle's own polynomial projects it, so the browser needs no map library. Must not read the file more than once.
"""

import json
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from edge.contract.agency import Agency
from edge.contract.map_file import MapDoc, MapLayer
from edge.contract.places import PlacesDoc
from edge.domain.grid import BOX_M, Grid
from edge.text.coded import CodedError
from edge.text.mistakes import explain
from edge.text.words import os_error


class MapView:
    """The map of an agency as JSON text, made when it is first asked for."""

    def __init__(self, agency: Agency) -> None:
        self._agency = agency
        self._lock = threading.Lock()
        self._text: str | None = None

    def text(self) -> str:
        """``origin`` (metres, a corner of a box); ``layers``: ``kind``, ``lines`` of x, y, x, y, …, ``labels``.

        ``streets``, where they have names: the ``names``, so many of which are ``main`` ones, and ``labels``: name, x,
        y, bearing, metres straight, as `edge.contract.places.PlacesDoc` has them. ``plane``: the polynomials of
        `edge.domain.grid.Grid`, by which the page knows where a basemap's tiles lie. Coordinates are whole metres east
        and north of the origin. Raises CodedError where ``map.json`` is malformed.
        """
        with self._lock:
            if self._text is None:
                self._text = _drawn(self._agency, _read(self._agency.map_path))
            return self._text


def _read(path: Path) -> MapDoc:
    try:
        return MapDoc.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CodedError("bundle_file.unreadable", path=str(path), error=os_error(error)) from error
    except ValidationError as error:
        raise CodedError("file.malformed", path=str(path), detail=explain(error)) from error


def _drawn(agency: Agency, document: MapDoc) -> str:
    grid, origin = agency.grid, _origin(agency.grid)
    layers = [
        {
            "kind": layer.kind,
            "lines": [line for each in layer.lines for line in _lines(grid, origin, each)],
            "labels": list(_labels(grid, origin, layer)),
        }
        for layer in document.known
    ]
    streets = {} if agency.places is None else {"streets": _streets(agency.places, origin)}
    plane = {name: getattr(grid, name) for name in ("lat0", "lon0", "scale", "east", "north")}
    return json.dumps({"origin": origin, "plane": plane, "layers": layers, **streets}, separators=(",", ":"))


def _streets(places: PlacesDoc, origin: tuple[int, int]) -> dict[str, Any]:
    east, north = (own - here for own, here in zip(places.origin, origin, strict=True))
    labels = [[name, x + east, y + north, *more] for name, x, y, *more in places.written()]
    return {"names": places.names, "main": places.main, "labels": labels}


def _origin(grid: Grid) -> tuple[int, int]:
    """The south-western corner of the box in the middle of all."""
    cells = list(grid.boxes) or [(0, 0)]
    east, north = (sorted(axis)[len(cells) // 2] for axis in zip(*cells, strict=True))
    return int(east * BOX_M), int(north * BOX_M)


def _lines(grid: Grid, origin: tuple[int, int], line: Iterable[tuple[float, float]]) -> Iterator[list[int]]:
    """A line's x, y, x, y, …; in several pieces where it leaves the grid's reach."""
    piece: list[int] = []
    for lon, lat in line:
        point = _point(grid, origin, lon, lat)
        if point is not None and point != tuple(piece[-2:]):
            piece.extend(point)
        elif point is None:
            if len(piece) > 2:  # noqa: PLR2004 - two points make a line
                yield piece
            piece = []
    if len(piece) > 2:  # noqa: PLR2004 - two points make a line
        yield piece


def _labels(grid: Grid, origin: tuple[int, int], layer: MapLayer) -> Iterator[tuple[int, int, str]]:
    for lon, lat, text in layer.labels:
        point = _point(grid, origin, lon, lat)
        if point is not None:
            yield *point, text


def _point(grid: Grid, origin: tuple[int, int], lon: float, lat: float) -> tuple[int, int] | None:
    place = grid.project(lat, lon)
    return None if place is None else (round(place[0]) - origin[0], round(place[1]) - origin[1])
