"""The Chicago UIC shuttle traces as drives: read, interpolated, written as NMEA, and boxes chosen on their routes.

The traces hold time and position only. Assumed, and nothing else is: a fix's speed is the distance from the fix
before it divided by the time since then (a trip's first fix has the speed of its second), HDOP is 1.0 (5 m), GGA
quality 1, 9 satellites. Each trip is a vehicle of its own. Must not know the rules of metering.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians
from pathlib import Path
from typing import Final

from edge.demo.nmea import nmea_sentences
from edge.domain.grid import Cell, Grid, cell_of, depth_inside
from edge.domain.inputs import Fix

HDOP: Final = 1.0
ACCURACY_M: Final = 5.0
LONGEST_GAP_S: Final = 10.0
_DEGREE_M: Final = 111_195.0  # of a great circle
_BUSIEST, _BESIDE, _GRAZED = 20, 10, 10
_GRAZED_M: Final = 10.0


@dataclass(frozen=True, slots=True)
class TraceFix:
    """One recorded position: POSIX seconds, degrees WGS 84."""

    time: float
    lat: float
    lon: float


def trips(shared_data: Path) -> dict[str, list[TraceFix]]:
    """The 889 trips by id, each in the order of time (whole seconds, never twice the same)."""
    found: dict[str, list[TraceFix]] = {}
    path = shared_data / "gps" / "chicago_uic_shuttle_traces_2011.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            fix = TraceFix(float(row["unix_time"]), float(row["lat"]), float(row["lon"]))
            found.setdefault(row["trip_id"], []).append(fix)
    return found


def interpolate_1hz(trip: Sequence[TraceFix]) -> list[TraceFix]:
    """The trip with a fix every second, on the straight line between two recorded ones at most 10 s apart.

    A longer gap stays a gap: nothing is invented across an outage. Every recorded fix is kept.
    """
    return [*(fix for one, other in pairwise(trip) for fix in _between(one, other)), *trip[-1:]]


def nmea(trip: Sequence[TraceFix]) -> bytes:
    """The trip as a receiver would have written it: RMC and GGA for each fix."""
    moves = [_move(one, other) for one, other in pairwise(trip)]
    return b"".join(
        nmea_sentences(fix.time, fix.lat, fix.lon, speed, course, hdop=HDOP, satellites=9, quality=1)
        for fix, (speed, course) in zip(trip, [*moves[:1], *moves], strict=True)
    )


def fixes(trip: Sequence[TraceFix]) -> list[Fix]:
    """The trip as fixes, without a receiver's sentences between; monotonic second 0 is its beginning."""
    moves = [_move(one, other) for one, other in pairwise(trip)]
    return [
        Fix(fix.time, fix.time - trip[0].time, fix.lat, fix.lon, speed, ACCURACY_M)
        for fix, (speed, _) in zip(trip, [*moves[:1], *moves], strict=True)
    ]


def boxes_on_routes(grid: Grid, drives: Iterable[Sequence[TraceFix]]) -> tuple[Cell, ...]:
    """40 boxes of the agency for an analyst's plan, the same for the same drives.

    The 20 in which the drives spend most time (visits that count, returns); the 10 busiest of those that share an
    edge with one of them (side by side); of the others the 10 that most drives only graze, never 10 m inside, while
    some drive has been there for a moment (no visit, or one too short to count).
    """
    seconds, grazes = _use_of_cells(grid, drives)
    by_time = [cell for cell, _ in _ranked(seconds)]
    chosen = by_time[:_BUSIEST]
    chosen += [cell for cell in by_time[_BUSIEST:] if _beside(cell, chosen[:_BUSIEST])][:_BESIDE]
    return (*chosen, *[cell for cell, _ in _ranked(grazes) if cell not in chosen][:_GRAZED])


def _between(one: TraceFix, other: TraceFix) -> Iterator[TraceFix]:
    """``one``, and the whole seconds after it before ``other``."""
    yield one
    span = other.time - one.time
    if span > LONGEST_GAP_S:
        return
    second = 1.0
    while second < span:
        part = second / span
        lat, lon = one.lat + part * (other.lat - one.lat), one.lon + part * (other.lon - one.lon)
        yield TraceFix(one.time + second, lat, lon)
        second += 1.0


def _move(one: TraceFix, other: TraceFix) -> tuple[float, float]:
    """Mean speed in m/s and course in degrees from one fix to the other, on a plane: they are metres apart."""
    north = (other.lat - one.lat) * _DEGREE_M
    east = (other.lon - one.lon) * _DEGREE_M * cos(radians(one.lat))
    return hypot(north, east) / (other.time - one.time), degrees(atan2(east, north)) % 360.0


def _use_of_cells(grid: Grid, drives: Iterable[Sequence[TraceFix]]) -> tuple[Counter[Cell], Counter[Cell]]:
    """Per box of the agency: whole seconds of all drives, gaps aside, and the number of drives that only grazed it."""
    seconds: Counter[Cell] = Counter()
    grazes: Counter[Cell] = Counter()
    for drive in drives:
        deepest: dict[Cell, float] = {}
        for one, other in pairwise(drive):
            point = grid.project(one.lat, one.lon)
            if point is None or other.time - one.time > LONGEST_GAP_S:
                continue
            cell = cell_of(*point)
            box = grid.boxes.get(cell)
            if box is not None and not box.opt_out:
                seconds[cell] += round(other.time - one.time)
                deepest[cell] = max(deepest.get(cell, 0.0), depth_inside(cell, *point))
        grazes.update(cell for cell, depth in deepest.items() if depth < _GRAZED_M)
    return seconds, grazes


def _ranked(counts: Counter[Cell]) -> list[tuple[Cell, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _beside(cell: Cell, others: Iterable[Cell]) -> bool:
    return any(abs(cell[0] - x) + abs(cell[1] - y) == 1 for x, y in others)
