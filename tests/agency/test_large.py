"""Large agencies: a grid of degree 5 within 1 mm of UTM, the same bits everywhere, refused by name by older cars."""

import hashlib
import json
import math
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from edge.agency.build import build_agency
from edge.agency.fit import Fit, fit_grid, project_many
from edge.contract.agency import load_agency
from edge.contract.bundle import read_manifest, verified_bundle
from edge.domain.grid import BOX_M, CUBIC, QUINTIC
from edge.errors import UserError
from models.count.units import boxes_of
from models.sources.ground import Ground
from tests.agency.square import LASTING, write_square
from tests.agency.wide import build_wide
from tests.system.old_software import software_of

UNIT = st.floats(0.0, 1.0)
LARGE = {
    "a county of deserts": (-117.81, 33.86, -114.13, 35.81),
    "islands in the north": (-136.2, 56.5, -134.6, 57.9),
    "south of the equator": (150.2, -34.4, 151.6, -33.2),
    "as wide as may be": (10.0, 48.0, 13.9, 51.9),
}
"""West, south, east, north of the areas, degrees."""

CASES = ("21-jacksonville", "22-houston", "25-oklahoma-city", "34-cook-county", "30-miami-dade", "23-la-county",
         "38-san-bernardino", "36-sitka", "35-fort-worth-dallas")  # fmt: skip


@cache
def fit_of(bounds: tuple[float, float, float, float]) -> Fit:
    """The grid of an area."""
    return fit_grid(bounds, (bounds[0] + bounds[2]) / 2.0)


@cache
def utm(epsg: int) -> Transformer:
    """From degrees to a zone."""
    return Transformer.from_crs(4326, epsg, always_xy=True)


def check_within_a_millimetre(bounds: tuple[float, float, float, float], across: float, up: float) -> None:
    """A point of the area, by its parts of width and height, is where UTM has it."""
    grid = fit_of(bounds).grid
    lon, lat = bounds[0] + across * (bounds[2] - bounds[0]), bounds[1] + up * (bounds[3] - bounds[1])
    found = grid.project(lat, lon)
    assert found is not None
    east, north = project_many(grid, np.array([lat]), np.array([lon]))
    assert found == (float(east[0]), float(north[0]))
    assert math.dist(found, utm(grid.epsg).transform(lon, lat)) < 0.001


@pytest.mark.parametrize("name", LARGE)
@settings(max_examples=25)
@given(across=UNIT, up=UNIT)
def test_every_point_of_a_large_agency_is_within_a_millimetre_of_utm(name: str, across: float, up: float) -> None:
    """Anywhere inside, corners too; and the arrays of training have the car's own bits."""
    assert len(fit_of(LARGE[name]).grid.east) == QUINTIC
    check_within_a_millimetre(LARGE[name], across, up)


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=25)
@given(across=UNIT, up=UNIT)
def test_every_point_of_the_large_field_cases_is_within_a_millimetre_of_utm(
    shared_data: Path, case: str, across: float, up: float
) -> None:
    """Counties and cities that were refused for millimeters."""
    document = json.loads((shared_data / "field_cases/maps" / case / "boundary.geojson").read_text())
    west, south, east, north = shapely.from_geojson(json.dumps(document["features"][0]["geometry"])).bounds
    check_within_a_millimetre((west, south, east, north), across, up)


def test_the_margin_around_a_large_agency_is_held_too() -> None:
    """2 km beyond each side there is still a position, within 1 mm of UTM; the fit's own check has told so."""
    for bounds in LARGE.values():
        fit, high = fit_of(bounds), 2000.0 / 111_000.0
        wide = high / math.cos(math.radians((bounds[1] + bounds[3]) / 2.0))
        assert fit.bounds[0] <= bounds[0] - wide + 1e-4
        assert fit.bounds[3] >= bounds[3] + high - 1e-4
        assert fit.worst_m < 0.001
        assert fit.grid.project(bounds[3] + high - 1e-3, bounds[0] - wide + 1e-3) is not None


def test_a_city_keeps_its_grid_byte_for_byte(tmp_path: Path) -> None:
    """Degree 3 and box by box, where that is within 1 mm: what was built before must not move by a bit."""
    directory = build_agency(write_square(tmp_path), tmp_path / "agency", terms=LASTING).directory
    content = (directory / "grid.json").read_bytes()
    assert hashlib.sha256(content).hexdigest() == "12c21beee10aeec292e00a63f0696a874a3b1d79f575039e47fddd10b8f699f1"
    assert len(load_agency(directory).grid.east) == CUBIC
    assert b"must_understand" not in (directory / "manifest.json").read_bytes()


def test_a_large_agency_is_read_as_it_was_built(tmp_path: Path) -> None:
    """Its boxes go through the file in runs: each with its number, district, beat and opt-out, by number."""
    report = build_wide(tmp_path)
    assert report.worst_mm < 1.0
    grid = load_agency(report.directory).grid
    assert len(grid.boxes) == report.boxes
    boxes = sorted(grid.boxes.values(), key=lambda box: box.number)
    assert [box.number for box in boxes] == list(range(1, len(boxes) + 1))
    assert [box.cell for box in boxes] == sorted(grid.boxes, key=lambda cell: (-cell[1], cell[0]))
    assert {(box.district, box.beat) for box in boxes} == {("1", "11"), ("2", "21")}
    assert sum(box.opt_out for box in boxes) == report.opt_out_boxes > 0
    for lon in (-99.6, -98.4):
        east, north = utm(grid.epsg).transform(lon, 40.003)
        box = grid.box_of(40.003, lon)
        assert box is not None
        assert box.cell == (int(east // BOX_M), int(north // BOX_M))


def test_training_finds_the_car_s_boxes_in_a_large_agency(tmp_path: Path) -> None:
    """20,000 random points of both villages and around: the same box, to the last bit."""
    grid = load_agency(build_wide(tmp_path).directory).grid
    random = np.random.default_rng(5)
    lat = random.uniform(39.99, 40.016, 20_000)
    lon = random.uniform(-99.62, -99.58, 20_000) + 1.2 * random.integers(0, 2, 20_000)
    boxes = [grid.box_of(*place) for place in zip(lat.tolist(), lon.tolist(), strict=True)]
    assert boxes_of(grid, lat, lon).tolist() == [-1 if box is None else box.number - 1 for box in boxes]
    plane = Ground.of(grid).project(lat, lon).tolist()
    assert plane == [list(grid.project(*place) or ()) for place in zip(lat.tolist(), lon.tolist(), strict=True)]


def test_a_large_agency_is_verified_here_and_names_its_rule(tmp_path: Path) -> None:
    """The manifest says what its readers must know; this software does."""
    directory = build_wide(tmp_path).directory
    assert read_manifest(directory).must_understand == ("large_grid",)
    assert verified_bundle(directory, load_agency(directory).public_key).agency.id == "widecounty"


@pytest.mark.parametrize(
    ("commit", "says"),
    [
        ("31a5a0b", "this bundle needs 'large_grid', which this software does not know; update the software"),
        ("8f83bf7", "must_understand"),
    ],
)
def test_an_old_car_refuses_a_large_agency_by_name(tmp_path: Path, commit: str, says: str) -> None:
    """Its own check of a bundle never guesses with a form that it does not know."""
    folder = tmp_path / "town"
    folder.mkdir()
    directory = build_wide(folder).directory
    key = load_agency(directory).public_key
    tree = software_of(commit, tmp_path / "old").tree
    start = f"import sys; sys.path.insert(0, {str(tree)!r}); from edge.contract.bundle import verified_bundle; "
    call = f"from pathlib import Path; verified_bundle(Path({str(directory)!r}), {key!r})"
    command = [sys.executable, "-c", start + call]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr.splitlines()[-1].startswith("edge.errors.UserError: ")
    assert says in done.stderr.splitlines()[-1]


def test_a_grid_of_no_known_form_is_refused(tmp_path: Path) -> None:
    """A file with coefficients of another degree, or no boxes, is one sentence, whatever its manifest says."""
    directory = build_wide(tmp_path).directory
    whole = json.loads((directory / "grid.json").read_bytes())
    changes: tuple[dict[str, Any], ...] = ({"east": whole["east"][:15]}, {"runs": []}, {"north": whole["north"][:10]})
    for changed in changes:
        content = json.dumps({**whole, **changed}).encode()
        (directory / "grid.json").write_bytes(content)
        manifest = json.loads((directory / "manifest.json").read_bytes())
        manifest["files"]["grid.json"] = hashlib.sha256(content).hexdigest()
        (directory / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(UserError, match=r"grid\.json: .*(coefficients|runs)"):
            load_agency(directory)


def test_what_no_polynomial_holds_has_no_grid() -> None:
    """The sentence says that it is the wrong file; where no polynomial comes within 1 mm, it says by how much."""
    with pytest.raises(UserError, match=r"too wide for one grid: over 3\.9\d° its polynomial is \d+\.\d mm from UTM"):
        fit_grid((10.0, 48.0, 13.9, 51.9), 60.0)
    with pytest.raises(UserError, match="beyond 80° S or 84° N, where UTM is not defined"):
        fit_grid((10.0, 84.5, 10.1, 84.6), 10.0)
    with pytest.raises(UserError, match="too large for one city"):
        fit_grid((-105.0, 37.0, -100.0, 41.0), -102.0)
