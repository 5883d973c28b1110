"""The converter of the shuttle traces: what it keeps, what it assumes, and the boxes it chooses."""

from itertools import pairwise
from pathlib import Path

import pytest

from edge.domain.grid import Box, Grid
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from tests.traces import TraceFix, boxes_on_routes, fixes, interpolate_1hz, nmea, trips


def test_interpolation_leaves_gaps() -> None:
    """3 s become whole seconds on the line, 11 s stay as they are; every recorded fix is kept."""
    trip = [TraceFix(0.0, 41.0, -87.0), TraceFix(3.0, 41.3, -87.6), TraceFix(14.0, 41.4, -87.7)]
    times = [fix.time for fix in interpolate_1hz(trip)]
    assert times == [0.0, 1.0, 2.0, 3.0, 14.0]
    assert interpolate_1hz(trip)[1].lon == pytest.approx(-87.2)


def test_a_trace_as_nmea_carries_the_assumed_speed() -> None:
    """0.001° of latitude, 111.2 m, in 10 s is 21.61 knots due north; the first fix has the second's speed."""
    lines = nmea([TraceFix(0.0, 41.0, -87.0), TraceFix(10.0, 41.001, -87.0)]).decode().split("\r\n")
    rmc = [line.split(",") for line in lines if line[3:6] == "RMC"]
    assert [float(one[7]) for one in rmc] == pytest.approx([21.61, 21.61], abs=0.01)
    assert [float(one[8]) for one in rmc] == [0.0, 0.0]
    assert len([line for line in lines if line[3:6] == "GGA"]) == 2


def test_a_trace_as_fixes_is_what_its_sentences_say() -> None:
    """Straight or through sentences and the vehicle's reader: the same times, speeds, accuracy and, to 1 cm, places."""
    trip = interpolate_1hz([TraceFix(1.3e9, 41.0, -87.0), TraceFix(1.3e9 + 4, 41.001, -87.001)])
    read = list(fixes_of([nmea(trip)], Pipeline(ceiling=1.4e9)))
    straight = fixes(trip)
    assert [(one.utc, one.mono, one.accuracy) for one in straight] == [
        (one.utc, one.mono, one.accuracy) for one in read
    ]
    assert [one.lat for one in straight] == pytest.approx([one.lat for one in read], abs=1e-7)
    assert [one.lon for one in straight] == pytest.approx([one.lon for one in read], abs=1e-7)
    assert [one.speed for one in straight] == pytest.approx([one.speed for one in read], abs=0.01)


def test_the_traces(shared_data: Path) -> None:
    """889 trips, 118,360 fixes, their times advance; the boxes chosen are 40, different, and the same each time."""
    found = trips(shared_data)
    assert (len(found), sum(map(len, found.values()))) == (889, 118_360)
    assert all(a.time < b.time for trip in found.values() for a, b in pairwise(trip))
    every = list(found.values())
    xs = [fix.lon for trip in every for fix in trip]
    west, south = min(xs), min(fix.lat for trip in every for fix in trip)
    east = (0.0, 83_000.0, *[0.0] * 8)
    north = (0.0, 0.0, 111_000.0, *[0.0] * 7)
    cells = {(x, y): Box((x, y), 1, "1", "11") for x in range(200) for y in range(200)}
    grid = Grid(32616, south, west, 1.0, 1.0, east, north, cells)
    chosen = boxes_on_routes(grid, every)
    assert len(set(chosen)) == len(chosen) == 40
    assert chosen == boxes_on_routes(grid, every)
