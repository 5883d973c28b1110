"""Where each box is by its streets' names, from files as agencies have them, through the build to the car."""

import hashlib
import json
from pathlib import Path
from typing import Any

import osmium
import pytest
from osmium.osm.mutable import Node, Way

from edge.agency.build import BuildReport, build_agency
from edge.agency.bundle import check_bundle
from edge.contract.agency import Agency, load_agency
from edge.contract.places import PlacesDoc
from edge.errors import UserError
from tests.agency.named_streets import CROSSING, FOURTH_LAT, MAIN_LON, STREETS, Named, with_streets
from tests.agency.square import EAST, LASTING, NORTH, SOUTH, WEST


def place_at(agency: Agency, lat: float, lon: float) -> str | None:
    """Of the box that a point lies in."""
    box = agency.grid.box_of(lat, lon)
    return agency.place(None if box is None else box.cell)


@pytest.fixture
def report(square_toml: Path, tmp_path: Path) -> BuildReport:
    """The square town with three named streets."""
    kinds = 'street_property = "kind"\nmain_streets = ["primary"]\n'
    return build_agency(
        with_streets(tmp_path, square_toml, more=kinds), tmp_path / "agency", key=tmp_path / "key.pem", terms=LASTING
    )


def test_a_box_has_the_name_of_its_nearest_crossing(report: BuildReport) -> None:
    """Main streets first; a street alone where no crossing is within 400 m; none where no street is."""
    agency = load_agency(report.directory)
    assert place_at(agency, *CROSSING) == "Main / 4th"
    assert place_at(agency, FOURTH_LAT + 0.002, MAIN_LON) == "Main / 4th"
    assert place_at(agency, NORTH - 0.001, MAIN_LON) == "Main"
    assert place_at(agency, FOURTH_LAT, WEST + 0.001) == "4th"
    assert place_at(agency, NORTH - 0.001, WEST + 0.001) is None


def test_what_the_build_says_of_names(report: BuildReport) -> None:
    """Streets by their short names, the boxes that have one, the file's bytes, which the bundle's size holds."""
    assert report.places is not None
    assert report.places.streets == 2
    assert report.places.size == (report.directory / "places.json").stat().st_size
    assert 20 < report.places.boxes < report.boxes
    assert report.size == sum(path.stat().st_size for path in report.directory.iterdir())


def test_names_are_written_along_their_streets(report: BuildReport) -> None:
    """Every 350 m or so, north-south for Main and east-west for 4th, inside of where the street is straight."""
    places = load_agency(report.directory).places
    assert places is not None
    assert (places.names, places.main) == (("Main", "4th"), 1)
    labels = list(places.written())
    assert {(name, 0 if bearing in (0, 1, 179) else bearing) for name, _, _, bearing, _ in labels} <= {
        (0, 0), (1, 90), (1, 91), (1, 89),
    }  # fmt: skip
    assert [sum(label[0] == name for label in labels) for name in (0, 1)] == [6, 5]
    assert all(80 <= straight <= 480 for *_, straight in labels)


def test_protection_1_of_a_street_nothing_but_class_and_name_is_read(report: BuildReport) -> None:
    """Whatever else stands in the layer reaches no file of the bundle."""
    assert not [path for path in report.directory.iterdir() if b"somebody" in path.read_bytes()]


OAK, SOUTHERN, NORTHERN = (
    [[-99.0, south], [-99.0, north]] for south, north in ((SOUTH, NORTH), (SOUTH, 40.009), (40.009, NORTH))
)
ELM, BESIDE = ([[WEST, lat], [EAST, lat]] for lat in (40.009, 40.009005))


@pytest.mark.parametrize(
    ("streets", "name"),
    [
        ([("Oak Ave", "", SOUTHERN), ("Elm St", "", BESIDE)], "Elm / Oak"),
        ([("Oak Ave", "", OAK), ("Elm St", "", ELM)], "Oak / Elm"),
        ([("N Oak Ave", "", SOUTHERN), ("S OAK AVE", "", NORTHERN)], "Oak"),
        ([("Oak Ave", "", OAK), ("Oak Pl", "", ELM)], "Oak Ave / Oak Pl"),
    ],
)
def test_streets_meet_however_they_are_drawn(
    streets: list[Named], name: str, square_toml: Path, tmp_path: Path
) -> None:
    """A gap of half a metre is none, a crossing needs no common point, and a street does not cross itself."""
    build_agency(with_streets(tmp_path, square_toml, streets), tmp_path / "agency")
    assert place_at(load_agency(tmp_path / "agency"), 40.009, -99.0) == name


def test_a_layer_without_the_property_of_names_is_refused(square_toml: Path, tmp_path: Path) -> None:
    """By file and property, and no bundle is written."""
    toml = with_streets(tmp_path, square_toml)
    toml.write_text(toml.read_text().replace('"label"', '"title"'))
    with pytest.raises(
        UserError, match=r"streets\.geojson: no feature has a name in 'title', the street_name_property"
    ):
        build_agency(toml, tmp_path / "agency")
    assert not (tmp_path / "agency").exists()


def test_without_the_property_nothing_has_a_name(square_toml: Path, tmp_path: Path) -> None:
    """The bundle is as it was: no file more, and nothing in its manifest."""
    toml = with_streets(tmp_path, square_toml)
    toml.write_text(toml.read_text().replace('street_name_property = "label"\n', ""))
    report = build_agency(toml, tmp_path / "agency")
    assert report.places is None
    assert "optional" not in json.loads((tmp_path / "agency" / "manifest.json").read_bytes())
    assert place_at(load_agency(tmp_path / "agency"), *CROSSING) is None


def test_an_openstreetmap_extract_needs_no_properties(square_toml: Path, tmp_path: Path) -> None:
    """Its roads for cars alone are read, by their own tags; a footway names nothing, and an unnamed road is drawn."""
    ways = [*STREETS, ("Secret Path", "footway", [[-99.0047, SOUTH], [-99.0047, NORTH]])]
    agency = build_of_ways(square_toml, [(tags_of(name, kind), line) for name, kind, line in ways])
    assert place_at(agency, *CROSSING) == "Main / 4th"
    assert agency.places is not None
    assert (agency.places.names, agency.places.main) == (("Main", "4th"), 1)


def tags_of(name: str | None, kind: str = "residential") -> dict[str, str]:
    """The tags of a road."""
    return {"highway": kind, **({"name": name} if name else {})}


def build_of_ways(toml: Path, ways: list[tuple[dict[str, str], list[list[float]]]]) -> Agency:
    """The square town with an OpenStreetMap extract of some ways: tags and points; equal points are one node."""
    path = toml.parent / "town.osm.pbf"
    nodes: dict[tuple[float, float], int] = {}
    for _, line in ways:
        for lon, lat in line:
            nodes.setdefault((lon, lat), len(nodes) + 1)
    with osmium.SimpleWriter(str(path)) as writer:
        for place, number in nodes.items():
            writer.add_node(Node(id=number, location=place))
        for number, (tags, line) in enumerate(ways, start=1):
            writer.add_way(Way(id=number, nodes=[nodes[lon, lat] for lon, lat in line], tags=tags))
    toml.write_text(toml.read_text() + 'streets = "town.osm.pbf"\n')
    build_agency(toml, toml.parent / "agency")
    return load_agency(toml.parent / "agency")


MEETING = [-99.0, 40.009]
OVER = [[-99.0, SOUTH], MEETING, [-99.0, NORTH]]
UNDER = [[WEST, 40.009], [EAST, 40.009]]
THROUGH = [[WEST, 40.009], MEETING, [EAST, 40.009]]


@pytest.mark.parametrize(
    ("over", "line", "name"),
    [
        ({}, UNDER, "Oak / Elm"),
        ({"bridge": "yes"}, UNDER, None),
        ({"bridge": "viaduct", "layer": "2"}, UNDER, None),
        ({"tunnel": "yes"}, UNDER, None),
        ({"layer": "-1"}, UNDER, None),
        ({"bridge": "no"}, UNDER, "Oak / Elm"),
        ({"tunnel": "building_passage"}, UNDER, "Oak / Elm"),
        ({"bridge": "yes", "layer": "1"}, THROUGH, "Oak / Elm"),
    ],
)
def test_a_street_that_passes_over_another_does_not_cross_it(
    over: dict[str, str], line: list[list[float]], name: str | None, square_toml: Path
) -> None:
    """By bridge, tunnel or layer; two that share a node meet there, whatever their levels."""
    agency = build_of_ways(square_toml, [({**tags_of("Oak Avenue"), **over}, OVER), (tags_of("Elm Street"), line)])
    here = place_at(agency, 40.009, -99.0)
    assert here == name if name else here in ("Oak", "Elm")


@pytest.mark.parametrize(
    ("level", "name"), [({"bridge": "T", "layer": 1}, None), ({"bridge": "F", "layer": 0}, "Oak / Elm")]
)
def test_a_layer_made_of_openstreetmap_says_it_in_columns(
    level: dict[str, Any], name: str | None, square_toml: Path, tmp_path: Path
) -> None:
    """As Geofabrik's shapefiles have them."""
    toml = with_streets(tmp_path, square_toml, [("Oak Ave", "", OAK), ("Elm St", "", ELM)])
    path = tmp_path / "streets.geojson"
    layer = json.loads(path.read_text())
    layer["features"][0]["properties"] |= level
    path.write_text(json.dumps(layer))
    build_agency(toml, tmp_path / "agency")
    here = place_at(load_agency(tmp_path / "agency"), 40.009, -99.0)
    assert here == name if name else here in ("Oak", "Elm")


def test_the_file_is_vouched_for_as_every_other(report: BuildReport) -> None:
    """Its hash is in the signed manifest: with one byte changed the bundle is refused, by vehicle and headquarters."""
    path = report.directory / "places.json"
    path.write_bytes(path.read_bytes().replace(b"4th", b"5th"))
    with pytest.raises(UserError, match=r"places\.json"):
        load_agency(report.directory)
    checks = check_bundle(report.directory, None, 0.0)
    assert "places.json" in str(next(check.failure for check in checks if check.failure))


def test_a_bundle_that_older_software_copied_lacks_the_file_and_is_good(report: BuildReport) -> None:
    """It copies none but the files it knows: then no box has a name, and nothing else is different."""
    (report.directory / "places.json").unlink()
    agency = load_agency(report.directory)
    assert place_at(agency, *CROSSING) is None
    assert all(check.failure is None for check in check_bundle(report.directory, None, 0.0))


@pytest.mark.parametrize(
    "wrong",
    [
        {"boxes": [0]},
        {"boxes": [0, 7]},
        {"boxes": [-2, 0]},
        {"labels": [0, 1, 2, 3]},
        {"labels": [2, 1, 2, 3, 4]},
        {"main": -1},
    ],
)
def test_a_file_of_another_form_is_refused(wrong: dict[str, Any], report: BuildReport) -> None:
    """Names that are not there, halves of pairs and of labels: by the file's name."""
    path, manifest_path = report.directory / "places.json", report.directory / "manifest.json"
    document = {**json.loads(path.read_bytes()), **wrong}
    path.write_text(json.dumps(document))
    manifest = json.loads(manifest_path.read_bytes())
    manifest["optional"]["places.json"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest_path.write_text(json.dumps(manifest))
    with pytest.raises(UserError, match=r"places\.json"):
        load_agency(report.directory)


def test_a_box_beyond_the_list_has_no_name() -> None:
    """As in a file that another grid was made with."""
    places = PlacesDoc(names=("Main", "4th"), main=1, boxes=(0, 1, 1, -1, -1, -1))
    assert [places.of(number) for number in range(5)] == [None, "Main / 4th", "4th", None, None]
