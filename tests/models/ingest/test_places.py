"""Where a row is: numbers and points however they are written, systems by code or text, axes that are exchanged."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from edge.errors import UserError
from models.ingest.mapping import read_mapping
from models.ingest.numbers import of_texts
from models.ingest.places import MIRRORED
from models.ingest.run import ingest
from models.ingest.systems import check_projected, system
from models.ingest.zones import near
from tests.models.town_export import HEADER, MAPPING, NOW, imported, write_mapping

LAT_LON = 'lat = "lat"\nlon = "lon"'
BOUNDS = "bounds = [-99.5, 39.5, -98.5, 40.5]"


def spot(folder: Path, lat: str, lon: str, place: str = LAT_LON, zone: str = "America/Chicago") -> object:
    """Latitude and longitude of one row, or why it has none."""
    mapping = MAPPING.replace(LAT_LON, place).replace("America/Chicago", zone)
    row = f'1,2026-01-05 12:00,23F,"{lat}","{lon}"'
    found, report = imported(folder, row, header=HEADER, mapping=mapping)
    if len(found):
        return found["lat"].iloc[0], found["lon"].iloc[0]
    return next(reason for reason, rows in report.left_out.items() if rows)


@pytest.mark.parametrize(
    ("written", "large", "number"),
    [
        ("38.62", False, 38.62), ("38,62", False, 38.62), ("-90,200", False, -90.2), ("\u221290.2", False, -90.2),
        ("1,176,000", True, 1176000), ("1,176,000.5", True, 1176000.5), ("1.176.000,5", True, 1176000.5),
        ("1 176 000", True, 1176000), ("1\u00a0176\u202f000,25", True, 1176000.25), ("1'176'000", True, 1176000),
        ("176,000", True, 176000), ("176,25", True, 176.25), ("1176000,125", True, 1176000.125),
        ("1.176e6", True, 1176000), ("-4.667.312", True, -4667312), ("1.176", True, 1.176), ("12,5,7", True, None),
        ("hidden", False, None), ("1_000", True, None), ("", False, None), ("38.62 Q", False, None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_written(written: str, large: bool, number: float | None) -> None:
    """Decimal commas, thousands by comma, point, space or apostrophe; what is no number is none."""
    (found,) = of_texts(pa.chunked_array([pa.array([written])]), large)
    assert (np.isnan(found) and number is None) or found == number


@given(st.floats(-180, 180).map(lambda value: round(value, 6)))
def test_degrees_with_a_decimal_comma_are_those_with_a_point(value: float) -> None:
    """Whatever they are."""
    written = [f"{value:.6f}", f"{value:.6f}".replace(".", ",")]
    plain, comma = of_texts(pa.chunked_array([pa.array(written)]), large=False)
    assert plain == comma


@pytest.mark.parametrize("style", ["{:,.2f}", "{:_.2f}"])
@given(value=st.floats(0, 9e6).map(lambda value: round(value, 2)))
def test_a_planes_numbers_may_have_thousands(style: str, value: float) -> None:
    """By comma, or (``_`` here) by space; and in the other order of point and comma."""
    written = style.format(value).replace("_", " ")
    turned = written.translate(str.maketrans(",.", ".,"))
    assert list(of_texts(pa.chunked_array([pa.array([written, turned, "x"])]), large=True)[:2]) == [value, value]


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("0", "0"), ("-1", "-1"), ("0.000001", "0"), ("0.0", "-90.2"), ("40.01", "0"), ("999", "999"), ("1", "1"),
     ("", "-90"), ("95", "-99"), ("nan", "nan"), ("inf", "-99"), ("99999", "99999")],
)  # fmt: skip
def test_what_means_that_there_is_no_place_is_none(tmp_path: Path, lat: str, lon: str) -> None:
    """0, what is near 0, 0, and placeholders."""
    assert spot(tmp_path, lat, lon) == "no coordinates"


def test_a_zero_within_the_bounds_is_a_place(tmp_path: Path) -> None:
    """Greenwich is one; 0, 0 is none, whatever the bounds."""
    place = LAT_LON + "\nbounds = [-0.5, -1.0, 0.5, 52.0]"
    assert spot(tmp_path, "51.48", "0.0", place, "Europe/London") == (51.48, 0.0)
    assert spot(tmp_path, "0", "0", place, "Europe/London") == "no coordinates"


EXCHANGED = "latitude and longitude exchanged (where all are: swap the two columns in the mapping)"


@pytest.mark.parametrize(
    ("lat", "lon", "bounds", "zone", "expected"),
    [
        ("-99.0", "40.01", "", "America/Chicago", EXCHANGED),
        ("-99.0", "40.01", BOUNDS, "America/Chicago", EXCHANGED),
        ("-99.0", "40.01", "", "UTC", EXCHANGED),
        ("-76.6", "39.3", "", "America/New_York", EXCHANGED),
        ("-76.6", "39.3", "bounds = [-77, 39, -76, 40]", "America/New_York", EXCHANGED),
        ("-76.6", "39.3", "", "UTC", (-76.6, 39.3)),
        ("39.3", "-76.6", "", "Asia/Kolkata", (39.3, -76.6)),
        ("39.3", "76.6", "", "America/New_York", MIRRORED), ("39.3", "76.6", "", "UTC", (39.3, 76.6)),
        ("41.0", "-99.0", BOUNDS, "America/Chicago", "outside the mapping's bounds"),
        ("40.01", "99.0", BOUNDS, "America/Chicago", MIRRORED),
        ("4667312.6", "-10041048.1", "", "America/Chicago",
         "coordinates that are not degrees: give them as x and y, with epsg or crs"),
    ],
)  # fmt: skip
def test_exchanged_axes_are_told(tmp_path: Path, lat: str, lon: str, bounds: str, zone: str, expected: object) -> None:
    """By the bounds, or else by the zone: positions that can't be meant, and can the other way round."""
    assert spot(tmp_path, lat, lon, f"{LAT_LON}\n{bounds}", zone) == expected


def test_exchanged_axes_of_a_plane_are_told(tmp_path: Path) -> None:
    """With bounds: x and y in each other's columns."""
    x, y = Transformer.from_crs(4326, 3435, always_xy=True).transform(-87.65, 41.9)
    place = 'x = "lon"\ny = "lat"\nepsg = 3435\nbounds = [-87.95, 41.64, -87.52, 42.03]'
    assert spot(tmp_path, str(x), str(y), place) == EXCHANGED
    assert spot(tmp_path, str(y), str(x), place) == pytest.approx((41.9, -87.65))


WKT = CRS.from_authority("ESRI", 102671).to_wkt("WKT1_ESRI")


@pytest.mark.parametrize(
    "system",
    [
        "epsg = 3435",
        "epsg = 102671",
        'crs = "EPSG:3435"',
        'crs = "esri:102671"',
        f"crs = '''{WKT}'''",
        'crs = "city.prj"',
    ],
)
def test_a_system_is_known_by_its_code_or_its_text(tmp_path: Path, system: str) -> None:
    """EPSG's and ESRI's numbers of one state plane, its well-known text, and its .prj file."""
    (tmp_path / "city.prj").write_text(WKT, encoding="utf-8")
    x, y = Transformer.from_crs(4326, 3435, always_xy=True).transform(-87.65, 41.9)
    found = spot(tmp_path, f"{y:,.3f}", f"{x:,.3f}", f'x = "lon"\ny = "lat"\n{system}')
    assert found == pytest.approx((41.9, -87.65), abs=2e-8)


@pytest.mark.parametrize("code", [102645, 102671, 102738])
def test_a_number_of_esris_is_a_system(code: int) -> None:
    """State planes in feet that EPSG does not have, by the number that ESRI gives them."""
    assert check_projected(system(code)) == f"ESRI:{code}"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ('x = "x"\ny = "y"\ncrs = "nonsense"', "is not a coordinate system; write EPSG:3435"),
        ('x = "x"\ny = "y"\ncrs = "EPSG:99999"', "is not a known coordinate system"),
        ('x = "x"\ny = "y"\ncrs = "EPSG:4326"', "is not projected"),
        ('x = "x"\ny = "y"\ncrs = "none.prj"', r"none\.prj: No such file"),
        ('x = "x"\ny = "y"\nepsg = 3435\ncrs = "EPSG:3435"', "give one"),
        ('lat = "a"\nlon = "b"\nepsg = 3435', "lat and lon are degrees and need no epsg"),
        ('lat = "a"\nlon = "b"\npoint = "c"', "place: give lat and lon"),
        ('lat = "a"\nlon = "b"\norder = "lat, lon"', "order is for point"),
        ('point = "p"\norder = "lon lat"', "place.order"),
    ],
)
def test_a_mistake_in_a_place_is_told(tmp_path: Path, place: str, said: str) -> None:
    """One sentence with its key."""
    with pytest.raises(UserError, match=said):
        read_mapping(write_mapping(tmp_path, MAPPING.replace(LAT_LON, place)))


HEX = shapely.to_wkb(shapely.Point(-99.0, 40.01), hex=True, byte_order=1)


@pytest.mark.parametrize(
    "written",
    [
        "POINT (-99.0 40.01)", "point(-99.0 40.01)", "POINT Z (-99.0 40.01 12)", "SRID=4326;POINT(-99.0 40.01)",
        "(40.01, -99.0)", "40.01,-99.0", "40.01 -99.0", "(-99.0, 40.01)", "[40.01, -99.0]", "(40,01; -99,0)",
        "12 MAIN ST\nTOWN, KS 6000\n(40.01, -99.0)", "{''type'':''Point'',''coordinates'':[-99.0,40.01]}", HEX,
        "{'type': 'Point', 'coordinates': [-99.0, 40.01]}", "{'latitude': '40.01', 'longitude': '-99.0', 'zip': ''}",
        "{''latitude'': 40.01, ''longitude'': -99.0}",
    ],
)  # fmt: skip
def test_a_point_is_read_however_it_is_written(tmp_path: Path, written: str) -> None:
    """Well-known text and binary, GeoJSON, pairs in either order where one number is no latitude, an address above."""
    written = written.replace("''", '""')
    assert spot(tmp_path, written, "", 'point = "lat"') == pytest.approx((40.01, -99.0))


@pytest.mark.parametrize(
    ("written", "place", "zone", "expected"),
    [
        ("(39.3, -76.6)", 'order = "lat, lon"', "UTC", (39.3, -76.6)),
        ("(-76.6, 39.3)", 'order = "lon, lat"', "UTC", (39.3, -76.6)),
        ("(-76.6, 39.3)", "bounds = [-77, 39, -76, 40]", "UTC", (39.3, -76.6)),
        ("(39.3, -76.6)", "", "America/New_York", (39.3, -76.6)),
        ("(-76.6, 39.3)", "", "America/New_York", (39.3, -76.6)),
        ("POINT (-76.6 39.3)", "", "UTC", (39.3, -76.6)),
        ("(39.3, -76.6)", "bounds = [-87, 41, -86, 42]", "UTC", "outside the mapping's bounds"),
        ("(0, 0)", "", "America/New_York", "no coordinates"),
        ("nowhere", "", "America/New_York", "no coordinates"),
    ],
)  # fmt: skip
def test_the_order_of_a_pair_is_stated_or_unmistakable(
    tmp_path: Path, written: str, place: str, zone: str, expected: object
) -> None:
    """By the mapping, the bounds, or the zone."""
    assert spot(tmp_path, written, "", f'point = "lat"\n{place}', zone) == expected


def test_an_order_that_is_not_clear_has_to_be_stated(tmp_path: Path) -> None:
    """Nothing is guessed."""
    with pytest.raises(UserError, match=r'order in .lat. is not clear \(39\.3, -76\.6\); say order = "lat, lon"'):
        spot(tmp_path, "(39.3, -76.6)", "", 'point = "lat"', "UTC")


def test_a_point_of_a_plane_has_its_x_first(tmp_path: Path) -> None:
    """With a system."""
    x, y = Transformer.from_crs(4326, 3435, always_xy=True).transform(-87.65, 41.9)
    assert spot(tmp_path, f"POINT ({x} {y})", "", 'point = "lat"\nepsg = 3435') == pytest.approx((41.9, -87.65))


def test_a_parquet_column_of_points_and_of_numbers(tmp_path: Path) -> None:
    """Well-known binary, as GeoParquet has it; numbers that are numbers need no text."""
    table = pa.table(
        {"id": ["1"], "when": ["2026-01-05 12:00"], "code": ["23F"], "lat": [40.01], "lon": [-99],
         "geometry": [shapely.to_wkb(shapely.Point(-99.0, 40.01))]}
    )  # fmt: skip
    pq.write_table(table, tmp_path / "export.parquet")
    for place in (LAT_LON, 'point = "geometry"'):
        mapping, _ = read_mapping(write_mapping(tmp_path, MAPPING.replace(LAT_LON, place)))
        found, _ = ingest(mapping, [tmp_path / "export.parquet"], NOW, lambda _: None)
        assert (found["lat"].iloc[0], found["lon"].iloc[0]) == (40.01, -99.0)


def test_a_file_without_a_geometry_needs_columns_of_a_place(tmp_path: Path) -> None:
    """An empty [place] is for files that have one."""
    with pytest.raises(UserError, match="the file has no geometry; say in the mapping which columns"):
        spot(tmp_path, "40.01", "-99.0", "")


def test_a_zone_is_somewhere() -> None:
    """Its places are near its main city; of UTC that is not known."""
    found = near("America/Chicago", np.array([25.9, 48.0, -41.9, np.nan]), np.array([-97.5, -100.0, 87.6, 0.0]))
    assert found is not None
    assert list(found) == [True, True, False, False]
    assert near("UTC", np.zeros(1), np.zeros(1)) is None


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("41.8N", 41.8), ("87.6 w", -87.6), ("W87.6", -87.6), ("-87.6 W", -87.6), ("33,5° S", -33.5), ("-87.6°", -87.6),
        ("41° 52' 30\" N", 41.875), ("87°37\u203230\u2033W", -87.625), ("87 37 30 W", -87.625), ("41°30'", 41.5),
        ("87 61 0 W", np.nan), ("N 41 W", np.nan), ("41.8 NW", np.nan), ("100 E MAIN", np.nan),
    ],
)  # fmt: skip
def test_degrees_may_have_a_hemisphere_and_minutes(text: str, right: float) -> None:
    """South and west are less than 0; what is no such degree is none."""
    np.testing.assert_allclose(of_texts(pa.array([text, "1"]), large=False), [right, 1.0])
