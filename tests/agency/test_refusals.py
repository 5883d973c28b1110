"""Each mistake in an agency's input is one clear sentence that names the file, the feature or the key."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from edge.agency.build import build_agency
from edge.errors import UserError
from tests.agency.square import EAST, LASTING, NORTH, SOUTH, TOML, WEST, collection, rectangle


def _refusal(toml: Path) -> str:
    with pytest.raises(UserError) as refused:
        build_agency(toml, toml.parent / "agency")
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "Squaretown"', "", "name: is missing; add it"),
        ("America/Chicago", "Mars/Olympus", "zone: 'Mars/Olympus' is not an IANA time zone"),
        ("Foot patrol", "Search suspects", "tactics #1.label: mentions enforcement"),
        ("boundary =", "boundry =", "sources.boundry: unknown key"),
        ("buffer_m = 30.0", "buffer_m = -1", "sources.opt_out #1.buffer_m"),
        ("22:00:00", "05:00:00", "list them by start time, no start time twice"),
        ('id = "squaretown"', "id = ", "not valid TOML"),
        ("boundary.geojson", "nowhere.geojson", "nowhere.geojson: No such file"),
        ('district_property = "district"', 'district_property = "DIST"', "feature 1 has no property 'DIST'"),
        ("[sources]", "[policy.by_type.drugs]\n[sources]", "'drugs' is not an allowed crime type"),
    ],
)
def test_a_mistake_in_agency_toml_names_its_key(square_toml: Path, old: str, new: str, says: str) -> None:
    """Missing, unknown and wrong keys, forbidden words and crime types: each is told by its key path."""
    square_toml.write_text(TOML.replace(old, new))
    assert says in _refusal(square_toml)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "squaretown"', 'id = "a/b"', "id: must be 1 to 63 lower-case letters"),
        ('id = "squaretown"', 'id = "nul"', "id: 'nul' is not allowed as a file name on Windows"),
        ('name = "Squaretown"', 'name = "Square\\u202etown"', "name: contains the character RIGHT-TO-LEFT OVERRIDE"),
        ('name = "night"', 'name = "night/#"', "shifts #2.name: must be 1 to 63 lower-case letters"),
        ('name = "night"', 'name = "con"', "shifts #2.name: 'con' is not allowed as a file name on Windows"),
        ("Foot patrol", "Ar\\u200brest", "tactics #1.label: contains the character ZERO WIDTH SPACE"),
        ('id = "foot-patrol"', 'id = "foot patrol"', "tactics #1.id: must be 1 to 63 lower-case letters"),
        ("[sources]", '[[planner.units]]\nid = "gang+"\n[sources]', "planner.units #1.id: must be 1 to 63"),
        ("[sources]", '[planner]\nby_area = { "A+B" = 3 }\n[sources]', "planner.by_area.A+B.[key]: 'A+B' contains '+'"),
    ],
)
def test_a_name_in_agency_toml_that_a_topic_file_or_screen_cannot_hold_is_refused(
    square_toml: Path, old: str, new: str, says: str
) -> None:
    """Agency, shift, tactic, special unit: by its key path, at the build, and not by a car that cannot start."""
    square_toml.write_text(TOML.replace(old, new), encoding="utf-8")
    assert says in _refusal(square_toml)


@pytest.mark.parametrize(
    ("file", "own", "says"),
    [
        ("districts", [{"district": "District #5"}], "feature 1: property 'district': 'District #5' contains '#'; use"),
        ("districts", [{"district": "1"}, {"district": "A+B"}], "feature 2: property 'district': 'A+B' contains '+'"),
        ("districts", [{"district": "x" * 300}], "is longer than 63 characters"),
        ("districts", [{"district": "North"}, {"district": "NORTH"}], "'NORTH' and 'North' differ only in upper"),
        (
            "beats",
            [{"beat": "a\nb"}],
            "feature 1: property 'beat': contains the character U+000A, which is invisible",
        ),
        ("beats", [{"beat": "=cmd"}], "feature 1: property 'beat': '=cmd' must begin with a letter or digit"),
        ("beats", [{"beat": "a1"}, {"beat": "A1"}], "'A1' and 'a1' differ only in upper and lower case"),
    ],
)
def test_a_name_of_an_area_that_nothing_can_hold_is_refused_by_its_feature(
    square_toml: Path, file: str, own: list[dict[str, Any]], says: str
) -> None:
    """The city's file is named, and the feature in it, with what may be written instead."""
    shapes = [(each, rectangle(WEST, SOUTH, EAST, NORTH)) for each in own]
    (square_toml.parent / f"{file}.geojson").write_text(json.dumps(collection(*shapes)))
    told = _refusal(square_toml)
    assert f"{file}.geojson: " in told
    assert says in told


def test_two_tactics_of_one_id_are_refused(square_toml: Path) -> None:
    """A tap is recorded by its tactic's id."""
    one = '{ id = "foot-patrol", label = "Foot patrol" }'
    square_toml.write_text(TOML.replace(one, f"{one}, {one}"))
    assert "tactics: two tactics have the same id" in _refusal(square_toml)


def test_a_special_unit_that_differs_from_a_district_by_case_alone_is_refused(square_toml: Path) -> None:
    """Both are what plans are made for."""
    shape = rectangle(WEST, SOUTH, EAST, NORTH)
    (square_toml.parent / "districts.geojson").write_text(json.dumps(collection(({"district": "Gangs"}, shape))))
    square_toml.write_text(TOML.replace("[sources]", '[[planner.units]]\nid = "gangs"\n[sources]'))
    assert "'Gangs' and 'gangs' differ only in upper and lower case; rename one" in _refusal(square_toml)


def test_all_mistakes_of_agency_toml_are_told_at_once(square_toml: Path) -> None:
    """Nobody mends a file one error at a time."""
    square_toml.write_text(TOML.replace("America/Chicago", "Nowhere").replace("beat_property", "beats_property"))
    said = _refusal(square_toml)
    assert "zone:" in said
    assert "sources.beat_property:" in said
    assert "sources.beats_property:" in said


def test_a_missing_agency_toml_is_named(tmp_path: Path) -> None:
    """A wrong path is the commonest mistake."""
    assert "agency.toml: No such file or directory" in _refusal(tmp_path / "agency.toml")


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("not json", "beats.geojson: not GeoJSON"),
        ([], "not a GeoJSON FeatureCollection"),
        (collection(), "not a GeoJSON FeatureCollection with features"),
        (
            collection(({"beat": 1}, {"type": "Point", "coordinates": [-99.0, 40.0]})),
            "feature 1 is Point; it must be Polygon",
        ),
        (collection(({"beat": 1}, {"type": "Nonsense"})), "feature 1 has no readable geometry"),
        ({"type": "FeatureCollection", "features": [{"properties": []}]}, "no feature has a geometry; it must be"),
        (collection(({"beat": 1}, {"type": "Polygon", "coordinates": []})), "no feature has a geometry; it must be"),
        (
            collection(({"beat": None}, rectangle(-99.01, 40.0, -98.99, 40.018))),
            "property 'beat' must be a name or number",
        ),
        (
            collection(({"beat": 1}, rectangle(500_000, 4_400_000, 501_000, 4_401_000))),
            "not in degrees with longitude first",
        ),
        (collection(({"beat": 1}, rectangle(10.0, 50.0, 10.1, 50.1))), "no beats near the boundary"),
        (
            collection(({}, {})) | {"crs": {"properties": {"name": "EPSG:1"}}},
            "names a coordinate system that is not known",
        ),
        (collection(({}, {})) | {"crs": {"type": "link", "properties": {"href": "a.prj"}}}, "is not known"),
    ],
)
def test_a_mistake_in_a_geojson_file_names_its_feature(square_toml: Path, document: Any, says: str) -> None:
    """No GeoJSON, no geometry, no id, other units, another reference system, another city: each has its sentence."""
    text = document if isinstance(document, str) else json.dumps(document)
    (square_toml.parent / "beats.geojson").write_text(text)
    assert says in _refusal(square_toml)


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        (rectangle(-105.0, 37.0, -95.0, 43.0), "too large for one city"),
        (
            rectangle(41.6, -87.8, 42.0, -87.5),
            "would lie 133° from America/Chicago: its coordinates have latitude first",
        ),
    ],
)
def test_a_boundary_one_grid_cannot_hold_is_refused(square_toml: Path, shape: dict[str, Any], says: str) -> None:
    """Wider than 4°, or where UTM is not defined: the sentence says why."""
    (square_toml.parent / "boundary.geojson").write_text(json.dumps(collection(({}, shape))))
    assert says in _refusal(square_toml)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('street_property = "class"', "give the last two together, and only with streets"),
        ('street_property = "class"\nmain_streets = ["primary"]', "give the last two together, and only with streets"),
        (
            'streets = "streets.geojson"\nstreet_property = "class"\nmain_streets = ["primary"]',
            "no feature has a 'class' listed in main_streets",
        ),
    ],
)
def test_main_streets_that_are_none_are_refused(square_toml: Path, lines: str, says: str) -> None:
    """A class that no street has is a spelling mistake, not a city without main streets."""
    street = {"type": "LineString", "coordinates": [[-99.0, 40.0], [-99.0, 40.01]]}
    (square_toml.parent / "streets.geojson").write_text(json.dumps(collection(({"class": "alley"}, street))))
    square_toml.write_text(f"{TOML}{lines}\n")
    assert says in _refusal(square_toml)


def test_a_public_key_that_is_not_the_key_files_is_refused(square_toml: Path) -> None:
    """A fleet that trusts another key than plans are signed with would obey no plan."""
    square_toml.write_text(f'public_key = "{"00" * 32}"\n{TOML}')
    with pytest.raises(UserError, match=r"public_key does not match .*key\.pem"):
        build_agency(square_toml, square_toml.parent / "agency", key=square_toml.parent / "key.pem")


def test_a_packed_map_is_read_and_half_of_one_is_named(square_toml: Path, tmp_path: Path) -> None:
    """A file packed by gzip is the same map; one that was cut off in its copying is named."""
    beats = square_toml.parent / "beats.geojson"
    packed = gzip.compress(beats.read_bytes())
    plain = build_agency(square_toml, tmp_path / "plain", key=tmp_path / "key.pem", terms=LASTING)
    beats.write_bytes(packed)
    again = build_agency(square_toml, tmp_path / "packed", key=tmp_path / "key.pem", terms=LASTING)
    assert (again.directory / "agency.json").read_bytes() == (plain.directory / "agency.json").read_bytes()
    beats.write_bytes(packed[:-20])
    assert "beats.geojson: not a whole gzip file" in _refusal(square_toml)
