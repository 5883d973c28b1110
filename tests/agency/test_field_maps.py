"""Every map of the field cases has its outcome (`models/FIELD_CASES.md`): a bundle and what is noted, or a sentence."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from edge.agency.build import build_agency
from edge.agency.fit import fit_grid
from edge.agency.source import read_shapes, read_source
from edge.errors import UserError

NOTED: Final = {
    "01-good": (),
    "02-null-geometry": ("beats.geojson: skipped without a geometry: feature 3",),
    "03-z": (),
    "04-geometrycollection": ("beats.geojson: feature 1: only its Polygon and MultiPolygon are used",),
    "05-selfcross": (
        "districts.geojson: feature 1: its outline crosses itself and was repaired",
        "districts.geojson: 2.90 km² of the boundary (25.0%) is in no district",
    ),
    "06-overlap": ("beats.geojson: overlaps of 5.80 km²: A and B (5.80 km²); a box whose middle lies in several",),
    "07-gaps": ("beats.geojson: 4.64 km² of the boundary (40.0%) is in no beat; a box whose middle lies there",),
    "08-crs-26996": ("(100.0%) is in no district", "(100.0%) is in no beat"),
    "09-crs-4269": (),
    "12-bom": (),
    "13-geometry-only": (),
    "14-feature-only": (),
    "18-beat-float": (),
    "19-beat-same-id-twice": ("beats.geojson: 2 features are named 'A'; treated as one",),
}
"""Built, with these notes and no others."""

REFUSED: Final = {
    "10-nocrs-feet": "boundary.geojson: feature 1 is not in degrees with longitude first, and its file names no coord",
    "11-swapped": "boundary.geojson: feature 1 is not in degrees with longitude first, but has latitude first",
    "15-topojson": "boundary.geojson: TopoJSON, not GeoJSON; export the layer as GeoJSON",
    "16-esrijson": "boundary.geojson: Esri JSON, not GeoJSON; ask the map service for f=geojson",
    "17-beat-null-id": "beats.geojson: feature 1: property 'b' must be a name or number, not None; give the feat",
    "20-antimeridian": "boundary.geojson: the boundary lies on both sides of the 180th meridian",
}
"""One sentence, with its file and the mend."""

LARGE: Final = {
    "21-jacksonville": 32617, "22-houston": 32615, "23-la-county": 32611, "25-oklahoma-city": 32614,
    "30-miami-dade": 32617, "34-cook-county": 32616, "35-fort-worth-dallas": 32614, "36-sitka": 32608,
    "38-san-bernardino": 32611,
}  # fmt: skip
"""A grid of degree 5, and its zone."""

CITIES: Final = {
    "26-la-city": 32611, "27-phoenix": 32612, "28-nyc": 32618, "29-san-antonio": 32614, "32-two-zones-omaha": 32614,
    "33-nashville": 32616, "37-charlotte": 32617, "39-suffolk-va": 32618, "40-toronto": 32617,
}  # fmt: skip
"""A grid of degree 3, and its zone: where there are two, that of the boundary's middle."""

BOXES: Final = {
    "22-houston": 91_711,
    "23-la-county": 238_910,
    "32-two-zones-omaha": 18_914,
    "38-san-bernardino": 1_157_627,
}
"""How many boxes some have, the smallest and the largest among them."""

COEFFICIENTS: Final = dict.fromkeys(LARGE, 21) | dict.fromkeys(CITIES, 10)


@pytest.fixture(scope="session")
def maps(shared_data: Path) -> Path:
    """The folder of the cases."""
    return shared_data / "field_cases/maps"


def test_no_map_of_the_field_cases_is_forgotten(maps: Path) -> None:
    """Each is in one of the tables above."""
    assert {path.name for path in maps.iterdir()} == {*NOTED, *REFUSED, *LARGE, *CITIES}


@pytest.mark.parametrize("case", NOTED)
def test_a_field_map_is_built(maps: Path, tmp_path: Path, case: str) -> None:
    """With its notes, and no others."""
    report = build_agency(maps / case / "agency.toml", tmp_path / "agency")
    assert report.boxes > 100
    assert len(report.notes) == len(NOTED[case])
    for note, says in zip(report.notes, NOTED[case], strict=True):
        assert says in note


@pytest.mark.parametrize("case", REFUSED)
def test_a_field_map_is_refused(maps: Path, tmp_path: Path, case: str) -> None:
    """In one sentence; nothing is written."""
    with pytest.raises(UserError) as refused:
        build_agency(maps / case / "agency.toml", tmp_path / "agency")
    assert str(refused.value).startswith(f"{maps / case}/{REFUSED[case]}")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "agency").exists()


@pytest.mark.parametrize("case", COEFFICIENTS)
def test_a_field_map_has_its_grid(maps: Path, case: str) -> None:
    """Within 1 mm of UTM, in the zone of its middle."""
    source = read_source(maps / case / "agency.toml")
    boundary = read_shapes(source.sources, maps / case, source.zone).boundary
    fit = fit_grid(boundary.bounds, boundary.centroid.x)
    assert fit.worst_m < 0.001
    assert fit.grid.epsg == {**LARGE, **CITIES}[case]
    assert len(fit.grid.east) == COEFFICIENTS[case]


@pytest.mark.long
@pytest.mark.parametrize("case", COEFFICIENTS)
def test_a_field_map_of_a_large_agency_is_built(maps: Path, tmp_path: Path, case: str) -> None:
    """Whole, with every box in its district, well within what a car accepts."""
    report = build_agency(maps / case / "agency.toml", tmp_path / "agency")
    assert report.boxes == BOXES.get(case, report.boxes) > 15_000
    assert report.notes == ()
    if case in LARGE:
        assert report.size < 1_000_000
    shutil.rmtree(tmp_path / "agency")
