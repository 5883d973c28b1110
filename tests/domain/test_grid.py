"""The grid, on Chicago: a fix's box is pyproj's box, and every point of the city has one."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from edge.agency.fit import Floats, project_many
from edge.contract.agency import Agency
from edge.domain.grid import BOX_M, Grid, box_id, cell_of, centre, depth_inside, distance_outside, parse_box_id

POINTS = 1_000_000


def _lon_lats(bounds: tuple[float, float, float, float], count: int, seed: int) -> tuple[Floats, Floats]:
    west, south, east, north = bounds
    random = np.random.default_rng(seed)
    return random.uniform(west, east, count), random.uniform(south, north, count)


@pytest.fixture(scope="module")
def boundary(shared_data: Path) -> shapely.MultiPolygon:
    features = json.loads((shared_data / "chicago/boundary_city.geojson").read_text())["features"]
    return shapely.union_all([shapely.from_geojson(json.dumps(each["geometry"])) for each in features])


def test_a_million_points_lie_in_the_box_pyproj_says(chicago_agency: Agency, boundary: shapely.MultiPolygon) -> None:
    """Of 1,000,000 random points in Chicago none farther than 1 mm from an edge is in another box than UTM's."""
    grid = chicago_agency.grid
    lon, lat = _lon_lats(boundary.bounds, POINTS, seed=1)
    east, north = project_many(grid, lat, lon)
    true_east, true_north = Transformer.from_crs(4326, grid.epsg, always_xy=True).transform(lon, lat)
    other = (np.floor(east / BOX_M) != np.floor(true_east / BOX_M)) | (
        np.floor(north / BOX_M) != np.floor(true_north / BOX_M)
    )
    x, y = true_east % BOX_M, true_north % BOX_M
    to_edge = np.minimum(np.minimum(x, BOX_M - x), np.minimum(y, BOX_M - y))
    assert np.hypot(east - true_east, north - true_north).max() < 0.001
    assert np.count_nonzero(other & (to_edge > 0.001)) == 0


def test_arrays_and_single_fixes_give_the_same_doubles(chicago_agency: Agency, boundary: shapely.MultiPolygon) -> None:
    """`Grid.project`, which a vehicle runs, and the array form of the tests and the build agree bit for bit."""
    lon, lat = _lon_lats(boundary.bounds, 20_000, seed=2)
    east, north = project_many(chicago_agency.grid, lat, lon)
    one_by_one = [chicago_agency.grid.project(float(la), float(lo)) for la, lo in zip(lat, lon, strict=True)]
    assert one_by_one == list(zip(east.tolist(), north.tolist(), strict=True))


def test_every_point_inside_the_boundary_is_in_exactly_one_box(
    chicago_agency: Agency, boundary: shapely.MultiPolygon
) -> None:
    """Random points inside Chicago, and points on its very outline, all have a box; squares do not overlap."""
    lon, lat = _lon_lats(boundary.bounds, POINTS, seed=3)
    shapely.prepare(boundary)
    inside = shapely.contains_xy(boundary, lon, lat)
    outline = shapely.get_coordinates(boundary.boundary.segmentize(0.00005))
    east, north = project_many(
        chicago_agency.grid,
        np.concatenate([lat[inside], outline[:, 1]]),
        np.concatenate([lon[inside], outline[:, 0]]),
    )
    cells = np.unique(np.floor(np.stack([east, north], axis=-1) / BOX_M).astype(int), axis=0)
    assert np.count_nonzero(inside) > 400_000
    assert {(int(x), int(y)) for x, y in cells} <= set(chicago_agency.grid.boxes)


def test_every_box_touches_the_boundary(chicago_agency: Agency, boundary: shapely.MultiPolygon) -> None:
    """No box lies wholly outside the city."""
    forth = Transformer.from_crs(4326, chicago_agency.grid.epsg, always_xy=True)
    plane = shapely.transform(boundary.segmentize(0.0005), forth.transform, interleaved=False)
    shapely.prepare(plane)
    corner = np.array(list(chicago_agency.grid.boxes), dtype=float) * BOX_M
    squares = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + BOX_M, corner[:, 1] + BOX_M)
    assert (shapely.distance(plane, squares) < 0.02).all()


def test_box_numbers_are_short_stable_and_unique(chicago_agency: Agency) -> None:
    """Numbers run from 1 without a gap, from the north-west row by row."""
    boxes = sorted(chicago_agency.grid.boxes.values(), key=lambda box: box.number)
    assert [box.number for box in boxes] == list(range(1, len(boxes) + 1))
    assert [box.cell for box in boxes] == sorted(chicago_agency.grid.boxes, key=lambda cell: (-cell[1], cell[0]))
    assert Counter(box.id for box in boxes).most_common(1)[0][1] == 1


def test_a_fix_outside_the_reach_has_no_position(chicago_agency: Agency) -> None:
    """Where the polynomial does not hold there is neither projection nor box: another city, another hemisphere."""
    grid = chicago_agency.grid
    for lat, lon in ((40.7, -74.0), (-41.8, -87.7), (41.8, 87.7), (0.0, 0.0), (90.0, -87.7)):
        assert grid.project(lat, lon) is None
        assert grid.box_of(lat, lon) is None


def test_a_box_is_found_by_its_centre_and_by_its_id(chicago_agency: Agency) -> None:
    """A box's id names its cell, and its own centre lies in it, 125 m from every edge."""
    cell = next(iter(chicago_agency.grid.boxes))
    east, north = centre(cell)
    assert parse_box_id(box_id(cell)) == cell == cell_of(east, north)
    assert depth_inside(cell, east, north) == 125.0
    assert distance_outside(cell, east, north) == 0.0


def test_distances_to_a_box() -> None:
    """Depth is to the nearest edge; the distance outside a corner is the straight line to it."""
    assert depth_inside((2, 4), 510.0, 1100.0) == 10.0
    assert depth_inside((2, 4), 490.0, 1100.0) == -10.0
    assert distance_outside((2, 4), 497.0, 996.0) == 5.0
    assert distance_outside((2, 4), 780.0, 1100.0) == 30.0


def test_the_reach_ends_inclusive() -> None:
    """The outermost position still has a projection; the next double has none."""
    grid = Grid(32616, 41.0, -87.0, 0.5, 1.0, (0.0,) * 10, (0.0,) * 10, {})
    assert grid.project(41.5, -87.5) == (0.0, 0.0)
    assert grid.project(float(np.nextafter(41.5, 42.0)), -87.5) is None
