"""`models look`, and the import of its draft, on exports that break a habit: right times and places, or a sentence."""

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from click.testing import CliRunner

from edge.errors import UserError
from models.ingest.mapping import read_mapping
from models.ingest.report import Report
from models.ingest.run import ingest
from models.look.commands import look
from tests.models.ingest.files.test_kinds import workbook

HEADER: Final = "Case,When,Offense,Lat,Lon"
DAYS: Final = [datetime(2025, 1, 1, 9) + timedelta(days=number, minutes=7 * number) for number in range(60)]
"""Of winter: six hours behind UTC."""


def rows(written: str, sign: str = ",", what: str = "ROBBERY") -> list[str]:
    """A row a day, its time in a format; ``%q`` stands for milliseconds since 1970."""
    found = []
    for case, day in enumerate(DAYS):
        epoch = int((day + timedelta(hours=6)).replace(tzinfo=UTC).timestamp() * 1000)
        time = day.strftime(written.replace("%q", str(epoch)))
        found.append(sign.join([f"i{case:03d}", time, what, f"{38.6 + case / 1e4:.4f}", f"{-90.3 + case / 1e4:.4f}"]))
    return found


def write(folder: Path, lines: Sequence[str], header: str = HEADER) -> Path:
    """A text file."""
    path = folder / "export.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def drafted(path: Path) -> tuple[str, str, pd.DataFrame, Report]:
    """The draft, what was said, and what the draft imports."""
    said = CliRunner().invoke(look, [str(path), "--near", "38.63,-90.20"])
    assert said.exit_code == 0, said.exception
    (draft := path.with_name("mapping.toml")).write_text(said.stdout, encoding="utf-8")
    return (
        said.stdout,
        said.stderr,
        *ingest(read_mapping(draft)[0], [path], datetime(2026, 11, 1, tzinfo=UTC), lambda _: None),
    )


def all_there(found: pd.DataFrame, clocks: bool = True) -> bool:
    """Whether each row is kept at its day, its time and its place."""
    zone, order = "America/Chicago", found.sort_values("event_id")
    local = order["from_utc"].dt.tz_convert(zone).dt.tz_localize(None)
    wanted = pd.Series(DAYS) if clocks else pd.Series(DAYS).dt.normalize()
    return bool((local.to_numpy() == wanted.to_numpy()).all() and order["lat"].between(38.59, 38.7).all())


@pytest.mark.parametrize(
    "written",
    ["%Y%m%d%H%M", "%y-%m-%d %H:%M", "%y/%m/%d %H:%M", "%m/%d/%Y %H%M", "%m/%d/%Y %H%M hrs", "%d.%m.%Y %Hh%M",
     "/Date(%q-0600)/", "%q", "%Y-%m-%dT%H:%M:00\u221206:00", "%Y-%m-%d %H:%M:00-06:00[America/Chicago]"],
)  # fmt: skip
def test_times_are_never_others(tmp_path: Path, written: str) -> None:
    """Twelve digits are no milliseconds, and 25-01-31 is no 25 January 2031."""
    draft, _, found, _ = drafted(write(tmp_path, rows(written)))
    assert all_there(found), draft


@pytest.mark.parametrize("written", ["%m%d%Y", "%d%m%Y", "%Y%m%d"])
def test_dates_of_eight_digits_are_read_in_their_order(tmp_path: Path, written: str) -> None:
    """The year first or last, and the month by the days above 12."""
    draft, _, found, _ = drafted(write(tmp_path, rows(written)))
    assert f'formats = ["{written}"]' in draft
    assert all_there(found, clocks=False)


@pytest.mark.parametrize("sign", ["^", "~", "|", "\t", ";"])
def test_values_are_parted_by_any_usual_sign(tmp_path: Path, sign: str) -> None:
    """The draft says which."""
    _, _, found, _ = drafted(write(tmp_path, rows("%Y-%m-%d %H:%M", sign), HEADER.replace(",", sign)))
    assert all_there(found)


@pytest.mark.parametrize("line", [0, 1, 5])
def test_a_stray_mark_at_the_beginning_hides_nothing(tmp_path: Path, line: int) -> None:
    """In the heading or in the first rows."""
    lines = [HEADER, *rows("%Y-%m-%d %H:%M")]
    lines[line] = '"' + lines[line]
    draft, _, found, report = drafted(write(tmp_path, lines[1:], lines[0]))
    assert 'from = "When"' in draft
    assert (len(found), report.rows) == (len(DAYS), len(DAYS))


def test_a_heading_that_is_narrower_than_its_rows_is_told(tmp_path: Path) -> None:
    """A comma in a value without marks, or with a space before them: no row is shown as a heading."""
    for written in ("%B %d, %Y %H:%M", ' "%B %d, %Y %H:%M"'):
        said = CliRunner().invoke(look, [str(write(tmp_path, rows(written)))])
        assert isinstance(said.exception, UserError)
        assert "its heading has 5 names, but most lines have 6 values" in str(said.exception)


def test_a_changed_offence_is_a_change_where_rows_say_when_they_were_changed(tmp_path: Path) -> None:
    """The newest row of an id counts: a theft that became a robbery is one incident."""
    old = [f"{row},2025-06-01" for row in rows("%Y-%m-%d %H:%M", what="THEFT")]
    new = [f"{row},2025-06-{2 + number % 9:02d}" for number, row in enumerate(rows("%Y-%m-%d %H:%M"))]
    draft, _, found, _ = drafted(write(tmp_path, [*old, *new], HEADER + ",Last Modified"))
    assert 'event_id = "Case"' in draft
    assert found["crime_type"].tolist() == ["robbery"] * len(DAYS)


@pytest.mark.parametrize("sign", ["'", " ", ","])
def test_a_planes_numbers_are_found_with_their_thousands(tmp_path: Path, sign: str) -> None:
    """However they are parted."""
    lines = [
        f"i{case};{day:%Y-%m-%d %H:%M};ROBBERY;{893_000 + case:,};{1_017_000 + case:,}".replace(",", sign)
        for case, day in enumerate(DAYS)
    ]
    draft, _, found, _ = drafted(write(tmp_path, lines, "Case;When;Offense;X;Y"))
    assert "epsg = 102696" in draft
    assert len(found) == len(DAYS)


def test_longitudes_without_their_sign_are_never_elsewhere(tmp_path: Path) -> None:
    """They are told, and their rows left out, with the reason."""
    path = write(tmp_path, [row.replace("-90.", "90.") for row in rows("%Y-%m-%d %H:%M")])
    draft, said, found, report = drafted(path)
    assert 'zone = "America/Chicago"' in draft
    assert "lack their minus sign" in said
    assert (len(found), +report.left_out) == (
        0, {"a longitude without its minus sign (west is negative); have the export corrected": len(DAYS)}
    )  # fmt: skip


def test_parquet_may_have_views_and_well_known_binary(tmp_path: Path) -> None:
    """As newer writers and GeoParquet do."""
    table = pd.read_csv(io.StringIO("\n".join([HEADER, *rows("%Y-%m-%d %H:%M")])))
    points = [shapely.to_wkb(shapely.Point(lon, lat)) for lon, lat in zip(table["Lon"], table["Lat"], strict=True)]
    columns = {
        name: pa.array(table[name].tolist(), pa.string()).cast(pa.string_view()) for name in ("Case", "When", "Offense")
    }
    path = tmp_path / "export.parquet"
    pq.write_table(pa.table({**columns, "geometry": pa.array(points, pa.binary())}), path)
    draft, _, found, _ = drafted(path)
    assert 'point = "geometry"' in draft
    assert all_there(found)


def test_a_heading_of_two_rows_is_that_with_all_names(tmp_path: Path) -> None:
    """Merged cells above group the columns, and leave some blank."""
    groups = ["Case", "When", "What", "Where", ""]
    body = [[*row.split(",")[:3], *map(float, row.split(",")[3:])] for row in rows("%Y-%m-%d %H:%M")]
    (path := tmp_path / "export.xlsx").write_bytes(workbook([groups, HEADER.split(","), *body]))
    draft, _, found, _ = drafted(path)
    assert 'lat = "Lat"' in draft
    assert all_there(found)


def test_a_sequence_of_features_may_have_its_marks(tmp_path: Path) -> None:
    """RFC 8142: a record separator before each."""
    path = tmp_path / "export.geojsons"
    lines = [row.split(",") for row in rows("%Y-%m-%dT%H:%M:00")]
    features = [
        {"type": "Feature", "properties": {"Case": case, "When": when, "Offense": what},
         "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]}}
        for case, when, what, lat, lon in lines
    ]  # fmt: skip
    path.write_text("".join(f"\x1e{json.dumps(one)}\n" for one in features), encoding="utf-8")
    assert all_there(drafted(path)[2])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"-- dump\nCREATE TABLE x (id int);\nINSERT INTO x VALUES (1);\n", "an SQL script; export the table as CSV"),
        (b"<stata_dta><header>", "this is a Stata file; save the table as CSV"),
        (b'{"type": "FeatureCollection", "features": []}', "it has no columns; give a file with rows"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    """In one sentence."""
    (path := tmp_path / "export.csv").write_bytes(content)
    assert said in str(CliRunner().invoke(look, [str(path)]).exception)


def test_a_heading_named_create_is_no_script(tmp_path: Path) -> None:
    """``Create Date`` is a column."""
    path = write(
        tmp_path, [f"{row},2025-06-01" for row in rows("%Y-%m-%d %H:%M")], f"Create ID,{HEADER[5:]},Create Date"
    )
    assert all_there(drafted(path)[2])
