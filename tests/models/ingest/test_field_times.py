"""Field cases of times, ids and rows (skipped where ../shared/data is absent): instants that are kept, or words."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from edge.errors import UserError
from models.ingest.mapping import read_mapping
from models.ingest.report import Report
from models.ingest.run import ingest

NOW = datetime(2026, 11, 22, tzinfo=UTC)
UNREAD = "no time, or not in the mapping's formats"
PLACEHOLDER = "a time before 1971 or after 2199: a placeholder, or a number of another unit"
DAY = "03-01 06:00/03-02 05:59"
"""1 March 2024 in Chicago, from its first to its last minute."""


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> Path:
    """The folder of small exports."""
    return shared_data / "field_cases" / "ingest"


def run(folder: Path, cases: Path, mapping: str, *files: str, **changed: str) -> tuple[pd.DataFrame, Report]:
    """An import by a case's mapping, or by it with other keys."""
    text = (cases / f"{mapping}.toml").read_text(encoding="utf-8")
    for key, value in changed.items():
        lines = [line for line in text.splitlines() if not line.startswith(f"{key} =")]
        at = 2 if key == "event_id" else lines.index("[time]") + 1
        text = "\n".join([*lines[:at], f"{key} = {value}", *lines[at:]])
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    document, _ = read_mapping(path)
    found, report = ingest(document, [cases / file for file in files], NOW, lambda _: None)
    assert report.kept + sum(report.left_out.values()) == report.rows
    return found, report


def spans(found: pd.DataFrame) -> dict[str, str]:
    """Each id's time in 2024, UTC, to the minute: one moment, or from/to."""
    first, last = (found[name].dt.strftime("%m-%d %H:%M") for name in ("from_utc", "to_utc"))
    pairs = zip(found["event_id"], first, last, strict=True)
    return {event: one if one == other else f"{one}/{other}" for event, one, other in pairs}


def reasons(report: Report) -> dict[str, int]:
    """The reasons that hold for any row."""
    return {reason: rows for reason, rows in report.left_out.items() if rows}


ZULU = {"A1": "03-01 18:30", "A2": "03-02 00:30", "A3": "03-02 00:30", "A4": "03-01 18:30", "A5": "03-01 18:30",
        "A6": "03-01 18:30"}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "mapping", "changed", "kept", "left_out"),
    [
        ("05-2400", "05-2400", {}, {"A1": "03-02 06:00", "A2": "03-02 05:59"}, {}),
        ("06-military", "06-military", {}, {"A1": "03-01 06:05", "A2": "03-01 06:45", "A3": "03-01 15:30",
                                            "A4": "03-02 00:30", "A5": "03-01 06:00"}, {}),
        ("07-excel-serial", "07-excel-serial", {}, {}, {PLACEHOLDER: 2}),
        ("07-excel-serial", "07-excel-serial", {"formats": '["excel"]'},
         {"A1": "03-01 18:29", "A2": "03-02 06:00/03-03 05:59"}, {}),
        ("08-mixed-dates", "08-mixed-dates", {}, {"A1": "03-01 06:30", "A2": "03-02 19:30", "A3": "03-04 11:00"}, {}),
        ("09-midnight", "09-midnight", {}, {"A1": "03-01 06:00", "A2": "03-01 18:00"}, {}),
        ("09-midnight", "09-midnight", {"unknown": '["00:00", "12:00"]'}, {"A1": DAY, "A2": DAY}, {}),
        ("10-time-empty", "10-time-empty", {}, {"A1": DAY, "A2": DAY, "A3": "03-02 00:30"}, {}),
        ("10-time-empty", "10-time-empty", {"formats": '["%m/%d/%Y %H:%M"]'},
         {"A1": DAY, "A2": DAY, "A3": "03-02 00:30"}, {}),
        ("11-date-midnight", "11-date-midnight", {}, {"A1": "03-02 00:30"}, {}),
        ("12-z", "12-z", {}, ZULU, {}),
        ("12-z", "12-z", {"offsets": '"ignore"'}, dict.fromkeys(ZULU, "03-02 00:30"), {}),
        ("13-dst", "13-dst", {}, {"A1": "11-03 06:30/11-03 07:30", "A2": "03-10 08:00"}, {}),
        ("29-dayfirst", "29-dayfirst", {"formats": '["%d/%m/%y %H:%M"]'},
         {"A1": "03-01 18:30", "A2": "03-25 17:30"}, {}),
        ("29-dayfirst", "29-dayfirst", {"formats": '["%m/%d/%y %H:%M"]'}, {"A1": "01-03 18:30"}, {UNREAD: 1}),
        ("30-sci-id", "30-sci-id", {}, {}, {"an event id that a spreadsheet rounded (2.4E+07)": 3}),
        ("32-span", "32-span", {}, {"A2": "03-02 04:00", "A3": "03-02 04:00/03-19 11:00"},
         {"ends before it starts": 1}),
        ("37-dateonly", "37-dateonly", {}, {"A1": DAY, "A2": "03-02 06:00/03-03 05:59"}, {}),
        ("38-epoch", "38-epoch", {}, {"A1": "03-01 18:30", "A2": "03-01 18:30"}, {PLACEHOLDER: 1}),
        ("38-epoch", "38-epoch", {"formats": '["epoch_ms", "epoch_s"]'},
         dict.fromkeys(("A1", "A2", "A3"), "03-01 18:30"), {}),
        ("40-tzname", "40-tzname", {}, {"A1": "03-01 18:30"}, {UNREAD: 1}),
        ("40-tzname", "40-tzname", {"formats": '["iso", "%a %b %d %Y %H:%M:%S %z"]'},
         {"A1": "03-01 18:30", "A2": "03-01 18:30"}, {}),
        ("42-pg-offset", "iso", {}, {"A1": "03-01 18:30", "A2": "07-01 18:30"}, {}),
        ("44-mixed-offset", "iso", {}, {"A1": "03-02 00:30", "A2": "07-01 23:30"}, {}),
        ("45-mixed-z-bare", "iso", {}, {"A1": "03-01 18:30", "A2": "07-01 23:30"}, {}),
        ("49-epoch0", "38-epoch", {}, {"A2": "03-01 18:30"}, {PLACEHOLDER: 1}),
        ("50-us-space-ms", "iso", {}, {"A1": "03-02 00:30", "A2": "03-02 00:30", "A3": "03-01 18:30",
                                       "A4": "03-01 18:30"}, {}),
    ],
)  # fmt: skip
def test_the_times_of_a_field_case(
    cases: Path, tmp_path: Path, case: str, mapping: str, changed: dict[str, str], kept: dict[str, str],
    left_out: dict[str, int],
) -> None:  # fmt: skip
    """By the mapping beside it, or with other keys: each row at its moment, or left out for its reason."""
    found, report = run(tmp_path, cases, mapping, f"{case}.csv", **changed)
    assert spans(found) == kept
    assert reasons(report) == left_out


@pytest.mark.parametrize(
    ("case", "mapping", "changed", "said"),
    [
        ("07-excel-serial", "07-excel-serial", {}, 'a spreadsheet\'s days (45352.52): add "excel" to time.formats'),
        ("38-epoch", "38-epoch", {}, 'seconds since 1970 (1709317800): add "epoch_s" to time.formats'),
        ("49-epoch0", "iso", {}, 'milliseconds since 1970 (1709317800000): add "epoch_ms"'),
        ("29-dayfirst", "29-dayfirst", {"formats": '["%m/%d/%y %H:%M"]'}, "only with day and month exchanged"),
        ("31-noid", "31-noid", {}, "several rows share one id"),
        ("31-noid", "31-noid", {"event_id": '"row"'}, "the export has no id"),
    ],
)
def test_what_a_field_case_makes_doubtful_is_said(
    cases: Path, tmp_path: Path, case: str, mapping: str, changed: dict[str, str], said: str
) -> None:
    """A warning names what to write in the mapping."""
    _, report = run(tmp_path, cases, mapping, f"{case}.csv", **changed)
    assert said in "\n".join(report.warnings)


def test_two_formats_that_contradict_each_other_are_refused(cases: Path) -> None:
    """29-dayfirst: 01/03/24 would be January or March by the order of the formats."""
    with pytest.raises(UserError, match="%m/%d/%y and %d/%m/%y read the same text as different days"):
        read_mapping(cases / "29-dayfirst.toml")


def test_two_rows_alike_without_an_id_are_two_by_their_row(cases: Path, tmp_path: Path) -> None:
    """31-noid: an id of time, offense and place makes one of them, and says so; the row's number keeps both."""
    assert len(run(tmp_path, cases, "31-noid", "31-noid.csv")[0]) == 1
    assert len(run(tmp_path, cases, "31-noid", "31-noid.csv", event_id='"row"')[0]) == 2


@pytest.mark.parametrize("files", [("22a-first.csv", "22b-second.csv"), ("22b-second.csv", "22a-first.csv")])
def test_a_newer_file_replaces_and_removes_in_whatever_order(
    cases: Path, tmp_path: Path, files: tuple[str, ...]
) -> None:
    """22: the newer file says that A1 is unfounded, and A2 a theft at another time."""
    found, report = run(tmp_path, cases, "22", *files)
    assert spans(found) == {"A2": "03-01 18:40"}
    assert list(found["crime_type"]) == ["theft"]
    assert any("out of order" in one for one in report.warnings) == (files[0] == "22b-second.csv")
