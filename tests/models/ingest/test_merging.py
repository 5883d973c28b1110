"""Rows of one id: updates, reversals, several rows of an incident, exports without an id, and when it was reported."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from edge.contract.agency import Agency
from edge.errors import UserError
from models.count.tally import tally
from models.ingest.incidents import COLUMNS, read_incidents, write_incidents
from models.ingest.mapping import read_mapping
from models.ingest.report import Report
from models.ingest.run import ingest
from tests.models.town_export import HEADER, MAPPING, NOW, THEFT, imported, write_export, write_mapping

Found = tuple[pd.DataFrame, Report]
COUNT = MAPPING.replace("[time]", 'count = "n"\n[time]')
UPDATED = MAPPING.replace("formats", 'updated = "changed"\nformats')
REPORTED = MAPPING.replace("formats", 'reported = "told"\nformats')


def of_files(
    folder: Path, *files: tuple[str, ...], header: str = HEADER, mapping: str = MAPPING, in_order: bool = False,
    earlier: pd.DataFrame | None = None,
) -> Found:  # fmt: skip
    """An import of several files."""
    document, _ = read_mapping(write_mapping(folder, mapping))
    paths = [write_export(folder, *lines, header=header, name=f"{n}.csv") for n, lines in enumerate(files)]
    found, report = ingest(document, paths, NOW, lambda _: None, earlier, in_order)
    assert report.kept + sum(report.left_out.values()) == report.rows
    return found, report


def types(found: pd.DataFrame) -> dict[str, str]:
    """Each id's crime type."""
    return dict(zip(found["event_id"], found["crime_type"], strict=True))


def row(number: object, day: int, code: str, *more: object) -> str:
    """A row of January 2026."""
    return ",".join(map(str, (number, f"2026-01-{day:02} 12:00", code, "40.01", "-99.0", *more)))


def reasons(report: Report) -> dict[str, int]:
    """The reasons that hold for any row."""
    return {reason: rows for reason, rows in report.left_out.items() if rows}


JANUARY = (row(1, 5, "23F"), row(2, 6, "220"), row(3, 20, "120"))
FEBRUARY = (row(1, 5, "120"), row(2, 6, "90J"), row(4, 25, "240"))
LATER = {"1": "robbery", "3": "robbery", "4": "motor_vehicle_theft"}


@pytest.mark.parametrize("files", list(permutations([JANUARY, FEBRUARY])))
def test_the_newest_file_counts_whatever_the_order_of_the_shell(
    tmp_path: Path, files: tuple[tuple[str, ...], ...]
) -> None:
    """By the latest time in each; where the order given is another, that is said."""
    found, report = of_files(tmp_path, *files)
    assert types(found) == LATER
    assert reasons(report)["the same id in a later file, or in a newer version"] == 2
    out_of_order = files[0] is FEBRUARY
    assert [one for one in report.warnings if "given out of order; 2 ids" in one] == report.warnings
    assert len(report.warnings) == out_of_order


def test_the_order_given_is_kept_where_the_analyst_says_so(tmp_path: Path) -> None:
    """A file of corrections is older than what it corrects."""
    found, report = of_files(tmp_path, FEBRUARY, JANUARY, in_order=True)
    assert types(found) == {"1": "theft", "2": "burglary", "3": "robbery", "4": "motor_vehicle_theft"}
    assert report.warnings == []


def test_files_that_share_no_id_are_in_no_wrong_order(tmp_path: Path) -> None:
    """Nothing is warned of where the order makes no difference."""
    _, report = of_files(tmp_path, (row(9, 20, "23F"),), (row(8, 5, "23F"),))
    assert report.warnings == []


@pytest.mark.parametrize("changed", [("2026-01-09 08:00", "2026-01-10 08:00"), ("1", "2"), ("2.0", "10.0"), ("", "1")])
@pytest.mark.parametrize("split", [True, False])
def test_the_newest_version_of_an_id_counts(tmp_path: Path, changed: tuple[str, str], split: bool) -> None:
    """By ``time.updated``, a time or a number, in one file or in several, whatever their order."""
    old, new = (row(1, 20, "23F", changed[0]),), (row(1, 5, "120", changed[1]),)
    for files in (((*new, *old),), ((*old, *new),)) if not split else ((new, old), (old, new)):
        found, report = of_files(tmp_path, *files, header=HEADER + ",changed", mapping=UPDATED)
        assert types(found) == {"1": "robbery"}
        assert reasons(report) == {"the same id in a later file, or in a newer version": 1}
        assert report.warnings == []


def test_a_newest_version_that_is_no_crime_of_ours_any_more_leaves_nothing(tmp_path: Path) -> None:
    """An incident that was unfounded is gone, though an older version is a theft."""
    rows = (row(1, 5, "90J", 2), row(1, 5, "23F", 1), row(2, 5, "23F", 1))
    found, _ = of_files(tmp_path, rows, header=HEADER + ",changed", mapping=UPDATED)
    assert types(found) == {"2": "theft"}


def test_several_rows_of_one_incident_count_once_and_that_is_said(tmp_path: Path) -> None:
    """Victims: a row each under one id. Offenses: other types under one id."""
    found, report = of_files(tmp_path, (row(1, 5, "120"), row(1, 5, "120"), row(1, 5, "120"), row(2, 5, "23F")))
    assert types(found) == {"1": "robbery", "2": "theft"}
    assert reasons(report) == {"the same id as a later row": 2}
    assert report.warnings == [
        "several rows share one id (victims, suspects or offenses of an incident): 1 incident counted once, by the "
        "last row of each; 2 rows left out"
    ]
    _, report = of_files(tmp_path, (row(1, 5, "120"), row(1, 5, "23F"), row(2, 5, "23F"), row(2, 5, "23F")))
    assert "the rows of 1 id have several crime types" in report.warnings[1]


def test_a_reversal_takes_its_row_back(tmp_path: Path) -> None:
    """In the same file or a later one, by id and offense; each row has its reason."""
    rows = (row(1, 5, "23F", 1), row(1, 5, "23F", -1), row(2, 5, "220", 1), row(3, 6, "120", "1"), row(4, 6, "120", 0),
            row(5, 6, "120", "one"), row(9, 6, "35A", -1))  # fmt: skip
    later = (row(2, 5, "220", "\u22121"), row(2, 5, "240", 1), row(3, 6, "120", "(1)"), row(6, 25, "120", 1),
             row(7, 25, "120", -1))  # fmt: skip
    for files in ((rows, later), (later, rows)):
        found, report = of_files(tmp_path, *files, header=HEADER + ",n", mapping=COUNT)
        assert types(found) == {"2": "motor_vehicle_theft", "6": "robbery"}
        assert reasons(report) == {
            "a reversal row (a negative count)": 4, "taken back by a reversal row": 3, "a count of zero": 1,
            "a count that is not a number": 1, "a type not in the mapping": 1,
        }  # fmt: skip
        assert [one for one in report.warnings if "no incident in these files or in --with for 1 reversal row" in one]


def test_a_journal_given_twice_is_the_same(tmp_path: Path) -> None:
    """Reversals of a file that is given again do not take more back."""
    first = (row(1, 5, "23F", 1), row(2, 5, "23F", 1))
    second = (row(1, 5, "23F", -1), row(1, 5, "23G", 1), row(3, 20, "120", 1))
    once, _ = of_files(tmp_path, first, second, header=HEADER + ",n", mapping=COUNT)
    again, _ = of_files(tmp_path, first, second, first, second, header=HEADER + ",n", mapping=COUNT)
    assert types(once) == {"1": "theft", "2": "theft", "3": "robbery"}
    pd.testing.assert_frame_equal(once, again)


def test_a_reversal_takes_back_what_was_imported_before(tmp_path: Path) -> None:
    """With ``--with``: by id and crime type; an offense that stands is not touched."""
    before, _ = of_files(tmp_path, (row(1, 5, "23F", 1), row(2, 5, "220", 1)), header=HEADER + ",n", mapping=COUNT)
    files = ((row(1, 5, "23F", -1), row(2, 5, "120", -1), row(3, 25, "120", 1)),)
    found, report = of_files(tmp_path, *files, header=HEADER + ",n", mapping=COUNT, earlier=before)
    assert types(found) == {"2": "burglary", "3": "robbery"}
    assert "for 1 reversal row" in report.warnings[0]


ROW = MAPPING.replace('"id"', '"row"', 1)


def test_an_export_without_ids_is_known_by_its_rows_and_that_is_said(tmp_path: Path) -> None:
    """Two incidents alike are two; the same file again is the same; another file's rows are others, which is told."""
    header = HEADER.removeprefix("id,")
    line = THEFT.removeprefix("1,")
    found, report = of_files(tmp_path, (line, line), header=header, mapping=ROW)
    assert (len(found), found["event_id"].is_unique) == (2, True)
    assert report.warnings[0].startswith('event_id = "row": the export has no id')
    twice, _ = of_files(tmp_path, (line, line), (line, line), header=header, mapping=ROW)
    pd.testing.assert_frame_equal(found, twice)
    both, report = of_files(tmp_path, (line, line), (line,), header=header, mapping=ROW)
    assert len(both) == 3
    assert "1 incident as in another file, alike in time, type and place" in report.warnings[0]
    onto, report = of_files(tmp_path, (line,), header=header, mapping=ROW, earlier=found)
    assert len(onto) == 3
    assert "1 incident as in another file" in report.warnings[0]


def test_the_id_of_a_column_named_row_is_a_list(tmp_path: Path) -> None:
    """``["row"]`` is a column; no column at all is a mistake; nothing can be taken back by a row's number."""
    mapping = MAPPING.replace('"id"', '["row"]', 1)
    found, report = imported(tmp_path, THEFT, header=HEADER.replace("id", "row"), mapping=mapping)
    assert (list(found["event_id"]), report.warnings) == (["1"], [])
    for key, said in (
        (MAPPING.replace('"id"', "[]", 1), "event_id: give the column"),
        (COUNT.replace('"id"', '"row"', 1), "count"),
    ):
        with pytest.raises(UserError, match=said):
            read_mapping(write_mapping(tmp_path, key))


def test_ids_that_a_spreadsheet_rounded_are_none(tmp_path: Path) -> None:
    """2.4E+07 stands for thousands of incidents: left out and told, rather than folded into one."""
    rows = [THEFT.replace("1,", f"{number},", 1) for number in ("2.4E+07", "2.4E+07", "1E+05", "24E0312", "2.4E7")]
    found, report = imported(tmp_path, *rows)
    assert list(found["event_id"]) == ["2.4E7", "24E0312"]
    assert reasons(report) == {"an event id that a spreadsheet rounded (2.4E+07)": 3}


def test_what_was_reported_late_was_known_late(square_agency: Agency, tmp_path: Path) -> None:
    """``time.reported``: counted as known from that day, never before it happened; without it, when it happened."""
    rows = [row(day, day, "23F", "") for day in range(1, 29)]
    rows[9] = row(10, 10, "23F", "2026-01-15 09:00")
    rows[11] = row(12, 12, "23F", "2026-01-03 09:00")
    rows[12] = row(13, 13, "23F", "2031-01-03 09:00")
    rows[13] = row(14, 14, "23F", "soon")
    found, report = imported(tmp_path, *rows, header=HEADER + ",told", mapping=REPORTED)
    counts = tally(found, square_agency).counts
    late = {date.fromordinal(day).day: known - day for day, known in zip(counts.day, counts.known, strict=True)}
    assert {day: days for day, days in late.items() if days} == {10: 5}
    assert report.reported == {"incidents": 2, "p50_days": 2.44, "p90_days": 4.39, "p99_days": 4.83}
    assert [one.split(", counted")[0] for one in report.warnings] == [
        "time.reported is in none of time.formats, or in the future, in 2 rows",
        "time.reported is before the incident in 1 row",
    ]


def test_a_report_at_midnight_is_known_to_its_date_alone(tmp_path: Path) -> None:
    """Los Angeles reports on dates at 12:00:00 AM, half of them the incident's own: none of these is before it."""
    rows = [row(day, day, "23F", "2026-01-10 00:00") for day in (8, 10, 11)]
    found, report = imported(tmp_path, *rows, header=HEADER + ",told", mapping=REPORTED)
    assert set(found["reported_utc"].dt.strftime("%d %H:%M")) == {"11 05:59"}
    assert [one.split(", counted")[0] for one in report.warnings] == ["time.reported is before the incident in 1 row"]


def test_incidents_of_before_have_no_report_time(tmp_path: Path) -> None:
    """A file without the column is read, with nothing there."""
    found, _ = imported(tmp_path, THEFT)
    write_incidents(found, tmp_path / "i.parquet")
    table = pq.read_table(tmp_path / "i.parquet")
    pq.write_table(table.drop_columns(["reported_utc"]), tmp_path / "old.parquet")
    old = read_incidents(tmp_path / "old.parquet")
    assert tuple(old.columns) == COLUMNS
    assert old["reported_utc"].isna().all()
    pd.testing.assert_frame_equal(old, read_incidents(tmp_path / "i.parquet"))
