"""A plain drive for the system tests: from box to box of an agency, with a stay in each, as a recorded NMEA log."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import atan2, degrees, hypot
from pathlib import Path

from pyproj import Transformer

from edge.contract.agency import Agency
from edge.demo.nmea import nmea_sentences
from edge.domain.grid import Cell, Grid, centre

SPEED = 10.0  # m/s
NOON = datetime(2026, 3, 2, 18, 0, tzinfo=UTC).timestamp()  # in Chicago, within the day shift
SHIFT = "2026-03-02/day"


def row_of_boxes(agency: Agency, count: int) -> list[Cell]:
    """Boxes of one district, two cells apart in a row: a minute's drive from each to the next."""
    for (x, y), box in sorted(agency.grid.boxes.items()):
        cells = [(x + 2 * i, y) for i in range(count)]
        found = [agency.grid.boxes.get(cell) for cell in cells]
        if all(one is not None and one.district == box.district and not one.opt_out for one in found):
            return cells
    raise AssertionError


def positions(cells: Sequence[Cell], stay_s: int) -> Iterator[tuple[float, float, float, float]]:
    """Easting, northing, speed, course for each second: a stay amid every cell, straight lines between."""
    for i, cell in enumerate(cells):
        x, y = centre(cell)
        for second in range(stay_s):
            yield x + 0.3 * (second % 5), y, 0.1, 0.0
        if i + 1 < len(cells):
            end_x, end_y = centre(cells[i + 1])
            length = hypot(end_x - x, end_y - y)
            course = degrees(atan2(end_x - x, end_y - y))
            for step in range(1, int(length / SPEED)):
                part = step * SPEED / length
                yield x + part * (end_x - x), y + part * (end_y - y), SPEED, course


def write_log(path: Path, grid: Grid, cells: Sequence[Cell], stay_s: int, start_utc: float) -> int:
    """Write the drive as RMC and GGA at 1 Hz; its length in seconds."""
    to_degrees = Transformer.from_crs(grid.epsg, 4326, always_xy=True)
    with path.open("wb") as log:
        second = -1
        for second, (x, y, speed, course) in enumerate(positions(cells, stay_s)):
            lon, lat = to_degrees.transform(x, y)
            log.write(nmea_sentences(start_utc + second, lat, lon, speed, course))
    return second + 1
