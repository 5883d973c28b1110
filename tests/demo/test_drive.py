"""The demo's drives: on the streets, believable, silent in the tunnel, the same every time."""

from itertools import groupby, islice, pairwise
from math import hypot

import pynmea2
import pytest
import shapely
from pyproj import Transformer

from edge.demo.city import City
from edge.demo.drive import drive, motions
from edge.demo.layout import EPSG
from edge.demo.motion import Motion
from edge.demo.streets import Spot
from edge.domain.grid import cell_of

START = 1_795_350_000.0
SECONDS = 7200
CARS = (1, 2, 3)


@pytest.fixture(scope="module", params=CARS)
def motion(request: pytest.FixtureRequest, city: City) -> list[Motion]:
    """Two hours of one car."""
    return list(islice(motions(city, request.param), SECONDS))


def test_the_same_seed_gives_the_same_bytes(city: City) -> None:
    """A drive repeats byte for byte, and two cars drive differently."""
    assert list(drive(city, 1, START, 900)) == list(drive(city, 1, START, 900))
    assert list(drive(city, 1, START, 900)) != list(drive(city, 2, START, 900))


def test_a_car_stays_on_the_streets(city: City, motion: list[Motion]) -> None:
    """Its true position is never farther than a centimetre from a street's line."""
    network = shapely.union_all([edge.line for edge in city.streets.edges])
    points = shapely.points([(one.x, one.y) for one in motion[::5]])
    assert shapely.distance(network, points).max() < 0.01


def test_a_car_moves_like_a_car(motion: list[Motion]) -> None:
    """No jump, never over 13.4 m/s, never harder than 2 m/s² up or down."""
    for one, after in pairwise(motion):
        assert hypot(after.x - one.x, after.y - one.y) < 13.5
        assert abs(after.speed - one.speed) < 2.1
        assert 0.0 <= one.speed < 13.5


def test_a_car_visits_boxes_of_the_plan_for_minutes(city: City, motion: list[Motion]) -> None:
    """In two hours at least a dozen stays over four minutes, most boxes among them, the first within four minutes."""
    cells = [cell_of(one.x, one.y) for one in motion]
    stays = [(cell, len(list(run))) for cell, run in groupby(cells) if cell in city.boxes]
    long = [cell for cell, seconds in stays if seconds > 240]
    assert len(long) >= 12
    assert len(set(long)) >= 9
    assert max(seconds for _, seconds in stays) < 540
    assert cells.index(next(cell for cell in cells if cell in city.boxes)) < 240


def test_the_tunnel_is_silent(city: City) -> None:
    """No epoch below ground has a fix; above, only the seconds after it have none; each drive has a passage."""
    for seed in CARS:
        truth = motions(city, seed)
        below = [city.layout.tunnel.distance(shapely.Point(one.x, one.y)) < 1.0 for one in islice(truth, SECONDS)]
        silent = [b"RMC," in epoch and b",V," in epoch for _, epoch in drive(city, seed, START, SECONDS)]
        assert all(quiet for dark, quiet in zip(below, silent, strict=True) if dark)
        assert sum(silent) - sum(below) <= 6 * sum(dark for dark, _ in groupby(below))
        assert max((len(list(run)) for dark, run in groupby(below) if dark), default=0) > 20


def test_the_receiver_is_off_by_a_few_metres(city: City) -> None:
    """The reported position wanders about the true one: about 3 m an axis over the drive, a little each second."""
    plane = Transformer.from_crs(4326, EPSG, always_xy=True)
    errors = []
    for one, (utc, epoch) in zip(motions(city, 1), drive(city, 1, START, SECONDS), strict=False):
        rmc = pynmea2.parse(epoch.decode().split("\r\n")[0], check=True)
        assert rmc.datetime.timestamp() == utc
        if rmc.status == "A":
            east, north = plane.transform(rmc.longitude, rmc.latitude)
            errors.append((east - one.x, north - one.y))
    spread = (sum(x * x + y * y for x, y in errors) / len(errors) / 2.0) ** 0.5
    steps = sorted(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(errors))
    assert 2.0 < spread < 4.5
    assert steps[len(steps) // 2] < 1.2


def test_the_quickest_way_runs_from_spot_to_spot(city: City) -> None:
    """A way's legs join end to end, and a way within too few streets does not exist."""
    origin, goal = Spot(0, 1.0), Spot(len(city.streets.edges) - 1, 1.0)
    way = city.streets.way(origin, goal)
    assert way is not None
    ends = [
        tuple(city.streets.edges[leg.edge].line.interpolate(at).coords[0] for at in (leg.begin, leg.finish))
        for leg in way
    ]
    for (_, finish), (begin, _) in pairwise(ends):
        assert finish == pytest.approx(begin)
    assert city.streets.way(origin, goal, allowed=set()) is None
