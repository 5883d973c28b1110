"""A city's map files as people have them: other forms, other coordinate systems, features without a geometry."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from edge.agency.build import BuildReport, build_agency
from edge.agency.degrees import system_of
from edge.agency.feature_file import read_layer
from edge.contract.agency import load_agency
from edge.errors import UserError
from tests.agency.square import EAST, LASTING, NORTH, SOUTH, TOML, WEST, collection, rectangle, write_square

MIDDLE = (WEST + EAST) / 2.0
BEATS = {"11": rectangle(WEST, SOUTH, MIDDLE, NORTH), "21": rectangle(MIDDLE, SOUTH, EAST, NORTH)}


def build(toml: Path) -> BuildReport:
    """The agency, beside its sources."""
    return build_agency(toml, toml.parent / "agency", terms=LASTING)


def boxes(report: BuildReport) -> bytes:
    """What the grid's file says of the boxes: their areas, numbers and opt-outs."""
    return (report.directory / "grid.json").read_bytes()


def put(toml: Path, name: str, document: Any) -> None:
    """Another file in the place of one of the town's."""
    (toml.parent / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")


def write_table(path: Path, epsg: int | None, layer: str | None = None, beats: Any = BEATS) -> None:
    """The beats as a shapefile or GeoPackage in a coordinate system, with a column that nobody may read."""
    shapes = [shapely.from_geojson(json.dumps(shape)) for shape in beats.values()]
    forth = Transformer.from_crs(4326, epsg or 4326, always_xy=True).transform
    moved = [shapely.transform(shapely.segmentize(shape, 0.0005), forth, interleaved=False) for shape in shapes]
    fields = [np.array(list(beats), dtype=object), np.array(["somebody"] * len(beats), dtype=object)]
    crs = None if epsg is None else f"EPSG:{epsg}"
    options: dict[str, Any] = {"layer": layer, "append": path.exists()} if layer else {}
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array(moved)), fields, ["beat", "officer"], geometry_type="Polygon", crs=crs, **options
    )


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The town's boxes, of plain GeoJSON."""
    return boxes(build(write_square(tmp_path_factory.mktemp("usual"))))


@pytest.mark.parametrize(
    ("name", "epsg"), [("beats.shp", 4326), ("beats.shp", 26852), ("beats.gpkg", 4269), ("beats.gpkg", 2820)]
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_shapefile_or_geopackage_is_a_layer_like_any_other(
    square_toml: Path, usual: bytes, name: str, epsg: int
) -> None:
    """In degrees or a state plane's meters: the same beats, so the same boxes."""
    write_table(square_toml.parent / name, epsg)
    square_toml.write_text(TOML.replace("beats.geojson", name))
    assert boxes(build(square_toml)) == usual


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_zipped_shapefile_is_read_as_it_came(square_toml: Path, usual: bytes) -> None:
    """As portals hand it out: all its parts in one file."""
    folder = square_toml.parent / "parts"
    folder.mkdir()
    write_table(folder / "beats.shp", 26852)
    with zipfile.ZipFile(square_toml.parent / "beats.zip", "w") as archive:
        for part in folder.iterdir():
            archive.write(part, part.name)
    square_toml.write_text(TOML.replace("beats.geojson", "beats.zip"))
    assert boxes(build(square_toml)) == usual


def test_of_a_table_only_the_named_column_is_read(tmp_path: Path) -> None:
    """Protection 1: the officer's column does not leave the file."""
    write_table(tmp_path / "beats.gpkg", 4326)
    assert [feature.properties for feature in read_layer(tmp_path / "beats.gpkg", ("beat",))] == [
        {"beat": "11"},
        {"beat": "21"},
    ]
    put(tmp_path / "agency.toml", "beats", collection(({"beat": 1, "officer": "somebody"}, BEATS["11"])))
    assert [each.properties for each in read_layer(tmp_path / "beats.geojson", ("beat",))] == [{"beat": 1}]


def test_one_of_several_layers_is_named_after_the_file_s_name(square_toml: Path, usual: bytes) -> None:
    """Two layers with the column: which one is asked for, and `file#layer` says it."""
    path = square_toml.parent / "city.gpkg"
    write_table(path, 4326, "beats")
    write_table(path, 4326, "old_beats", {"9": BEATS["11"]})
    square_toml.write_text(TOML.replace("beats.geojson", "city.gpkg"))
    with pytest.raises(UserError, match=r"which of its layers is meant \(beats, old_beats\)\? .*city\.gpkg#LAYER"):
        build(square_toml)
    square_toml.write_text(TOML.replace("beats.geojson", "city.gpkg#beats"))
    assert boxes(build(square_toml)) == usual


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_one_of_several_maps_in_a_zip_is_named(square_toml: Path, usual: bytes) -> None:
    """In a folder of the zip file, as portals pack them, beside another."""
    folder = square_toml.parent / "parts"
    folder.mkdir()
    write_table(folder / "beats.shp", 4326)
    write_table(folder / "old.shp", 4326)
    with zipfile.ZipFile(square_toml.parent / "city.zip", "w") as archive:
        for part in folder.iterdir():
            archive.write(part, f"export/{part.name}")
    square_toml.write_text(TOML.replace("beats.geojson", "city.zip"))
    with pytest.raises(
        UserError, match=r"which of its layers is meant \((beats, old|old, beats)\)\? .*city\.zip#LAYER"
    ):
        build(square_toml)
    square_toml.write_text(TOML.replace("beats.geojson", "city.zip#beats"))
    assert boxes(build(square_toml)) == usual
    with zipfile.ZipFile(square_toml.parent / "none.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    square_toml.write_text(TOML.replace("beats.geojson", "none.zip"))
    with pytest.raises(UserError, match=r"none\.zip: a zip file without a shapefile, GeoPackage or GeoJSON"):
        build(square_toml)


@pytest.mark.parametrize("content", [b"", b"<kml></kml>", bytes(range(256)), b'{"type": ', b"\xff\xfe\xfd"])
def test_what_is_no_map_is_one_plain_sentence(square_toml: Path, content: bytes) -> None:
    """No bytes and no codec of it on the screen."""
    (square_toml.parent / "beats.geojson").write_bytes(content)
    with pytest.raises(UserError, match=r"beats\.geojson: not GeoJSON, a GeoPackage, or a shapefile") as refused:
        build(square_toml)
    assert "codec" not in str(refused.value)


@pytest.mark.parametrize("beat", [float("nan"), True, [1], {"a": 1}, " "])
def test_what_is_no_name_is_refused(square_toml: Path, beat: Any) -> None:
    """By its feature."""
    put(square_toml, "beats", collection(({"beat": beat}, BEATS["11"])))
    with pytest.raises(UserError, match="feature 1: property 'beat' must be a name or number"):
        build(square_toml)


def test_an_area_that_is_a_line_is_refused(square_toml: Path) -> None:
    """A polygon that goes there and back."""
    ring = [[WEST, SOUTH], [EAST, SOUTH], [WEST, SOUTH], [WEST, SOUTH]]
    put(square_toml, "beats", collection(({"beat": 1}, {"type": "Polygon", "coordinates": [ring]})))
    with pytest.raises(UserError, match="feature 1 encloses no area; fix or remove it"):
        build(square_toml)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("lacking", [".shx", ".dbf"])
def test_a_part_of_a_shapefile_is_one_sentence(square_toml: Path, lacking: str) -> None:
    """Its index or its columns left behind: the file is named, and what belongs to it."""
    write_table(square_toml.parent / "beats.shp", 4326)
    (square_toml.parent / f"beats{lacking}").unlink()
    square_toml.write_text(TOML.replace("beats.geojson", "beats.shp"))
    with pytest.raises(UserError, match=r"beats\.shp: .*(with its \.shx, \.dbf|no property 'beat')") as refused:
        build(square_toml)
    assert "\n" not in str(refused.value)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_shapefile_without_its_prj_is_in_degrees_or_refused(square_toml: Path, usual: bytes) -> None:
    """Degrees can be told from metres, and one system of metres not from another."""
    write_table(square_toml.parent / "beats.shp", 4326)
    (square_toml.parent / "beats.prj").unlink()
    square_toml.write_text(TOML.replace("beats.geojson", "beats.shp"))
    assert boxes(build(square_toml)) == usual
    write_table(square_toml.parent / "metres.shp", 26852)
    (square_toml.parent / "metres.prj").unlink()
    square_toml.write_text(TOML.replace("beats.geojson", "metres.shp"))
    with pytest.raises(UserError, match=r"metres\.shp: feature 1 is not in degrees .* names no coordinate system"):
        build(square_toml)


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4269"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
        {"type": "name", "properties": {"name": "EPSG:4326"}},
        {"type": "name", "properties": {"name": "urn:x-ogc:def:crs:EPSG:6318"}},
        {"type": "EPSG", "properties": {"code": 4269}},
        "http://www.opengis.net/def/crs/EPSG/0/4326",
    ],
)
def test_degrees_by_any_of_their_names_are_degrees(square_toml: Path, usual: bytes, crs: Any) -> None:
    """WGS 84 and the datum of 1983, which is a metre from it at most: as today's and as older files write them."""
    for name in ("boundary", "beats"):
        document = json.loads((square_toml.parent / f"{name}.geojson").read_text())
        put(square_toml, name, {**document, "crs": crs})
    assert boxes(build(square_toml)) == usual


def test_a_projected_geojson_is_moved_to_degrees(tmp_path: Path) -> None:
    """State Plane in US feet, with the old member `crs`: within a centimetre of pyproj's, all along a line."""
    forth = Transformer.from_crs(4326, 3435, always_xy=True)
    x, y = forth.transform(-87.65, 41.85)
    line = {"type": "LineString", "coordinates": [[x, y], [x + 20_000.0, y]]}
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3435"}}
    put(tmp_path / "agency.toml", "lines", {**collection(({}, line)), "crs": named})
    (feature,) = read_layer(tmp_path / "lines.geojson")
    assert feature.shape is not None
    assert feature.shape.coords[0] == pytest.approx((-87.65, 41.85), abs=1e-9)
    back = np.array(forth.transform(*shapely.get_coordinates(feature.shape.segmentize(1e-4)).T))
    assert np.abs(back[1] - y).max() * 0.3048 < 0.01


def test_a_system_is_known_by_esri_s_codes_too() -> None:
    """Many counties' feet exist only there; a made-up name is one sentence."""
    assert system_of(Path("x.geojson"), {"properties": {"name": "ESRI:102671"}}).forth is not None
    with pytest.raises(UserError, match=r"x\.geojson: names a coordinate system that is not known, .*Narnia"):
        system_of(Path("x.geojson"), {"properties": {"name": "Narnia"}})


@pytest.mark.parametrize(
    "shape",
    [
        None,
        {"type": "Polygon", "coordinates": []},
        {"type": "GeometryCollection", "geometries": []},
    ],
)
def test_a_feature_without_a_geometry_is_left_out_and_noted(square_toml: Path, usual: bytes, shape: Any) -> None:
    """The others are beats all the same."""
    put(
        square_toml,
        "beats",
        collection(*(({"beat": name}, each) for name, each in BEATS.items()), ({"beat": 9}, shape)),
    )
    report = build(square_toml)
    assert boxes(report) == usual
    assert any(note.endswith("beats.geojson: skipped without a geometry: feature 3") for note in report.notes)


def test_an_opt_out_place_without_a_geometry_is_refused(square_toml: Path) -> None:
    """Left out, it would be offered."""
    none: Any = None
    put(square_toml, "opt_out", collection(({}, {"type": "Point", "coordinates": [WEST, SOUTH]}), ({}, none)))
    with pytest.raises(UserError, match=r"opt_out\.geojson: feature 2 has no geometry, so its place would be offered"):
        build(square_toml)


def test_of_a_collection_the_areas_are_used_and_the_rest_is_noted(square_toml: Path, usual: bytes) -> None:
    """A collection in a collection, with a line and a point beside the beat's outline, in three dimensions."""
    solid = {**BEATS["11"], "coordinates": [[[*place, 180.0] for place in BEATS["11"]["coordinates"][0]]]}
    line = {"type": "LineString", "coordinates": [[WEST, SOUTH], [EAST, NORTH]]}
    point = {"type": "Point", "coordinates": [WEST, SOUTH]}
    inner = {"type": "GeometryCollection", "geometries": [line, solid]}
    both = {"type": "GeometryCollection", "geometries": [inner, point]}
    put(square_toml, "beats", collection(({"beat": "11"}, both), ({"beat": "21"}, BEATS["21"])))
    report = build(square_toml)
    assert boxes(report) == usual
    assert any(
        "feature 1: only its Polygon and MultiPolygon are used, not its LineString, Point" in note
        for note in report.notes
    )
    put(square_toml, "beats", collection(({"beat": "11"}, {"type": "GeometryCollection", "geometries": [line]})))
    with pytest.raises(UserError, match="feature 1 is GeometryCollection; it must be Polygon or MultiPolygon"):
        build(square_toml)


@pytest.mark.parametrize("how", ["feature", "geometry"])
def test_a_boundary_alone_needs_no_collection(square_toml: Path, usual: bytes, how: str) -> None:
    """One feature, or a bare geometry."""
    shape = rectangle(WEST, SOUTH, EAST, NORTH)
    put(
        square_toml,
        "boundary",
        shape if how == "geometry" else {"type": "Feature", "properties": {}, "geometry": shape},
    )
    assert boxes(build(square_toml)) == usual


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"type": "Topology", "objects": {}}, "TopoJSON, not GeoJSON; export the layer as GeoJSON"),
        (
            {"geometryType": "esriGeometryPolygon", "features": [{}]},
            "Esri JSON, not GeoJSON; ask the map service for f=",
        ),
        ({"features": [{"attributes": {}, "geometry": {}}]}, "Esri JSON, not GeoJSON"),
        ({"rings": [[]]}, "Esri JSON, not GeoJSON"),
        ({"error": {"code": 400}}, "not a GeoJSON FeatureCollection with features"),
        ({"type": "FeatureCollection", "features": []}, "not a GeoJSON FeatureCollection with features"),
    ],
)
def test_json_of_another_form_is_told_by_its_name(square_toml: Path, document: Any, says: str) -> None:
    """And how to get GeoJSON."""
    put(square_toml, "boundary", document)
    with pytest.raises(UserError) as refused:
        build(square_toml)
    assert str(refused.value).startswith(f"{square_toml.parent / 'boundary.geojson'}: {says}")


def test_numbers_that_a_table_made_decimals_of_are_names(square_toml: Path) -> None:
    """1.0 is beat 1, 2.5 is beat 2.5."""
    put(square_toml, "beats", collection(({"beat": 1.0}, BEATS["11"]), ({"beat": 2.5}, BEATS["21"])))
    assert {box.beat for box in load_agency(build(square_toml).directory).grid.boxes.values()} == {"1", "2.5"}


def test_features_of_one_name_are_one_area_and_noted(square_toml: Path) -> None:
    """A beat in two pieces."""
    put(square_toml, "beats", collection(({"beat": "11"}, BEATS["11"]), ({"beat": "11"}, BEATS["21"])))
    report = build(square_toml)
    assert report.beats == 1
    assert any(note.endswith("beats.geojson: 2 features are named '11'; treated as one") for note in report.notes)


def test_overlaps_and_gaps_are_told_with_their_area_and_rule(square_toml: Path) -> None:
    """A tenth of the town is in two beats, a fifth in none: in km², by name, with the boxes that it is about."""
    wide = EAST - WEST
    west = rectangle(WEST, SOUTH, WEST + 0.5 * wide, NORTH)
    east = rectangle(WEST + 0.4 * wide, SOUTH, WEST + 0.8 * wide, NORTH)
    put(square_toml, "beats", collection(({"beat": "11"}, west), ({"beat": "21"}, east)))
    report = build(square_toml)
    overlap, gap = (note for note in report.notes if "beats.geojson" in note)
    town = 1708.5 * 1998.9 / 1e6  # km², by pyproj's UTM
    assert f"beats.geojson: overlaps of {town / 10:.2f} km²: 11 and 21 ({town / 10:.2f} km²); " in overlap
    assert "a box whose middle lies in several belongs to the first by name (" in overlap
    assert f"beats.geojson: {town / 5:.2f} km² of the boundary (20.0%) is in no beat; " in gap
    assert "a box whose middle lies there belongs to the nearest beat (" in gap
    grid = load_agency(report.directory).grid
    shared, nowhere = grid.box_of(40.009, WEST + 0.45 * wide), grid.box_of(40.009, WEST + 0.95 * wide)
    assert shared is not None
    assert nowhere is not None
    assert (shared.beat, nowhere.beat) == ("11", "21")


def test_a_clean_map_has_nothing_told_of_it(square_toml: Path) -> None:
    """Edges that are shared are neither an overlap nor a gap."""
    assert build(square_toml).notes == ()


def test_a_small_gap_is_told_in_square_metres(square_toml: Path) -> None:
    """Some ten metres between two beats."""
    east = rectangle(MIDDLE + 0.0001, SOUTH, EAST, NORTH)
    put(square_toml, "beats", collection(({"beat": "11"}, BEATS["11"]), ({"beat": "21"}, east)))
    (note,) = build(square_toml).notes
    assert "m² of the boundary (0.5%) is in no beat" in note
    assert "km²" not in note


@pytest.mark.parametrize("name", ["beats", "opt_out"])
def test_latitude_first_is_told_of_any_layer(square_toml: Path, name: str) -> None:
    """By the boundary, where both ways round are somewhere on Earth."""
    document = json.loads(json.dumps(collection(({"beat": 1}, rectangle(SOUTH, -73.0, NORTH, -72.0)))))
    put(square_toml, name, document)
    shape = rectangle(-73.0, SOUTH, -72.0, NORTH)
    for other in {"boundary", "districts", "beats", "opt_out"} - {name}:
        put(square_toml, other, collection(({"district": 1, "beat": 1}, shape)))
    with pytest.raises(UserError, match=rf"{name}\.geojson: its coordinates have latitude first"):
        build(square_toml)


def test_a_boundary_with_latitude_first_is_told_by_the_time_zone(square_toml: Path) -> None:
    """New York's swapped is a place in Antarctica, where a grid could be made."""
    put(square_toml, "boundary", collection(({}, rectangle(40.6, -74.1, 40.7, -74.0))))
    square_toml.write_text(TOML.replace("America/Chicago", "America/New_York"))
    with pytest.raises(UserError, match=r"boundary\.geojson: the boundary would lie .* latitude first"):
        build(square_toml)


def test_a_layer_of_another_city_is_told(square_toml: Path) -> None:
    """Of opt-out places it is a note, as a county's list may hold none of the town's."""
    put(square_toml, "opt_out", collection(({}, {"type": "Point", "coordinates": [-87.6, 41.8]})))
    assert any("opt_out.geojson: no opt-out places near the boundary" in note for note in build(square_toml).notes)


def test_the_180th_meridian_is_not_crossed(square_toml: Path) -> None:
    """The sentence says what to do."""
    sides = (rectangle(179.9, -16.9, 180.0, -16.8), rectangle(-180.0, -16.9, -179.9, -16.8))
    put(square_toml, "boundary", collection(*(({}, side) for side in sides)))
    with pytest.raises(UserError, match=r"both sides of the 180th meridian, .* build one agency for each side"):
        build(square_toml)


def test_a_packed_map_is_read(square_toml: Path, usual: bytes) -> None:
    """A byte order mark before GeoJSON does no harm either."""
    path = square_toml.parent / "boundary.geojson"
    shutil.copy(path, square_toml.parent / "copy")
    path.write_bytes(b"\xef\xbb\xbf" + (square_toml.parent / "copy").read_bytes())
    assert boxes(build(square_toml)) == usual
