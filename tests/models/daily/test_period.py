"""`roundsman models forecast --days`: a week or month as CSV and GeoJSON, known before its first day."""

import csv
import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from edge.domain.grid import parse_box_id
from edge.errors import UserError
from edge.risk.forecast import forecast, open_bundle
from edge.risk.update import load_world
from models.commands import models
from models.daily.period import forecast_period
from tests.risk.tiny import TYPES, Tiny, tiny_bundle


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return tiny_bundle(tmp_path_factory.mktemp("tiny"), date(2026, 10, 12))


def run(tiny: Tiny, *more: str) -> str:
    """What the command prints."""
    done = CliRunner().invoke(models, ["forecast", str(tiny.directory), *more], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_days_are_the_sum_of_their_shifts(tiny: Tiny) -> None:
    """Each shift of each day as the car forecasts it; the day after the incidents end is the first."""
    made = forecast_period(tiny.directory, None, 3)
    assert (made.first, made.last, made.known_to) == (date(2026, 10, 13), date(2026, 10, 15), date(2026, 10, 12))
    opened, world = open_bundle(tiny.directory, tiny.agency), load_world(tiny.directory, tiny.agency)
    shifts = [f"2026-10-{day}/{name}" for day in (13, 14, 15) for name in ("day", "night")]
    each = [forecast(opened, world, tiny.agency, shift).types["theft"].units for shift in shifts]
    assert made.expected["theft"].tolist() == np.sum(each, axis=0).tolist()


def test_nothing_of_the_days_is_known_to_them(tiny: Tiny) -> None:
    """Of days in the past, what was known at 00:00 of the first."""
    made = forecast_period(tiny.directory, date(2026, 10, 1), 7)
    assert made.known_to == date(2026, 9, 30)


def test_the_files_hold_every_box(tiny: Tiny, tmp_path: Path) -> None:
    """CSV and GeoJSON say the same of each box: area, expected incidents and rank of each type."""
    table, shapes = tmp_path / "week.csv", tmp_path / "week.geojson"
    text = run(tiny, "--days", "7", "--csv", str(table), "--geojson", str(shapes))
    assert "Squaretown, 2026-10-13 to 2026-10-19: incidents counted through 2026-10-12" in text
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    features = json.loads(shapes.read_text(encoding="utf-8"))["features"]
    assert len(rows) == len(features) == len(tiny.agency.grid.boxes)
    for row, feature in zip(rows, features, strict=True):
        assert {key: str(value) for key, value in feature["properties"].items()} == row
        box = tiny.agency.grid.boxes[parse_box_id(row["box"])]
        assert (row["number"], row["district"], row["beat"]) == (str(box.number), box.district, box.beat)
    for name in TYPES:
        by_rank = sorted(rows, key=lambda row: int(row[f"{name}_rank"]))
        assert [int(row[f"{name}_rank"]) for row in by_rank] == list(range(1, len(rows) + 1))
        expected = [float(row[f"{name}_expected"]) for row in by_rank]
        assert expected == sorted(expected, reverse=True)
    assert not list(tmp_path.glob("*.writing"))


def test_polygons_are_the_boxes(tiny: Tiny, tmp_path: Path) -> None:
    """RFC 7946: longitude first, closed, counterclockwise; the middle of each lies in its box, neighbors touch."""
    path = tmp_path / "week.geojson"
    run(tiny, "--days", "1", "--geojson", str(path))
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["type"] == "FeatureCollection"
    corners: dict[tuple[int, int], list[list[float]]] = {}
    for feature in document["features"]:
        (ring,) = feature["geometry"]["coordinates"]
        assert len(ring) == 5
        assert ring[0] == ring[-1]
        pairs = list(pairwise(ring))
        assert sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in pairs) < 0
        lon, lat = (sum(corner[axis] for corner in ring[:4]) / 4 for axis in (0, 1))
        found = tiny.agency.grid.box_of(lat, lon)
        assert found is not None
        assert found.id == feature["id"] == feature["properties"]["box"]
        corners[found.cell] = ring
    touching = [cell for cell in corners if (cell[0] + 1, cell[1]) in corners]
    assert touching
    for east, north in touching:
        beside = corners[east + 1, north]
        assert (corners[east, north][1], corners[east, north][2]) == (beside[0], beside[3])


@pytest.mark.parametrize(
    "given",
    [
        (),
        ("--shift", "day"),
        ("--days", "7", "--shift", "day"),
        ("--days", "7", "--json"),
        ("--date", "2026-10-14", "--shift", "day", "--csv", "x.csv"),
    ],
)
def test_what_does_not_go_together_is_refused(tiny: Tiny, given: tuple[str, ...]) -> None:
    """In one sentence that says what does."""
    with pytest.raises(UserError, match="give --date and --shift"):
        run(tiny, *given)


def test_a_file_that_cannot_be_written_is_named(tiny: Tiny, tmp_path: Path) -> None:
    """And nothing is left of it."""
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "none" / "week.csv"):
        with pytest.raises(UserError, match="cannot be written"):
            run(tiny, "--days", "1", "--csv", str(path))
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
