"""`models look` on exports of an invented city: what it finds, what it doubts, and that it shows no person's value."""

import csv
import random
import tomllib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.contract.agency import Agency
from edge.errors import UserError
from models.ingest.mapping import Mapping, read_mapping
from models.ingest.run import ingest
from models.look.commands import look
from models.look.look import known_of
from models.look.opening import open_file

HEADER = "Case Number,Date Occurred,Offense,Victim Name,Beat,Latitude,Longitude"
OFFENCES = ("LARCENY FROM AUTO", "AGG ASSAULT", "ROBBERY", "BURGLARY", "STOLEN VEHICLE", "NARCOTICS", "NOISE")
HOURS = (5, 4, 3, 2, 1, 1, 2, 4, 6, 7, 8, 8, 9, 9, 9, 9, 9, 9, 9, 9, 8, 8, 7, 6)
"""How much happens in each hour of a local day."""


def city(number: int, seed: int = 1, written: Callable[[datetime], str] = str) -> list[str]:
    """Rows of an export, times by the local clock."""
    dice = random.Random(seed)  # noqa: S311 - a test's city
    rows = []
    for case in range(number):
        moment = datetime(2025, 1, 1) + timedelta(days=dice.randrange(360), hours=dice.choices(range(24), HOURS)[0])
        moment += timedelta(minutes=dice.randrange(60))
        place = f"{38.6 + dice.random() / 10:.5f},{-90.3 + dice.random() / 10:.5f}"
        offence = dice.choice(OFFENCES)
        rows.append(f"25-{case:05d},{written(moment)},{offence},Jane Secret {case},{dice.randrange(9)},{place}")
    return rows


def export(folder: Path, rows: Sequence[str], name: str = "crimes.csv", header: str = HEADER) -> Path:
    """A CSV file."""
    path = folder / name
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def run(*words: object) -> Result:
    """The command, which must succeed."""
    result = CliRunner().invoke(look, [str(word) for word in words])
    assert result.exit_code == 0, result.exception
    return result


def test_a_usual_export_gives_a_mapping_that_needs_nothing(tmp_path: Path) -> None:
    """Id, time, place, zone and types are found; what is never forecast and what is not ours is listed apart."""
    out = tmp_path / "mapping.toml"
    said = run(export(tmp_path, city(400)), "--out", out).output
    mapping, _ = read_mapping(out)
    assert (mapping.event_id, mapping.time.begin, mapping.zone) == (
        ("Case Number",),
        ("Date Occurred",),
        "America/Chicago",
    )
    assert {rule.crime_type for rule in mapping.crime_type} == {
        "theft", "aggravated_assault", "robbery", "burglary", "motor_vehicle_theft"
    }  # fmt: skip
    assert "LARCENY FROM AUTO -> theft" in said
    assert "never forecast: NARCOTICS" in said
    assert "not forecast, unless you map them: NOISE" in said
    assert "to fill in" not in said
    assert len(said.splitlines()) < 40


def test_no_value_of_a_persons_column_is_shown_or_drafted(tmp_path: Path) -> None:
    """Protection 1: such a column is named as one that is never read; nothing of it is in the report or the draft."""
    rows = [row.replace("Jane Secret 7", "ROBBERY") for row in city(60)]
    result = run(export(tmp_path, rows))
    assert 'never read: "Victim Name"' in result.stderr
    assert "Secret" not in result.output + result.stdout + result.stderr
    assert "Victim" not in result.stdout


def test_a_file_of_persons_alone_shows_none(tmp_path: Path) -> None:
    """Where every column is about persons there is nothing to draft, and nothing is shown."""
    path = export(tmp_path, ["Jane Secret,1990-01-01", "Joe Secret,1991-02-02"], header="Suspect Name,DOB")
    result = CliRunner().invoke(look, [str(path)])
    assert "Secret" not in result.output + result.stderr + str(result.exception)
    assert "1990" not in result.output + result.stderr + str(result.exception)
    assert isinstance(result.exception, UserError)


def test_marks_behind_backslashes_do_not_hide_the_heading(tmp_path: Path) -> None:
    """A database's own export."""
    path = tmp_path / "export.csv"
    rows = "".join(rf'{at},"5\" pipe, \"old\"","2024-03-{1 + at % 28:02d} 12:30:00"' + "\n" for at in range(50))
    path.write_text("id,note,when\n" + rows, encoding="utf-8")
    opened = open_file(path)
    assert opened.names == ("id", "note", "when")
    assert opened.first().num_rows == 50


def test_piles_of_times_are_told(tmp_path: Path) -> None:
    """A tenth of all rows at midnight, and most on the full hour."""
    rows = city(600, written=lambda moment: f"{moment:%Y-%m-%d %H}:00:00" if moment.minute % 2 else str(moment))
    rows = [row.replace(row[9:28], row[9:20] + "00:00:00") if case % 10 == 0 else row for case, row in enumerate(rows)]
    said = run(export(tmp_path, rows)).stderr
    assert "of the times are on the full hour" in said
    assert 'are 00:00, far more than usual: if that means "unknown", set unknown = ["00:00"]' in said


def test_local_times_marked_as_utc_are_told_and_the_marks_ignored(tmp_path: Path) -> None:
    """The quiet hours are those before dawn by what is written: nobody's crimes rest at ten in the evening."""
    rows = city(1500, written=lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}")
    result = run(export(tmp_path, rows))
    assert "times are marked as UTC, but are quietest about 0" in result.stderr
    assert 'offsets = "ignore"' in result.stdout


def test_times_in_utc_that_say_so_are_left_alone(tmp_path: Path) -> None:
    """The same city, truly in UTC: the draft obeys the marks."""
    rows = city(1500, written=lambda moment: f"{moment + timedelta(hours=6):%Y-%m-%dT%H:%M:%SZ}")
    result = run(export(tmp_path, rows))
    assert "offsets" not in result.stdout
    assert "quietest" not in result.stderr


def test_times_in_utc_that_do_not_say_so_are_told(tmp_path: Path) -> None:
    """No mark, and quiet at noon."""
    rows = city(1500, written=lambda moment: f"{moment + timedelta(hours=6):%Y-%m-%d %H:%M:%S}")
    assert "perhaps they are UTC" in run(export(tmp_path, rows)).stderr


@pytest.mark.parametrize(
    ("form", "drafted", "said"),
    [
        ("%d/%m/%Y %H:%M", '"%d/%m/%Y %H:%M"', "day first"),
        ("%m/%d/%y %I:%M %p", '"%m/%d/%y %I:%M %p"', "month first"),
        ("%d-%b-%Y %H:%M:%S", '"%d-%b-%Y %H:%M:%S"', "%d-%b-%Y"),
        ("%a %d %b %Y %H:%M", '"%a %d %b %Y %H:%M"', "%a %d %b %Y"),
        ("%G-W%V-%uT%H:%M", '"%G-W%V-%uT%H:%M"', "%G-W%V-%u"),
        ("%GW%V%u", '"%GW%V%u"', "%GW%V%u"),
        ("%Y-%j %H:%M", '"%Y-%j %H:%M"', "%Y-%j"),
        ("%Y%j", '"%Y%j"', "%Y%j"),
        ("%d%b%Y:%H:%M:%S", '"%d%b%Y:%H:%M:%S"', "%d%b%Y"),
        ("%Y-%m-%d-%H.%M.%S.000000", '"%Y-%m-%d-%H.%M.%S.%f"', "%Y-%m-%d"),
        ("%d-%b-%y %I.%M.%S.000000 %p", '"%d-%b-%y %I.%M.%S.%f %p"', "%d-%b-%y"),
    ],
)
def test_the_order_of_day_and_month_is_told_by_evidence(tmp_path: Path, form: str, drafted: str, said: str) -> None:
    """A number above 12 is a day."""
    result = run(export(tmp_path, city(200, written=lambda moment: moment.strftime(form))))
    assert f"formats = [{drafted}]" in result.stdout
    assert "left out: no time" not in result.stderr
    assert said in result.stderr
    assert "CHECK: day or month" not in result.stdout


def test_an_order_that_cannot_be_known_is_said(tmp_path: Path) -> None:
    """Days up to the 12th alone tell nothing, and dates of both kinds too much."""
    early = [row for row in city(400, written=lambda moment: f"{moment:%m/%d/%Y %H:%M}") if row[12:14] <= "12"]
    result = run(export(tmp_path, early))
    assert "CHECK: day or month first cannot be told" in result.stdout
    mixed = [
        *city(300, written=lambda moment: f"{moment:%m/%d/%Y}"),
        *city(300, written=lambda moment: f"{moment:%d/%m/%Y}"),
    ]
    assert "two ways of writing are mixed" in run(export(tmp_path, mixed)).stderr


def test_an_id_on_many_rows_is_explained(tmp_path: Path) -> None:
    """A row for each offence: the id takes the offence in. A row for each victim: they count once."""
    rows = city(100)
    offences = [row.replace(row.split(",")[2], "BURGLARY") for row in rows if "BURGLARY" not in row]
    result = run(export(tmp_path, [*rows, *offences]))
    assert 'event_id = ["Case Number", "Offense"]' in result.stdout
    assert "mostly with another offence" in result.stderr
    assert "perhaps a row for each victim" in run(export(tmp_path, [*rows, *rows])).stderr


def test_rows_that_take_others_back_and_totals_are_told(tmp_path: Path) -> None:
    """A count of -1, a status of unfounded, and a last row with a total."""
    header = HEADER + ",Count,Status"
    rows = [
        f"{row},{-1 if case % 9 == 0 else 1},{'Unfounded' if case % 7 == 0 else 'Open'}"
        for case, row in enumerate(city(90))
    ]
    result = run(export(tmp_path, [*rows, "Total: 90,,,,,,,,"], header=header))
    assert 'count = "Count"' in result.stdout
    assert '[[rows]]\ncolumn = "Status"\nnot = ["Unfounded"]' in result.stdout
    assert "1 row with a total" in result.stderr


def test_files_given_out_of_order_are_told(tmp_path: Path) -> None:
    """Of an id that two files have, the later file's row counts: the right order is given."""
    rows = sorted(city(300), key=lambda row: row.split(",")[1])
    old, new = export(tmp_path, rows[:150], "old.csv"), export(tmp_path, rows[150:], "new.csv")
    assert "not given oldest first (old.csv new.csv)" in run(new, old).stderr
    assert "oldest first" not in run(old, new).stderr


def test_monthly_files_are_tried_together(tmp_path: Path) -> None:
    """A reversal takes back what an earlier month has, as it will in the import; the source is named after no month."""
    rows = [f"{row},1" for row in sorted(city(300), key=lambda row: row.split(",")[1])]
    back = [row[:-1] + "-1" for row in rows[:20]]
    files = [
        export(tmp_path, part, f"{name}2025-crimes.csv", f"{HEADER},Count")
        for name, part in (("January", rows[:150]), ("May", rows[150:] + back))
    ]
    result = run(*files)
    assert 'name = "crimes"' in result.stdout
    assert "no incident in these files" not in result.stderr
    incidents, report = ingest(_drafted(tmp_path, result.stdout), files, datetime.now(UTC), lambda _: None)
    assert report.left_out["taken back by a reversal row"] > 10
    assert f"tried: {len(incidents)} of 320 rows would be kept" in result.stderr


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (("Crime_Data.csv",), "crime-data"),
        (("April2024.csv", "May2024.csv"), "my-city"),
        (("part1-2024.csv", "part1-2025.csv"), "part"),
        (("sept.csv",), "my-city"),
    ],
)
def test_a_source_is_named_by_what_its_files_have_in_common(tmp_path: Path, names: Sequence[str], name: str) -> None:
    """Ids are unique within a source: the next month's file must not make another."""
    rows = city(60)
    assert f'name = "{name}"' in run(*(export(tmp_path, rows, each) for each in names)).stdout


def _drafted(folder: Path, text: str) -> Mapping:
    (path := folder / "mapping.toml").write_text(text, encoding="utf-8")
    return read_mapping(path)[0]


def test_files_of_two_kinds_are_not_looked_at_together(tmp_path: Path) -> None:
    """One mapping cannot be of both: the file and the column are named."""
    one, other = export(tmp_path, city(20)), export(tmp_path, ["1,2"], "other.csv", header="a,b")
    result = CliRunner().invoke(look, [str(one), str(other)])
    assert isinstance(result.exception, UserError)
    assert "other.csv: no column 'Case Number', as crimes.csv has" in str(result.exception)


def test_a_date_and_a_clock_apart_and_their_ends_are_joined(tmp_path: Path) -> None:
    """Military times, a word for unknown, and a report's date that is another thing."""
    header = "incident_id,FROM_DATE,FROM_TIME,TO_DATE,TO_TIME,REPORT_DATE,NIBRS Code,X,Y"
    rows = [
        f"i{case},03/{case:02d}/2025,{time},03/{case:02d}/2025,2359,04/01/2025,{code},{893000 + case},{1017000 + case}"
        for case, (time, code) in enumerate(
            [("130", "120"), ("45", "23F"), ("UNK", "240"), ("1830", "9A")] * 5, start=1
        )
    ]
    result = run(export(tmp_path, rows, header=header), "--near", "38.63,-90.20")
    assert 'from = ["FROM_DATE", "FROM_TIME"]' in result.stdout
    assert 'to = ["TO_DATE", "TO_TIME"]' in result.stdout
    assert 'reported = "REPORT_DATE"' in result.stdout
    assert 'unknown = ["UNK"]' in result.stdout
    assert 'table = "nibrs"' in result.stdout
    assert "epsg = 102696" in result.stdout
    assert "20 of 20 rows would be kept" in result.stderr


@pytest.mark.parametrize(("day", "drafted"), [("%m/%d/%Y", "%m/%d/%Y %H"), ("%G-W%V-%u", "%G-W%V-%u %H")])
def test_an_hour_in_a_column_of_its_own_is_no_military_time(tmp_path: Path, day: str, drafted: str) -> None:
    """7 is 07:00 where no value is above 24, and 00:07 where some are."""
    start = datetime(2025, 3, 1)
    rows = [f"i{case},{start + timedelta(days=case):{day}},{case % 24},ROBBERY,38.62,-90.2" for case in range(60)]
    result = run(export(tmp_path, rows, header="id,Date,Hour,offense,lat,lon"))
    assert f'formats = ["{drafted}"]' in result.stdout
    found, _ = ingest(_drafted(tmp_path, result.stdout), [tmp_path / "crimes.csv"], datetime.now(UTC), lambda _: None)
    hours = found.set_index("event_id")["from_utc"].dt.tz_convert("America/Chicago").dt.hour
    assert (hours["i7"], hours["i23"]) == (7, 23)


def test_a_time_in_columns_of_its_parts_is_joined(tmp_path: Path) -> None:
    """Year, month, day and hour, as some portals publish them."""
    start = datetime(2025, 3, 1)
    days = [start + timedelta(days=case, hours=case % 24) for case in range(60)]
    rows = [f"i{case},{day:%Y},{day.month},{day.day},{day.hour},ROBBERY,38.62,-90.2" for case, day in enumerate(days)]
    result = run(export(tmp_path, rows, header="id,YEAR,MONTH,DAY,HOUR,offense,lat,lon"))
    assert 'from = ["YEAR", "MONTH", "DAY", "HOUR"]' in result.stdout
    assert 'formats = ["%Y %m %d %H"]' in result.stdout
    assert "60 of 60 rows would be kept, 2025-03-01 to 2025-04-29" in result.stderr


def test_am_and_pm_in_a_column_of_their_own_are_obeyed_and_missed(tmp_path: Path) -> None:
    """Half of the times would be twelve hours early; where nothing says which half, that is said."""
    rows = city(300, written=lambda moment: f"{moment:%m/%d/%Y},{moment:%I:%M},{moment:%p}")
    header = HEADER.replace("Date Occurred", "Date,Time,AMPM")
    result = run(export(tmp_path, rows, header=header))
    assert 'from = ["Date", "Time", "AMPM"]' in result.stdout
    assert 'formats = ["%m/%d/%Y %I:%M %p"]' in result.stdout
    assert "hours of 12" not in result.stderr
    rows = city(300, written=lambda moment: f"{moment:%m/%d/%Y},{moment:%I:%M}")
    said = run(export(tmp_path, rows, header=header.replace(",AMPM", ""))).stderr
    assert "hours of 12, without the AM or PM" in said


@pytest.mark.parametrize(
    "form",
    [
        "({0}, {1})", "1 MAIN ST\nTOWN, MO 63101\n({0}, {1})", "POINT ({1} {0})", "POINT Z ({1} {0} 12)",
        "{{'type': 'Point', 'coordinates': [{1}, {0}]}}", "{{'latitude': '{0}', 'longitude': '{1}', 'zip': ''}}",
        "({1}, {0})", "SRID=4326;POINT({1} {0})",
    ],
)  # fmt: skip
def test_a_column_of_points_is_found_however_they_are_written(tmp_path: Path, form: str) -> None:
    """A pair, an address above it, well-known text, GeoJSON, a portal's location."""
    rows = [row.rsplit(",", 2) for row in city(60)]
    with (path := tmp_path / "crimes.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER.replace("Latitude,Longitude", "Location") + "\n")
        csv.writer(file).writerows([*front.split(","), form.format(lat, lon)] for front, lat, lon in rows)
    result = run(path)
    assert 'point = "Location"' in result.stdout
    found, _ = ingest(_drafted(tmp_path, result.stdout), [path], datetime.now(UTC), lambda _: None)
    assert found["lat"].between(38.6, 38.7).all()
    assert len(found) > 30


def test_a_number_of_a_case_is_no_day_of_the_year(tmp_path: Path) -> None:
    """2025-001 is the id, not the first of January."""
    rows = [f"2025-{case:03d},2025-03-01 12:{case:02d},ROBBERY,38.62,-90.2" for case in range(1, 50)]
    result = run(export(tmp_path, rows, header="Case Number,When,offense,lat,lon"))
    assert 'event_id = "Case Number"' in result.stdout
    assert 'from = "When"' in result.stdout


def test_a_file_without_an_id_is_numbered_by_its_rows(tmp_path: Path) -> None:
    """The last resort, marked as such; an id that a spreadsheet has cut is none."""
    rows = [f"2.4E+07,2025-03-01 12:{case:02d},ROBBERY,38.62,-90.2,03/{case + 1:02d}/2025" for case in range(30)]
    result = run(export(tmp_path, rows, header="Case Number,when,offense,lat,lon,Last Updated"))
    assert 'event_id = "row"  # CHECK' in result.stdout
    assert 'updated = "Last Updated"' in result.stdout
    assert "'Case Number' was cut by a spreadsheet" in result.stderr
    assert "30 of 30 rows would be kept" in result.stderr


def test_a_system_that_cannot_be_known_is_not_guessed(tmp_path: Path) -> None:
    """State-plane feet might be anywhere: the analyst is asked where the city is, and the code is left blank."""
    rows = [f"{case},2025-03-01 12:{case:02d},ROBBERY,{893000 + case},{1017000 + case}" for case in range(30)]
    path = export(tmp_path, rows, header="id,when,offense,x,y")
    result = run(path)
    assert "cannot be known from the numbers alone" in result.stderr
    assert "epsg = 0  # FILL IN" in result.stdout
    assert "to fill in before it is a mapping: zone, epsg" in result.stderr


def test_an_agency_says_where_it_is_and_its_zone(square_agency: Agency) -> None:
    """In place of --near; the zone is then the agency's own, and no guess."""
    known = known_of(square_agency)
    assert known.zone == square_agency.calendar.zone.key
    assert known.near == (square_agency.grid.lat0, square_agency.grid.lon0)


def test_detections_of_gunfire_are_known_as_such(tmp_path: Path) -> None:
    """Single and multiple shots; firecrackers are not among them."""
    kinds = ["Single Gunshot", "Multiple Gunshots", "Firecracker"]
    rows = [f"{case},2025-03-01 12:{case:02d},{kinds[case % 3]},38.62,-90.2" for case in range(30)]
    result = run(export(tmp_path, rows, header="id,time,type,lat,lon"))
    assert 'kind = "gunfire"' in result.stdout
    assert 'multiple = ["Multiple Gunshots"]' in result.stdout
    assert "20 of 30 rows would be kept" in result.stderr


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        (b"", (), "the file is empty"),
        (b"one line of words\nand another\n", (), "not a table"),
        (b"%PDF-1.7", (), "a PDF"),
        (b"1,Jane Secret,2025-01-01 12:00,38.62,-90.2\n2,Joe,2025-01-02 12:00,38.62,-90.2\n", (), "seems to be a row"),
        (b"a,b\n1,2\n", ("--near", "x"), "--near: 'x' is not a latitude and a longitude"),
        (b"a,b\n1,2\n", ("--near", "99,0"), "--near: '99,0' is not"),
    ],
)
def test_what_cannot_be_looked_at_is_one_sentence(
    tmp_path: Path, content: bytes, words: tuple[str, ...], said: str
) -> None:
    """The file or the option, and the mend."""
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    result = CliRunner().invoke(look, [str(path), *words])
    assert isinstance(result.exception, UserError)
    assert said in str(result.exception)
    assert "Secret" not in result.output + str(result.exception)


def test_a_table_without_anything_of_ours_is_a_draft_of_blanks(tmp_path: Path) -> None:
    """Nothing is guessed from columns that say nothing; all that is missing is named."""
    result = run(export(tmp_path, ["1,2", "3,4"], header="a,b"))
    assert "to fill in before it is a mapping: zone, from, lat, when" in result.stderr
    (tmp_path / "draft.toml").write_text(result.stdout)
    with pytest.raises(UserError, match="zone: '' is not an IANA time zone"):
        read_mapping(tmp_path / "draft.toml")


def test_a_mapping_is_never_overwritten(tmp_path: Path) -> None:
    """An analyst's own lines may be in it."""
    out = tmp_path / "mapping.toml"
    out.write_text("mine")
    result = CliRunner().invoke(look, [str(export(tmp_path, city(20))), "--out", str(out)])
    assert isinstance(result.exception, UserError)
    assert out.read_text() == "mine"


VALUES = st.sampled_from(
    ["", "0", "-1", "120", "23F", "ROBBERY", "38.62", "-90.2", "38,62", "2025-03-01", "03/14/2025 1:30 PM", "1430",
     "UNK", "1741000000", "45352.5", "POINT (-90.2 38.6)", "(38.6, -90.2)", "1,176,000", "2.4E+07", "Total", "Z", "é"]
)  # fmt: skip
NAMES = st.sampled_from(
    ["id", "Case Number", "Date", "Time", "From", "To", "Date Reported", "Updated", "Offense", "NIBRS", "UCR Code",
     "Count", "lat", "lon", "x", "y", "point", "Status", "Beat", "Name", "Vic Age", "", "Row", "notes", "count"]
)  # fmt: skip


@given(st.lists(NAMES, min_size=2, max_size=9), st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_table_is_looked_at_or_refused_in_words(tmp_path: Path, names: list[str], data: st.DataObject) -> None:
    """Whatever columns and values come together: a draft that is TOML, or one sentence."""
    rows = data.draw(st.lists(st.lists(VALUES, min_size=len(names), max_size=len(names)), max_size=6))
    path = tmp_path / "export.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, *rows])
    result = CliRunner().invoke(look, [str(path), "--near", "38.63,-90.2"])
    assert result.exception is None or isinstance(result.exception, UserError), result.exception
    if result.exception is None:
        tomllib.loads(result.stdout)
