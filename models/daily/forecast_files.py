"""A forecast of some days as files that others read: CSV, and GeoJSON (RFC 7946) with each box as a polygon.

One row or feature a box, in the order of their numbers. Must not compute a forecast.
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pyproj import Transformer

from edge.domain.grid import BOX_M, Box
from edge.text.whole_file import write_whole
from models.daily.period import PeriodForecast

MILLION: Final = 1e6
DIGITS: Final = 7
"""Of a degree: a centimeter; RFC 7946, section 11.2, calls six enough."""


def write_csv(made: PeriodForecast, path: Path) -> None:
    """Write the table: box, area, and of each type the expected incidents and the rank. Raises UserError."""
    text = io.StringIO()
    rows = list(_properties(made))
    table = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    write_whole(path, text.getvalue())


def write_geojson(made: PeriodForecast, path: Path) -> None:
    """Write the boxes as polygons in WGS 84, longitude first, counterclockwise. Raises UserError."""
    degrees = Transformer.from_crs(made.agency.grid.epsg, 4326, always_xy=True)
    features = [
        {"type": "Feature", "id": row["box"], "geometry": _polygon(box, degrees), "properties": row}
        for box, row in zip(_boxes(made), _properties(made), strict=True)
    ]
    write_whole(path, json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n")


def _boxes(made: PeriodForecast) -> list[Box]:
    return sorted(made.agency.grid.boxes.values(), key=lambda box: box.number)


def _properties(made: PeriodForecast) -> Iterator[dict[str, Any]]:
    ranks = made.ranks
    for box in _boxes(made):
        row: dict[str, Any] = {
            "box": box.id,
            "number": box.number,
            "district": box.district,
            "beat": box.beat,
            "opt_out": box.opt_out,
            "from": made.first.isoformat(),
            "to": made.last.isoformat(),
            "incidents_counted_through": made.known_to.isoformat(),
        }
        for name, units in made.expected.items():
            row[f"{name}_expected"] = int(units[box.number - 1]) / MILLION
            row[f"{name}_rank"] = int(ranks[name][box.number - 1])
        yield row


def _polygon(box: Box, degrees: Any) -> dict[str, Any]:
    west, south = (axis * BOX_M for axis in box.cell)
    east, north = west + BOX_M, south + BOX_M
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    lon, lat = degrees.transform(*zip(*corners, strict=True))
    return {
        "type": "Polygon",
        "coordinates": [[[round(x, DIGITS), round(y, DIGITS)] for x, y in zip(lon, lat, strict=True)]],
    }
