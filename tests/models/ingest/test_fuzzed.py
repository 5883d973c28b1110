"""Whatever an export holds and a mapping asks: rows kept and rows left out add up to the rows of the files."""

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.errors import UserError
from models.ingest.incidents import COLUMNS
from models.ingest.mapping import Mapping
from models.ingest.run import ingest
from tests.models.town_export import MAPPING, NOW

HEADER = ("id", "when", "time", "told", "changed", "n", "code", "lat", "lon")
TIMES = (
    "2026-01-05 12:00", "2026-01-05T12:00:00Z", "2026-01-05 12:00+00", "01/05/2026 24:00", "01/05/2026 930",
    "01/05/2026", "1767614400", "1767614400000", "1.7676E+12", "46027.5", "0", "2026-03-08 02:30", "2026-11-01 01:30",
    "9999-12-31", "2026-01-05 12:00 CDT", "20260105T18Z", "UNK", "",
)  # fmt: skip
FORMATS = (
    "iso",
    "excel",
    "epoch_s",
    "epoch_ms",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H%M",
    "%Y-%m-%d %H:%M%z",
    "%m/%d/%Y %I:%M %p",
)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


def value(*usual: str) -> st.SearchStrategy[str]:
    """Mostly what an export has there, now and then anything."""
    return st.one_of(st.sampled_from(usual), st.sampled_from(usual), st.sampled_from(usual), ANY)


ROWS = st.lists(
    st.tuples(
        value("1", "2", "3", "2.4E+07", ""), value(*TIMES), value("1830", "45", "5.0", "12:00", "", "UNK"),
        value(*TIMES),
        value("1", "2", "2026-01-06 08:00", ""), value("1", "-1", "0", "(1)", "\u22121", "x", ""),
        value("23F", "120", "220", "35A", "90J", ""), value("40.01", "0", "95", ""), value("-99.0", "0", "-99,5", ""),
    ),
    max_size=8,
)  # fmt: skip
TIME_KEYS: dict[str, st.SearchStrategy[Any]] = {
    "from": st.sampled_from(["when", ["when"], ["when", "time"], ["told", "when", "time"]]),
    "to": st.sampled_from(["told", ["told", "time"]]),
    "reported": st.just("told"),
    "updated": st.just("changed"),
    "formats": st.lists(st.sampled_from(FORMATS), min_size=1, max_size=4),
    "unknown": st.sampled_from([["00:00"], ["12:00", "1830", "x"], "12:00"]),
    "offsets": st.sampled_from(["obey", "ignore"]),
    "since": st.sampled_from([NOW.date(), NOW.date().replace(year=2020)]),
}


@st.composite
def mappings(draw: st.DrawFn) -> Mapping:
    """A mapping of the town's export, with any of the keys of times, ids and rows."""
    document = tomllib.loads(MAPPING)
    document["event_id"] = draw(st.sampled_from(["id", ["id", "code"], "row"]))
    document["zone"] = draw(st.sampled_from(["America/Chicago", "UTC", "Pacific/Apia"]))
    if document["event_id"] != "row" and draw(st.booleans()):
        document["count"] = "n"
    if draw(st.booleans()):
        document["rows"] = [{"column": "code", "not": "220"}]
    keys = draw(st.sets(st.sampled_from(sorted(TIME_KEYS))))
    document["time"] = {"from": "when"} | {key: draw(TIME_KEYS[key]) for key in sorted(keys)}
    return Mapping.model_validate(document)


def written(rows: list[tuple[str, ...]]) -> str:
    """CSV, every value in quotation marks."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([HEADER, *rows])
    return text.getvalue()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mappings(), st.lists(ROWS, min_size=1, max_size=3), st.booleans())
def test_rows_kept_and_left_out_are_the_rows_of_the_files(
    tmp_path: Path, mapping: Mapping, files: list[list[tuple[str, ...]]], in_order: bool
) -> None:
    """Of files of any values, by mappings of any keys; what is kept has one row an id, and ends after it begins."""
    every_row_is_accounted_for(tmp_path, mapping, files, in_order)


@pytest.mark.long
@pytest.mark.timeout(1200)
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mappings(), st.lists(ROWS, min_size=1, max_size=3), st.booleans())
def test_rows_kept_and_left_out_are_the_rows_of_many_files(
    tmp_path: Path, mapping: Mapping, files: list[list[tuple[str, ...]]], in_order: bool
) -> None:
    """The same, for longer."""
    every_row_is_accounted_for(tmp_path, mapping, files, in_order)


def every_row_is_accounted_for(
    folder: Path, mapping: Mapping, files: list[list[tuple[str, ...]]], in_order: bool
) -> None:
    """Import files, and again onto what they gave: nothing is lost, nothing is there twice."""
    paths = []
    for number, rows in enumerate(files):
        paths.append(folder / f"{number}.csv")
        paths[-1].write_text(written(rows), encoding="utf-8", newline="")
    found, report = ingest(mapping, paths, NOW, lambda _: None, None, in_order)
    assert report.rows == sum(map(len, files))
    assert report.kept + sum(report.left_out.values()) == report.rows
    assert (len(found), tuple(found.columns)) == (report.kept, COLUMNS)
    assert found["event_id"].is_unique
    assert (found["from_utc"] <= found["to_utc"]).all()
    again, _ = ingest(mapping, paths, NOW, lambda _: None, found, in_order)
    assert again.equals(found)


def test_a_file_of_nothing_is_nothing(tmp_path: Path) -> None:
    """A heading alone, beside a file with a row."""
    empty, some = tmp_path / "empty.csv", tmp_path / "some.csv"
    empty.write_text(written([]))
    some.write_text(written([("1", "2026-01-05 12:00", "", "", "", "1", "23F", "40.01", "-99.0")]))
    mapping = Mapping.model_validate(
        tomllib.loads(MAPPING) | {"time": {"from": "when", "updated": "changed"}, "count": "n"}
    )
    for files in ([empty], [empty, some], [some, empty]):
        found, report = ingest(mapping, files, NOW, lambda _: None)
        assert len(found) == report.kept == report.rows == (some in files)


def test_a_column_that_a_mapping_names_must_be_there(tmp_path: Path) -> None:
    """Of ids, counts, versions and reports, too."""
    path = tmp_path / "export.csv"
    path.write_text("id,when,code,lat,lon\n1,2026-01-05 12:00,23F,40,-99\n")
    for change in (
        {"count": "n"},
        {"time": {"from": "when", "updated": "n"}},
        {"time": {"from": "when", "reported": "n"}},
    ):
        with pytest.raises(UserError, match="no column 'n'"):
            ingest(Mapping.model_validate(tomllib.loads(MAPPING) | change), [path], NOW, lambda _: None)
