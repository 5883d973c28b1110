"""Places from CSV and GeoJSON to counts and distances, whole numbers that a plain loop agrees with."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from edge.domain.grid import BOX_M, centre
from edge.errors import UserError
from models.sources.document import PlacesDoc
from models.sources.place_columns import place_parts
from models.sources.points import read_points
from models.sources.provenance import Provenance
from tests.agency.square import collection
from tests.models.town import GROUND, HIGH, WIDE, degrees, points, polygon, write

KNOWN = Provenance("a list of places that a test made", "free", "2017-12-31")
SAID: dict[str, Any] = {"name": "bar", "source": KNOWN.source, "terms": KNOWN.terms, "as_of": "2017-12-31"}


def document(**fields: Any) -> PlacesDoc:
    """One source of places."""
    return PlacesDoc.model_validate({**SAID, **fields})


def columns(plane: np.ndarray) -> dict[str, np.ndarray]:
    """The four columns of points of the plane, by their suffix."""
    parts = place_parts(GROUND, "bar", plane, "places", KNOWN)
    assert {values.dtype for _, values in parts} == {np.dtype(np.float32)}
    return {column.name.removeprefix("bar_"): values for column, values in parts}


def test_counts_and_distances_agree_with_a_plain_loop() -> None:
    """500 random points in and 1.5 km around the town: every count exactly, every distance to the metre."""
    low, high = GROUND.cells.min(axis=0) * BOX_M - 1500.0, (GROUND.cells.max(axis=0) + 1) * BOX_M + 1500.0
    plane = np.random.default_rng(1).uniform(low, high, (500, 2))
    found = columns(plane)
    cells = np.floor(plane / BOX_M).astype(int)
    for index, cell in enumerate(GROUND.cells.tolist()):
        away = np.abs(cells - cell).max(axis=1)
        middle = centre((cell[0], cell[1]))
        assert found["here"][index] == (away == 0).sum()
        assert found["3x3"][index] == (away <= 1).sum()
        assert found["5x5"][index] == (away <= 2).sum()
        assert found["m"][index] == round(float(np.hypot(*(plane - middle).T).min()))


def test_a_place_just_outside_counts_for_the_boxes_beside_it() -> None:
    """Crime does not stop at the city's edge: a bar 100 m beyond it is in the 3 × 3 boxes of the corner box."""
    lat, lon = degrees(-0.4, -0.4)
    found = columns(GROUND.project(np.array([lat]), np.array([lon])))
    assert (found["here"][0], found["3x3"][0], found["5x5"][0]) == (0, 1, 1)
    assert found["here"].sum() == 0
    assert found["3x3"].sum() == 1
    assert found["5x5"].sum() == 4


def test_nothing_near_is_the_farthest_distance() -> None:
    """Where the nearest is over 2 km away, or there is none, the column says 2,000: its missing value."""
    lat, lon = degrees(0.5, 0.5)
    one = columns(GROUND.project(np.array([lat]), np.array([lon])))
    assert one["m"][0] == 0.0
    assert one["m"][WIDE * HIGH - 1] == 2000.0
    assert set(columns(np.zeros((0, 2)))["m"].tolist()) == {2000.0}


def test_points_where_the_grid_does_not_hold_are_left_out() -> None:
    """A point of another continent is no point of the plane."""
    assert len(GROUND.project(np.array([40.0, -33.0]), np.array([-99.0, 151.0]))) == 1


def test_a_column_says_what_it_is_and_where_it_is_from() -> None:
    """Group, definition, unit, missing value, source, terms and date of each of the four."""
    for column, _ in place_parts(GROUND, "corner_shop", np.zeros((0, 2)), "facilities", KNOWN):
        assert column.group == "facilities"
        assert "corner shop" in column.definition
        assert (column.unit, column.missing) == (("m", 2000.0) if column.name.endswith("_m") else ("count", 0.0))
        assert (column.source, column.terms, column.as_of) == (KNOWN.source, "free", "2017-12-31")


def test_a_csv_is_read_by_the_names_of_its_columns(tmp_path: Path) -> None:
    """Rows that match `where`; empty, absurd and (0, 0) positions are counted as left out."""
    text = "ID,Y,STATUS,X\n1,40.0,OPEN,-99.0\n2,40.1,CLOSED,-99.1\n3,,OPEN,-99\n4,0,OPEN,0\n5,95,OPEN,1\n6,-1,NEW,2\n"
    write(tmp_path / "a.csv", text)
    found = read_points(document(file="a.csv", lat="Y", lon="X", where={"STATUS": ["OPEN", "NEW"]}), tmp_path)
    assert list(zip(found.lat.tolist(), found.lon.tolist(), strict=True)) == [(40.0, -99.0), (-1.0, 2.0)]
    assert found.left_out == 3


def test_a_packed_csv_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """As many portals export it."""
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"\xef\xbb\xbflat,lon\n1,2\n"))
    assert read_points(document(file="a.csv.gz", lat="lat", lon="lon"), tmp_path).lat.tolist() == [1.0]


def test_both_coordinates_may_stand_in_one_column(tmp_path: Path) -> None:
    """``"(41.8, -87.6)"`` as Chicago writes it; with `distinct` a station counts once, whatever its directions."""
    write(tmp_path / "a.csv", 'Location\n"(41.8, -87.6)"\n"(41.8, -87.6)"\n"(41.9, -87.7)"\n')
    assert len(read_points(document(file="a.csv", point="Location"), tmp_path).lat) == 3
    assert read_points(document(file="a.csv", point="Location", distinct=True), tmp_path).lat.tolist() == [41.8, 41.9]


def test_a_position_may_be_well_known_text(tmp_path: Path) -> None:
    """``POINT (-87.6 41.8)``, as portals export it now: longitude first; anything else there has no position."""
    write(tmp_path / "a.csv", "at\nPOINT (-87.6 41.8)\nPOINT EMPTY\npoint(-87.7 41.9)\nLINESTRING (1 2)\n\n")
    found = read_points(document(file="a.csv", point="at"), tmp_path)
    assert (found.lat.tolist(), found.lon.tolist(), found.left_out) == ([41.8, 41.9], [-87.6, -87.7], 2)


def test_of_a_geojson_feature_only_position_and_where_are_read(tmp_path: Path) -> None:
    """A point as it is, an area by its middle; one without a geometry is counted as left out."""
    shapes = collection(({"kind": "a"}, polygon(0, 0, 2, 2)), ({"kind": "b"}, polygon(0, 0, 1, 1)))
    shapes["features"].append({"type": "Feature", "properties": {"kind": "a"}, "geometry": None})
    shapes["features"] += points([(3.5, 4.5)], kind="a")["features"]
    write(tmp_path / "a.geojson", json.dumps(shapes))
    found = read_points(document(file="a.geojson", where={"kind": ["a"]}), tmp_path)
    assert found.left_out == 1
    assert found.lat == pytest.approx([degrees(1, 1)[0], degrees(3.5, 4.5)[0]], abs=1e-6)


@pytest.mark.parametrize(
    ("name", "content", "fields", "sentence"),
    [
        ("a.csv", "", {"lat": "y", "lon": "x"}, "no column 'y', 'x'"),
        ("a.csv", "y\n1\n", {"lat": "y", "lon": "x"}, "no column 'x'"),
        ("a.csv", "y,x\n1\n", {"lat": "y", "lon": "x"}, "line 2 has 1 fields, but its header has 2"),
        ("a.csv", "y,x\n", {"lat": "y", "lon": "x"}, "no row of 'bar' has a position"),
        ("a.csv", "y,x\n\udcff,1\n", {"lat": "y", "lon": "x"}, "not a UTF-8 CSV"),
        ("a.csv.gz", "y,x\n", {"lat": "y", "lon": "x"}, "not a UTF-8 CSV"),
        ("a.geojson", "{", {}, "not GeoJSON"),
        ("a.geojson", "[]", {}, "not a GeoJSON FeatureCollection"),
        ("a.geojson", '{"features": [7]}', {}, "feature 1 is not a GeoJSON feature"),
        (
            "a.geojson",
            '{"features": [{"geometry": {"type": "Dot"}}]}',
            {},
            "feature 1 has no readable geometry",
        ),
        ("b.geojson", None, {}, "No such file"),
    ],
)
def test_a_bad_file_is_one_sentence(
    tmp_path: Path, name: str, content: str | None, fields: dict[str, str], sentence: str
) -> None:
    """Each mistake names the file and the mend."""
    if content is not None:
        (tmp_path / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(UserError, match=sentence) as caught:
        read_points(document(file=name, **fields), tmp_path)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"file": "a.csv"},
        {"file": "a.csv", "lat": "y"},
        {"file": "a.csv", "lat": "y", "lon": "x", "point": "p"},
        {"file": "a.geojson", "lat": "y", "lon": "x"},
        {"file": "a.geojson", "name": "Bar"},
        {"file": "a.geojson", "source": ""},
        {"file": "a.geojson", "group": "own"},
        {"file": "a.geojson", "colour": "red"},
    ],
)
def test_a_source_that_is_not_whole_is_refused(fields: dict[str, Any]) -> None:
    """A CSV without its columns, a source without its provenance, a group that is none, a key that is unknown."""
    with pytest.raises(ValidationError):
        document(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "race"},
        {"file": "a.csv", "lat": "y", "lon": "x", "where": {"OwnerRace": ["x"]}},
        {"file": "a.csv", "lat": "suspect_lat", "lon": "x"},
        {"file": "a.csv", "point": "home_of_parolee"},
        {"file": "a.geojson", "where": {"religion": ["any"]}},
        {"file": "a.geojson", "where": {"MedianIncome": ["high"]}},
    ],
)
def test_what_speaks_of_persons_is_refused_by_name(fields: dict[str, Any]) -> None:
    """Protection 1: neither a feature nor a column that is read may be named after people."""
    with pytest.raises(ValidationError, match="is about people"):
        document(**{"file": "a.geojson", **fields})
