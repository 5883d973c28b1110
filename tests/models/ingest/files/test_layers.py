"""GeoJSON, shapefiles and GeoPackages: their points are the place, in whatever coordinates."""

import gzip
import json
import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from edge.errors import UserError
from models.ingest.mapping import read_mapping
from models.ingest.report import Report
from models.ingest.run import ingest
from tests.models.town_export import MAPPING, NOW, write_mapping

LAT_LON = 'lat = "lat"\nlon = "lon"'
POINTS = [(-99.0, 40.01), (-99.01, 40.02), None]


def written(path: Path, epsg: int = 4326, points: list[tuple[float, float] | None] = POINTS) -> Path:
    """A file of three thefts, by its name's ending; the last has no geometry."""
    to = Transformer.from_crs(4326, epsg, always_xy=True)
    shapes = [None if point is None else shapely.Point(*to.transform(*point)) for point in points]
    rows = range(1, len(points) + 1)
    fields = [np.array([f"i{row}" for row in rows], object),
              np.array([f"2026-01-0{row} 12:00" for row in rows], object),
              np.array(["23F"] * len(points), object)]  # fmt: skip
    pyogrio.raw.write(path, np.array([shapely.to_wkb(shape) for shape in shapes], object), fields,
                      ["id", "when", "code"], geometry_type="Point", crs=f"EPSG:{epsg}")  # fmt: skip
    return path


def read(path: Path, place: str = LAT_LON) -> tuple[list[tuple[str, float, float]], Report]:
    """Id, latitude and longitude of what is kept; and the report."""
    mapping, _ = read_mapping(write_mapping(path.parent, MAPPING.replace(LAT_LON, place)))
    found, report = ingest(mapping, [path], NOW, lambda _: None)
    return list(zip(found["event_id"], found["lat"].round(7), found["lon"].round(7), strict=True)), report


EXPECTED = [("i1", 40.01, -99.0), ("i2", 40.02, -99.01)]


@pytest.mark.parametrize("place", [LAT_LON, "", "bounds = [-99.5, 39.5, -98.5, 40.5]"])
@pytest.mark.parametrize(
    ("name", "epsg"),
    [("a.geojson", 4326), ("a.geojsonl", 4326), ("a.shp", 4326), ("a.shp", 3435), ("a.gpkg", 4326), ("a.gpkg", 2263)],
)
def test_a_geometry_is_the_place_without_a_word_in_the_mapping(
    tmp_path: Path, name: str, epsg: int, place: str
) -> None:
    """In its own system; a row without is left out, and counted."""
    found, report = read(written(tmp_path / name, epsg), place)
    assert found == EXPECTED
    assert (report.rows, report.left_out["no coordinates"]) == (3, 1)


def test_what_a_file_is_is_told_by_its_content(tmp_path: Path) -> None:
    """Whatever it is called; packed, and a shapefile with those beside it."""
    plain = written(tmp_path / "a.geojson")
    renamed, packed = tmp_path / "export.csv", tmp_path / "b.gz"
    renamed.write_bytes(b"\xef\xbb\xbf" + plain.read_bytes())
    packed.write_bytes(gzip.compress(written(tmp_path / "b.gpkg").read_bytes()))
    written(tmp_path / "c.shp", 3435)
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        for part in tmp_path.glob("c.*"):
            if part.suffix != ".zip":
                archive.write(part, f"folder/{part.name.upper()}")
    for path in (renamed, packed, tmp_path / "c.zip"):
        assert read(path)[0] == EXPECTED


def test_columns_that_the_mapping_names_come_before_the_geometry(tmp_path: Path) -> None:
    """Where the file has them."""
    path = written(tmp_path / "a.geojson")
    document = json.loads(path.read_text())
    for feature in document["features"]:
        feature["properties"] |= {"lat": 40.5, "lon": -99.5}
    path.write_text(json.dumps(document))
    assert read(path)[0] == [(f"i{row}", 40.5, -99.5) for row in (1, 2, 3)]


def test_what_is_no_point_has_no_coordinates(tmp_path: Path) -> None:
    """Lines and polygons are told; several points of one are one."""
    kinds = [shapely.Point(-99, 40.01), shapely.MultiPoint([(-99, 40.01)]), shapely.MultiPoint([(-99, 40), (-98, 40)]),
             shapely.Point(-99, 40).buffer(1), shapely.LineString([(-99, 40), (-98, 40)])]  # fmt: skip
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(kind),
         "properties": {"id": at, "when": "2026-01-05 12:00", "code": "120", "note": {"any": 1}}}
        for at, kind in enumerate(kinds)
    ]  # fmt: skip
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found, report = read(path)
    assert [one for one, _, _ in found] == ["0", "1"]
    assert report.left_out["no coordinates"] == 3
    assert "a.geojson: 3 geometries are not points and have no coordinates" in report.warnings


def test_a_shapefile_without_its_system(tmp_path: Path) -> None:
    """Feet are refused until the mapping says what they are; degrees are taken for such."""
    path = written(tmp_path / "a.shp", 3435)
    path.with_suffix(".prj").unlink()
    with pytest.raises(UserError, match=r"does not say its coordinate system.*set it in the mapping"):
        read(path)
    assert read(path, 'crs = "EPSG:3435"')[0] == EXPECTED
    degrees = written(tmp_path / "b.shp", 4326)
    degrees.with_suffix(".prj").unlink()
    assert read(degrees)[0] == EXPECTED


def test_parts_of_a_shapefile_are_told(tmp_path: Path) -> None:
    """The .dbf in place of the .shp, and a .shp without it."""
    path = written(tmp_path / "a.shp")
    with pytest.raises(UserError, match=r"a part of a shapefile; give its \.shp"):
        read(path.with_suffix(".dbf"))
    path.with_suffix(".dbf").unlink()
    with pytest.raises(UserError, match="no column 'id'"):
        read(path)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_cut_file_is_refused(tmp_path: Path, share: float) -> None:
    """No row of it is kept as if it were whole."""
    for name in ("a.geojson", "a.gpkg"):
        path = written(tmp_path / name, points=[POINTS[0]] * 9)
        content = path.read_bytes()
        path.write_bytes(content[: int(share * len(content))])
        with pytest.raises(UserError, match=name):
            read(path)


def test_a_times_column_of_a_geopackage_is_one_of_times(tmp_path: Path) -> None:
    """It needs no format."""
    fields = [
        np.array(["1"], object),
        np.array([datetime(2026, 1, 5, 12, 30)], "datetime64[ms]"),
        np.array(["120"], object),
    ]
    pyogrio.raw.write(tmp_path / "a.gpkg", np.array([shapely.to_wkb(shapely.Point(-99, 40.01))], object), fields,
                      ["id", "when", "code"], geometry_type="Point", crs="EPSG:4326")  # fmt: skip
    mapping, _ = read_mapping(write_mapping(tmp_path))
    found, _ = ingest(mapping, [tmp_path / "a.gpkg"], NOW, lambda _: None)
    assert len(found) == 1
