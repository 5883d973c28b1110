"""What becomes of a row: its type, its time, its place, and why it is left out."""

from pathlib import Path

import pandas as pd
import pytest
from pyproj import Transformer

from edge.errors import UserError
from models.ingest.incidents import COLUMNS
from tests.models.town_export import HEADER, MAPPING, THEFT, imported

OFFICER = '[initiated_by]\ncolumn = "source"\nofficer = ["Officer", "Stop"]\ncommunity = "911"\n'


def when(text: str) -> pd.Timestamp:
    """An instant."""
    return pd.Timestamp(text, tz="UTC")


@pytest.mark.parametrize(
    ("table", "code", "crime_type"),
    [
        ("nibrs", "09A", "homicide"), ("nibrs", "13A", "aggravated_assault"), ("nibrs", "120", "robbery"),
        ("nibrs", "220", "burglary"), ("nibrs", "240", "motor_vehicle_theft"), ("nibrs", "23a", "theft"),
        ("nibrs", "23H", "theft"), ("nibrs", "11A", None), ("nibrs", "35A", None), ("nibrs", "13B", None),
        ("nibrs", "09B", None), ("nibrs", "200", None), ("ucr", "01A", "homicide"), ("ucr", "01B", None),
        ("ucr", "02", None), ("ucr", "03", "robbery"), ("ucr", "04A", "aggravated_assault"),
        ("ucr", "04B", "aggravated_assault"), ("ucr", "04E", None), ("ucr", "05", "burglary"), ("ucr", "06", "theft"),
        ("ucr", "07", "motor_vehicle_theft"), ("ucr", "300", "robbery"), ("ucr", "18", None), ("ucr", "", None),
    ],
)  # fmt: skip
def test_a_code_is_its_crime_type(tmp_path: Path, table: str, code: str, crime_type: str | None) -> None:
    """The FBI's codes are built in; rape, manslaughter by negligence and all of part 2 are none of ours."""
    found, report = imported(tmp_path, THEFT.replace("23F", code), mapping=MAPPING.replace("nibrs", table))
    assert list(found["crime_type"]) == [crime_type] * (crime_type is not None)
    assert report.kept + sum(report.left_out.values()) == 1


def test_rules_come_before_codes_and_the_first_that_holds_is_taken(tmp_path: Path) -> None:
    """A type may be asked of several columns; where no rule holds, the code tells."""
    rules = """\
[[crime_type]]
is = "robbery"
when = [{ column = "kind", in = ["MUGGING", "HOLD-UP"] }, { column = "done", not = "ATTEMPT" }]
[[crime_type]]
is = "burglary"
when = [{ column = "kind", equals = "hold-up" }]
"""
    rows = ("1,2026-01-05 12:00,23F,40.01,-99.0,Mugging,YES", "2,2026-01-05 12:00,23F,40.01,-99.0,hold-up,attempt",
            "3,2026-01-05 12:00,23F,40.01,-99.0,,", "4,2026-01-05 12:00,,40.01,-99.0,HOLD-UP,")  # fmt: skip
    found, _ = imported(tmp_path, *rows, header=HEADER + ",kind,done", mapping=MAPPING + rules)
    assert list(found["crime_type"]) == ["robbery", "burglary", "theft", "robbery"]


def test_row_rules_keep_what_all_of_them_hold_for(tmp_path: Path) -> None:
    """``equals``, ``in`` and ``not``: case and spaces do not matter, and what is missing is not excluded."""
    rules = '[[rows]]\ncolumn = "city"\nin = ["Town", 7]\n[[rows]]\ncolumn = "city"\nnot = "7"\n'
    rows = [f"{number},2026-01-05 12:00,23F,40.01,-99.0,{city}" for number, city in enumerate(["town ", "7", "x", ""])]
    mapping = MAPPING.replace("[time]", rules + "[time]")
    found, report = imported(tmp_path, *rows, header=HEADER + ",city", mapping=mapping)
    assert list(found["event_id"]) == ["0"]
    assert report.left_out["the mapping's row rules"] == 3


@pytest.mark.parametrize(
    ("form", "text", "first", "last"),
    [
        ("%Y-%m-%d %H:%M", "2026-01-05 12:00", "2026-01-05T18:00", "2026-01-05T18:00"),
        ("%m/%d/%Y %I:%M:%S %p", "07/04/2026 12:30:00 AM", "2026-07-04T05:30", "2026-07-04T05:30"),
        ("iso", "2026-01-05T12:00:00", "2026-01-05T18:00", "2026-01-05T18:00"),
        ("iso", "2026-01-05T12:00:00.000Z", "2026-01-05T12:00", "2026-01-05T12:00"),
        ("iso", "2026-01-05 12:00:00+02:00", "2026-01-05T10:00", "2026-01-05T10:00"),
        ("%Y/%m/%d %H:%M:%S%z", "2026/01/05 12:00:00+00", "2026-01-05T12:00", "2026-01-05T12:00"),
        ("epoch_ms", "1767614400000", "2026-01-05T12:00", "2026-01-05T12:00"),
        ("epoch_s", "1767614400", "2026-01-05T12:00", "2026-01-05T12:00"),
        ("iso", "2026-01-05", "2026-01-05T06:00", "2026-01-06T05:59:59.999999"),
        ("%m/%d/%Y", "03/08/2026", "2026-03-08T06:00", "2026-03-09T04:59:59.999999"),
    ],
)
def test_a_time_is_read_in_its_format_and_zone(tmp_path: Path, form: str, text: str, first: str, last: str) -> None:
    """Local time is of the mapping's zone, an offset is obeyed, and a date alone means its whole day."""
    line = THEFT.replace("2026-01-05 12:00", text)
    found, _ = imported(tmp_path, line, mapping=MAPPING.replace("%Y-%m-%d %H:%M", form))
    assert [found["from_utc"].iloc[0], found["to_utc"].iloc[0]] == [when(first), when(last)]


def test_formats_are_tried_in_their_order(tmp_path: Path) -> None:
    """An export that changed its format in mid-year is read by two."""
    mapping = MAPPING.replace('["%Y-%m-%d %H:%M"]', '["%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"]')
    rows = (THEFT, THEFT.replace("1,2026-01-05", "2,06.01.2026"), THEFT.replace("1,2026-01-05 12:00", "3,noon"))
    found, report = imported(tmp_path, *rows, mapping=mapping)
    assert list(found["from_utc"]) == [when("2026-01-05T18:00"), when("2026-01-06T18:00")]
    assert report.left_out["no time, or not in the mapping's formats"] == 1


def test_an_hour_that_the_clocks_repeat_is_a_span_of_both_and_one_they_skip_is_the_moment(tmp_path: Path) -> None:
    """01:30 of the night of autumn may be either; 02:30 of the night of spring is 03:00; both are counted."""
    rows = (THEFT.replace("01-05 12:00", "11-01 01:30"), THEFT.replace("1,2026-01-05 12:00", "2,2026-03-08 02:30"))
    found, report = imported(tmp_path, *rows)
    assert list(found["from_utc"]) == [when("2026-03-08T08:00"), when("2026-11-01T06:30")]
    assert list(found["to_utc"]) == [when("2026-03-08T08:00"), when("2026-11-01T07:30")]
    assert sorted(report.notes.values()) == [1, 1]


def test_from_and_to_are_a_span_of_a_date_and_a_time_column_each(tmp_path: Path) -> None:
    """The last possible moment is ``to``, or ``from`` where that is missing; what can't be read is left out.

    A date without its time of day is known to the day.
    """
    header = "id,d,t,d2,t2,code,lat,lon"
    mapping = MAPPING.replace('from = "when"', 'from = ["d", "t"]\nto = ["d2", "t2"]')
    rows = ("1,2026-01-05,22:00,2026-01-06,07:00,220,40.01,-99", "2,2026-01-05,22:00,,,220,40.01,-99",
            "3,2026-01-05,22:00,2026-01-04,07:00,220,40.01,-99", "4,2026-01-05,22:00,1/6,7,220,40.01,-99",
            "5,2026-01-05,,2026-01-06,07:00,220,40.01,-99")  # fmt: skip
    found, report = imported(tmp_path, *rows, header=header, mapping=mapping)
    assert list(found["from_utc"]) == [when("2026-01-05T06:00"), *[when("2026-01-06T04:00")] * 2]
    assert list(found["to_utc"]) == [when(f"2026-01-06T{hour}:00") for hour in ("13", "13", "04")]
    assert report.left_out["ends before it starts"] == 1
    assert report.left_out["no time, or not in the mapping's formats"] == 1


def test_a_format_that_is_none_is_told(tmp_path: Path) -> None:
    """A mistake in a format is the mapping's, not each row's."""
    with pytest.raises(UserError, match=r"time\.formats: '%Q' is not a time format"):
        imported(tmp_path, THEFT, mapping=MAPPING.replace("%Y-%m-%d %H:%M", "%Q"))


def test_each_row_left_out_has_one_reason(tmp_path: Path) -> None:
    """Nothing vanishes: kept rows and reasons add up to the rows of the file."""
    bounds = 'lon = "lon"\nbounds = [-99.1, 39.9, -98.9, 40.1]'
    mapping = MAPPING.replace('lon = "lon"', bounds).replace("formats", "since = 2020-01-01\nformats")
    rows = (THEFT, "2,2026-01-05 12:00,35A,40.01,-99.0", "3,2030-01-05 12:00,23F,40.01,-99.0",
            "4,2026-01-05 12:00,23F,,", "5,2026-01-05 12:00,23F,0,0", "6,2026-01-05 12:00,23F,41,-99",
            ",2026-01-05 12:00,23F,40.01,-99.0", "8,2019-12-31 23:59,23F,40.01,-99.0",
            "9,2026-01-05 12:00,23F,hidden,-99", "10,2026-01-05 12:00,23F,95,-99")  # fmt: skip
    found, report = imported(tmp_path, *rows, mapping=mapping)
    assert list(found["event_id"]) == ["1"]
    assert {reason: rows for reason, rows in report.left_out.items() if rows} == {
        "a type not in the mapping": 1,
        "no event id": 1,
        "in the future": 1,
        "before the mapping's `since` date": 1,
        "no coordinates": 4,
        "outside the mapping's bounds": 1,
    }


@pytest.mark.parametrize("epsg", [2263, 3435, 26916, 2248])
def test_coordinates_of_a_plane_become_degrees(tmp_path: Path, epsg: int) -> None:
    """State Plane feet and UTM metres, by their EPSG code, come back to within a millimetre or so."""
    lat, lon = {2263: (40.7, -73.9), 3435: (41.9, -87.6), 26916: (41.9, -87.6), 2248: (39.3, -76.6)}[epsg]
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    mapping = MAPPING.replace('lat = "lat"\nlon = "lon"', f'x = "lon"\ny = "lat"\nepsg = {epsg}')
    found, _ = imported(tmp_path, f"1,2026-01-05 12:00,23F,{y:.6f},{x:.6f}", mapping=mapping)
    assert (found["lat"].iloc[0], found["lon"].iloc[0]) == pytest.approx((lat, lon), abs=1e-8)


def test_who_brought_it_up_is_kept(tmp_path: Path) -> None:
    """Protection 3: officer, community, or nothing where the export does not say; and the report counts them."""
    rows = [f"{number},2026-01-05 12:00,23F,40.01,-99.0,{source}" for number, source in enumerate(["STOP", "911", "?"])]
    found, report = imported(tmp_path, *rows, header=HEADER + ",source", mapping=MAPPING + OFFICER)
    assert [one if isinstance(one, str) else None for one in found["initiated_by"]] == ["officer", "community", None]
    assert report.initiated_by == {"officer": 1, "community": 1}


def test_detections_are_gunfire_single_or_multiple(tmp_path: Path) -> None:
    """A source of its own kind: every row is gunfire, and what is neither (a firecracker) is counted and left out."""
    head, _, _ = MAPPING.partition("[codes]")
    mapping = f'kind = "gunfire"\n{head}[rounds]\ncolumn = "code"\nsingle = "One"\nmultiple = ["Two", "Many"]\n'
    rows = [THEFT.replace("1,", f"{number},", 1).replace("23F", code) for number, code in
            enumerate(["ONE", "many", "Firecracker"])]  # fmt: skip
    found, report = imported(tmp_path, *rows, mapping=mapping)
    assert list(found["crime_type"]) == ["gunfire", "gunfire"]
    assert list(found["rounds"]) == ["single", "multiple"]
    assert found["gunfire"].all()
    assert report.unmapped == {"code": {"Firecracker": 1}}


def test_what_is_kept_has_the_columns_of_incidents_and_no_other(tmp_path: Path) -> None:
    """A column that the export has and the mapping does not name is not there."""
    found, _ = imported(tmp_path, THEFT + ",W,31", header=HEADER + ",race,age")
    assert set(found.columns) == set(COLUMNS)
