"""Building an agency directory: what is in it, that it repeats, and that it appears whole or not at all."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from edge.agency.build import BuildReport, build_agency
from edge.agency.fit import utm_epsg
from edge.agency.pack import Terms
from edge.contract.agency import Agency, load_agency
from edge.contract.map_file import MapDoc
from edge.contract.signing import load_private_key, public_key_of
from edge.errors import UserError
from tests.agency.square import EAST, LASTING, NORTH, SOUTH, WEST, collection, rectangle


def test_chicago_is_built_with_its_beats_and_districts(chicago_agency: Agency, chicago_report: BuildReport) -> None:
    """Chicago lies in UTM zone 16 north; a beat's number begins with its district's in every box."""
    boxes = chicago_agency.grid.boxes.values()
    assert chicago_report.epsg == 32616
    assert chicago_report.worst_mm < 1.0
    assert 9_000 < len(boxes) == chicago_report.boxes < 10_500
    assert all(int(box.beat) // 100 == int(box.district) for box in boxes)
    assert chicago_agency.grid.box_of(41.8789, -87.6358) is not None


def test_the_public_key_is_that_of_the_key_file(chicago_agency: Agency, chicago_report: BuildReport) -> None:
    """A missing key is made, and its public half is what the vehicle will check plans against."""
    key = load_private_key(chicago_report.directory.parent / "key.pem")
    assert chicago_report.key_created
    assert chicago_agency.public_key == public_key_of(key)


def test_the_same_input_gives_the_same_bytes(square_toml: Path, tmp_path: Path) -> None:
    """Two builds on the same terms are equal file by file, so their hash names the bundle."""
    first = build_agency(square_toml, tmp_path / "one", key=tmp_path / "key.pem", terms=LASTING)
    second = build_agency(square_toml, tmp_path / "two", key=tmp_path / "key.pem", terms=LASTING)
    assert (first.key_created, second.key_created) == (True, False)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()
    assert sorted(each.name for each in (tmp_path / "two").iterdir()) == [
        "agency.json", "grid.json", "manifest.json", "map.json", "signature.json",
    ]  # fmt: skip


def test_a_bundle_that_is_replaced_is_followed_by_the_next_version(square_toml: Path, tmp_path: Path) -> None:
    """Nobody has to count; a version that cars hold already, or a lower one, is refused."""
    versions = [build_agency(square_toml, tmp_path / "agency").manifest.version for _ in range(3)]
    assert versions == [1, 2, 3]
    assert build_agency(square_toml, tmp_path / "agency", terms=Terms(version=7)).manifest.version == 7
    for version in (6, 7):
        with pytest.raises(UserError, match=r"--version: .*agency is already version 7"):
            build_agency(square_toml, tmp_path / "agency", terms=Terms(version=version))


@pytest.mark.parametrize(
    ("terms", "expires"),
    [
        (Terms(valid_days=30), "2026-04-01T05:00:00Z"),
        (Terms(last_day=date(2026, 3, 1)), "2026-03-02T06:00:00Z"),
    ],
)
def test_a_bundle_expires_when_its_last_day_ends_in_the_agencys_zone(
    terms: Terms, expires: str, square_toml: Path, tmp_path: Path
) -> None:
    """Thirty days after it was made, or by a date; Chicago's midnight, in summer time and out of it."""
    made = replace(terms, created=datetime(2026, 3, 1, 12, tzinfo=UTC))
    manifest = build_agency(square_toml, tmp_path / "agency", terms=made).manifest
    assert manifest.model_dump(mode="json")["expires"] == expires


def test_a_bundle_cannot_expire_before_it_is_made(square_toml: Path, tmp_path: Path) -> None:
    """Yesterday is refused, and so is a day after all time."""
    for day in (date(2025, 12, 30), date(2100, 6, 1)):
        with pytest.raises(UserError, match=f"--expires: {day}"):
            build_agency(square_toml, tmp_path / "agency", terms=replace(LASTING, last_day=day))


def test_protection_1_of_a_feature_only_the_named_id_is_read(square_toml: Path, tmp_path: Path) -> None:
    """Whatever else stands in the GeoJSON's properties reaches no file of the agency directory."""
    build_agency(square_toml, tmp_path / "agency")
    for file in (tmp_path / "agency").iterdir():
        assert b"somebody" not in file.read_bytes()
        assert b"a name that stays" not in file.read_bytes()


def test_protection_6_any_box_an_opt_out_place_touches_is_marked(square_toml: Path, tmp_path: Path) -> None:
    """A place's buffer of 30 m counts: a box is closed when any part of it lies so near, and no other box is."""
    report = build_agency(square_toml, tmp_path / "agency")
    grid = load_agency(tmp_path / "agency").grid
    centre = grid.project((SOUTH + NORTH) / 2.0, (WEST * 3.0 + EAST) / 4.0)
    assert centre is not None
    near = {
        cell
        for cell in grid.boxes
        if max(cell[0] * 250 - centre[0], 0, centre[0] - cell[0] * 250 - 250) ** 2
        + max(cell[1] * 250 - centre[1], 0, centre[1] - cell[1] * 250 - 250) ** 2
        <= 30.0**2
    }
    assert {cell for cell, box in grid.boxes.items() if box.opt_out} == near
    assert report.opt_out_boxes == len(near) >= 1


def test_each_box_has_the_district_and_beat_of_its_centre(square_agency: Agency) -> None:
    """West of the middle is district 1, east of it district 2, beats alike; boxes on the rim get the nearest."""
    middle = square_agency.grid.project((SOUTH + NORTH) / 2.0, (WEST + EAST) / 2.0)
    assert middle is not None
    for (column, _), box in square_agency.grid.boxes.items():
        expected = ("1", "11") if (column + 0.5) * 250.0 < middle[0] else ("2", "21")
        if abs((column + 0.5) * 250.0 - middle[0]) > 20.0:
            assert (box.district, box.beat) == expected
    assert Counter(box.beat for box in square_agency.grid.boxes.values()).keys() == {"11", "21"}


def test_the_map_has_lines_in_five_decimals(square_agency: Agency) -> None:
    """Outlines, opt-out places and the labels of beats are drawn offline, in degrees rounded to 1e-5."""
    layers = MapDoc.model_validate_json(square_agency.map_path.read_bytes()).layers
    assert [layer.kind for layer in layers] == ["opt_out", "beat", "district", "boundary"]
    assert [label[2] for label in layers[1].labels] == ["11", "21"]
    for layer in layers:
        for lon, lat in (place for line in layer.lines for place in line):
            assert (round(lon, 5), round(lat, 5)) == (lon, lat)
            assert WEST - 0.001 < lon < EAST + 0.001
            assert SOUTH - 0.001 < lat < NORTH + 0.001


def test_main_streets_are_a_layer_of_their_own(square_toml: Path, tmp_path: Path) -> None:
    """By the one property that is named; the rest are side streets, and nothing else of a street is read."""
    lines = [[[WEST, SOUTH + n / 200.0], [EAST, SOUTH + n / 200.0]] for n in (1, 2, 3)]
    kinds: list[dict[str, Any]] = [{"class": "primary", "name": "somebody"}, {"class": "alley"}, {"class": None}]
    streets = [(own, {"type": "LineString", "coordinates": line}) for own, line in zip(kinds, lines, strict=True)]
    (tmp_path / "streets.geojson").write_text(json.dumps(collection(*streets)))
    named = 'streets = "streets.geojson"\nstreet_property = "class"\nmain_streets = ["primary", "trunk"]\n'
    square_toml.write_text(square_toml.read_text() + named)
    build_agency(square_toml, tmp_path / "agency")
    text = (tmp_path / "agency" / "map.json").read_bytes()
    counts = {layer.kind: len(layer.lines) for layer in MapDoc.model_validate_json(text).layers}
    assert (counts["main_street"], counts["street"]) == (1, 2)
    assert b"somebody" not in text


def test_a_failed_build_leaves_no_new_key(square_toml: Path, tmp_path: Path) -> None:
    """Neither when the input is wrong nor when the key made is not the one named; a key that was there stays."""
    own = square_toml.read_text()
    square_toml.write_text(f'public_key = "{"00" * 32}"\n{own}')
    with pytest.raises(UserError):
        build_agency(square_toml, tmp_path / "agency", key=tmp_path / "key.pem")
    assert not (tmp_path / "key.pem").exists()
    square_toml.write_text(own)
    build_agency(square_toml, tmp_path / "agency", key=tmp_path / "key.pem")
    square_toml.write_text(own.replace("America/Chicago", "Nowhere"))
    with pytest.raises(UserError):
        build_agency(square_toml, tmp_path / "agency", key=tmp_path / "key.pem")
    assert (tmp_path / "key.pem").exists()


def test_the_utm_zone_follows_longitude_and_hemisphere() -> None:
    """Zones are 6° wide from 180° W; a city that reaches south of the equator gets a southern zone."""
    assert utm_epsg(-87.7, 41.6) == 32616
    assert utm_epsg(151.2, -34.0) == 32756
    assert utm_epsg(-78.5, -0.4) == 32717
    assert (utm_epsg(-180.0, 1.0), utm_epsg(180.0, 1.0)) == (32601, 32660)


def test_a_city_of_the_south_has_positive_box_ids(square_toml: Path, tmp_path: Path) -> None:
    """South of the equator the false northing keeps the ids two plain numbers."""
    for name, own in (("boundary", {}), ("districts", {"district": 1}), ("beats", {"beat": 1})):
        shape = rectangle(151.19, -33.90, 151.21, -33.88)
        (tmp_path / f"{name}.geojson").write_text(json.dumps(collection((own, shape))))
    report = build_agency(square_toml, tmp_path / "agency")
    assert report.epsg == 32756
    assert report.opt_out_boxes == 0
    assert all(box.cell[0] > 0 and box.cell[1] > 20_000 for box in load_agency(tmp_path / "agency").grid.boxes.values())


def test_a_directory_that_is_no_agency_is_never_overwritten(square_toml: Path, tmp_path: Path) -> None:
    """A folder with anything else in it is refused and left as it was."""
    out = tmp_path / "homework"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    with pytest.raises(UserError, match="contains files that are not part of an agency directory"):
        build_agency(square_toml, out)
    assert (out / "thesis.txt").read_text() == "years of work"


def test_folders_on_the_way_to_the_directory_are_made(square_toml: Path, tmp_path: Path) -> None:
    """And a file on that way is told."""
    build_agency(square_toml, tmp_path / "new" / "deeper" / "agency")
    assert load_agency(tmp_path / "new" / "deeper" / "agency")
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be written"):
        build_agency(square_toml, tmp_path / "file" / "agency")


def test_a_failed_build_leaves_the_old_directory(square_toml: Path, tmp_path: Path) -> None:
    """A mistake in the input is found before anything is written, and no half directory stays behind."""
    build_agency(square_toml, tmp_path / "agency")
    before = load_agency(tmp_path / "agency").hash
    (tmp_path / "beats.geojson").write_text("{")
    with pytest.raises(UserError):
        build_agency(square_toml, tmp_path / "agency")
    assert load_agency(tmp_path / "agency").hash == before
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".agency")]


def test_the_private_key_never_lies_in_the_agency_directory(square_toml: Path, tmp_path: Path) -> None:
    """Every vehicle gets that directory, so a key path inside it is refused."""
    with pytest.raises(UserError, match="private key somewhere else"):
        build_agency(square_toml, tmp_path / "agency", key=tmp_path / "agency" / "key.pem")


def test_an_outline_that_crosses_itself_is_repaired_and_reported(square_toml: Path, tmp_path: Path) -> None:
    """A bow tie is made valid, and the report names file and feature."""
    bow = {
        "type": "Polygon",
        "coordinates": [[[WEST, SOUTH], [EAST, NORTH], [EAST, SOUTH], [WEST, NORTH], [WEST, SOUTH]]],
    }
    (tmp_path / "boundary.geojson").write_text(json.dumps(collection(({}, bow))))
    report = build_agency(square_toml, tmp_path / "agency")
    assert len(report.notes) == 1
    assert "boundary.geojson: feature 1" in report.notes[0]


def test_a_street_without_length_is_left_out(square_toml: Path, tmp_path: Path) -> None:
    """Exports hold such lines; they are nothing to draw, and no mistake either."""
    point = [WEST + 0.005, SOUTH + 0.005]
    street = {"type": "MultiLineString", "coordinates": [[point, point], [point, [EAST, NORTH]]]}
    nothing = {"type": "LineString", "coordinates": [point, point]}
    (tmp_path / "streets.geojson").write_text(json.dumps(collection(({}, nothing), ({}, street))))
    square_toml.write_text(square_toml.read_text() + 'streets = "streets.geojson"\n')
    report = build_agency(square_toml, tmp_path / "agency")
    layers = MapDoc.model_validate_json((tmp_path / "agency" / "map.json").read_bytes()).layers
    assert [len(layer.lines) for layer in layers if layer.kind == "street"] == [1]
    assert not report.notes
