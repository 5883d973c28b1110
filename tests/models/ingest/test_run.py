"""Whole imports: the same again gives the same, a later file wins, and every kind of file reads alike."""

import gzip
import json
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from edge.errors import UserError
from models.commands import models
from models.ingest.incidents import read_incidents
from models.ingest.mapping import read_mapping
from models.ingest.reading import Export
from models.ingest.run import ingest
from tests.models.town_export import HEADER, MAPPING, NOW, THEFT, write_export, write_mapping

ROWS = (THEFT, "2,2026-01-06 12:00,220,40.01,-99.0", "3,2026-01-07 12:00,35A,40.01,-99.0")


def run(*words: object) -> Result:
    """``roundsman models …``."""
    return CliRunner().invoke(models, [str(word) for word in words])


def test_the_same_file_twice_gives_the_same_incidents(tmp_path: Path) -> None:
    """Re-import is idempotent: to the byte, and the report says how many rows were repeated."""
    mapping, export = write_mapping(tmp_path), write_export(tmp_path, *ROWS)
    assert run("ingest", mapping, export, "--out", tmp_path / "once.parquet").exit_code == 0
    again = run("ingest", mapping, export, export, "--out", tmp_path / "twice.parquet")
    assert again.exit_code == 0, again.output
    assert (tmp_path / "once.parquet").read_bytes() == (tmp_path / "twice.parquet").read_bytes()
    assert "2  the same id in a later file" in again.output
    onto = run("ingest", mapping, export, "--with", tmp_path / "once.parquet", "--out", tmp_path / "onto.parquet")
    assert onto.exit_code == 0, onto.output
    assert (tmp_path / "once.parquet").read_bytes() == (tmp_path / "onto.parquet").read_bytes()


def test_a_later_file_wins(tmp_path: Path) -> None:
    """An id that the later file has is as that file says: changed, or gone where it is no crime of ours any more."""
    mapping, _ = read_mapping(write_mapping(tmp_path))
    first = write_export(tmp_path, *ROWS, "4,2026-01-08 12:00,120,40.01,-99.0", name="first.csv")
    later = write_export(tmp_path, THEFT.replace("23F", "120"), "2,2026-01-06 12:00,90J,40.01,-99.0",
                         name="later.csv")  # fmt: skip
    found, report = ingest(mapping, [first, later], NOW, lambda _: None, in_order=True)
    assert dict(zip(found["event_id"], found["crime_type"], strict=True)) == {"4": "robbery", "1": "robbery"}
    assert report.rows == report.kept + sum(report.left_out.values())
    assert report.warnings == []


def test_incidents_of_another_source_stay(tmp_path: Path) -> None:
    """``--with``: detections join the reports, though an id is the same."""
    mapping, export = write_mapping(tmp_path), write_export(tmp_path, *ROWS)
    run("ingest", mapping, export, "--out", tmp_path / "reports.parquet")
    other = write_mapping(tmp_path, MAPPING.replace('"town"', '"other"'))
    run("ingest", other, export, "--with", tmp_path / "reports.parquet", "--out", tmp_path / "both.parquet")
    both = read_incidents(tmp_path / "both.parquet")
    assert sorted(zip(both["source"], both["event_id"], strict=True)) == [
        ("other", "1"), ("other", "2"), ("town", "1"), ("town", "2"),
    ]  # fmt: skip


def test_every_kind_of_file_reads_alike(tmp_path: Path) -> None:
    """CSV, CSV with a byte order mark, CSV.gz and Parquet (with types of its own) give the same incidents."""
    mapping, _ = read_mapping(write_mapping(tmp_path))
    plain = write_export(tmp_path, *ROWS)
    packed, marked, parquet = (tmp_path / name for name in ("export.csv.gz", "bom.csv", "export.parquet"))
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    marked.write_bytes(b"\xef\xbb\xbf" + plain.read_bytes())
    table = pyarrow.csv.read_csv(plain)
    assert pa.types.is_int64(table.schema.field("id").type)
    pq.write_table(table.set_column(1, "when", table["when"].cast(pa.timestamp("s"))), parquet)
    each = [ingest(mapping, [path], NOW, lambda _: None)[0] for path in (plain, packed, marked, parquet)]
    for other in each[1:]:
        pd.testing.assert_frame_equal(each[0], other)


def test_only_named_columns_are_read(tmp_path: Path) -> None:
    """Protection 1: of a file's other columns nothing leaves the reader."""
    for path in (write_export(tmp_path, THEFT + ",W", header=HEADER + ",race"), tmp_path / "race.parquet"):
        if path.suffix == ".parquet":
            pq.write_table(pyarrow.csv.read_csv(tmp_path / "export.csv"), path)
        (table,) = Export(path).pieces(["id", "lat"], lambda _: None)
        assert table.column_names == ["id", "lat"]


def test_lines_that_are_no_rows_are_counted(tmp_path: Path) -> None:
    """A line with too few or too many values is left out, and the report says so."""
    mapping, _ = read_mapping(write_mapping(tmp_path))
    export = write_export(tmp_path, THEFT, "2,2026-01-06 12:00", THEFT + ",9,9")
    found, report = ingest(mapping, [export], NOW, lambda _: None)
    assert (len(found), report.rows, report.left_out["a malformed line"]) == (1, 3, 2)


def test_the_report_is_the_record(tmp_path: Path) -> None:
    """JSON with each input's SHA-256 and every count; denied types by value."""
    export = write_export(tmp_path, *ROWS)
    done = run("ingest", write_mapping(tmp_path), export, "--out", tmp_path / "i.parquet", "--report",
               tmp_path / "report.json")  # fmt: skip
    assert done.exit_code == 0, done.output
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["inputs"][0]["file"] == "export.csv"
    assert len(report["inputs"][0]["sha256"]) == len(report["mapping_sha256"]) == 64
    assert report["by_type"] == {"theft": 1, "burglary": 1}
    assert report["unmapped"] == {"code": {"35A": 1}}
    assert (report["rows"], report["kept"]) == (3, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no column 'id'"),
        (b"id,when\n1,2\n", "no column 'code', 'lat', 'lon', which the mapping uses; its columns: id, when"),
        (b"id,when,code,lat,lon,id\n1,2,3,4,5,6\n", "two columns named 'id'"),
        (b"id,when,code,lat,lon\n1,2026-01-05 12:00,\xe9,4,5\n", "encoding"),
        (b"PAR1 and no more", "Parquet"),
        (
            gzip.compress(b"id,when,code,lat,lon\n" + b"1,2,3,4,5\n" * 9999)[:-20],
            "complete, readable export|that the mapping gives",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    """One sentence that names the file, whatever is wrong with it; and nothing is written."""
    export = tmp_path / "export.csv"
    export.write_bytes(content)
    done = run("ingest", write_mapping(tmp_path), export, "--out", tmp_path / "i.parquet")
    assert isinstance(done.exception, UserError)
    assert str(export) in str(done.exception)
    with pytest.raises(UserError, match=said):
        raise done.exception
    assert not (tmp_path / "i.parquet").exists()


def test_a_column_that_is_no_text_is_told(tmp_path: Path) -> None:
    """A Parquet column of lists or structures: one sentence that names it."""
    mapping, _ = read_mapping(write_mapping(tmp_path))
    table = pyarrow.csv.read_csv(write_export(tmp_path, THEFT))
    pq.write_table(table.set_column(2, "code", pa.array([[1, 2]])), tmp_path / "odd.parquet")
    with pytest.raises(UserError, match="column 'code' holds list"):
        ingest(mapping, [tmp_path / "odd.parquet"], NOW, lambda _: None)


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    """No folder, no file, and nothing half written."""
    done = run("ingest", write_mapping(tmp_path), write_export(tmp_path, THEFT), "--out", tmp_path / "no" / "i.parquet")
    assert isinstance(done.exception, UserError)
    assert "cannot be written" in str(done.exception)


def test_an_export_in_another_encoding_is_read(tmp_path: Path) -> None:
    """``encoding`` and ``delimiter`` are the mapping's to say."""
    mapping, _ = read_mapping(write_mapping(tmp_path, 'encoding = "latin-1"\ndelimiter = ";"\n' + MAPPING))
    export = tmp_path / "export.csv"
    export.write_bytes(f"{HEADER},caf\xe9\n{THEFT},\xe9\n".replace(",", ";").encode("latin-1"))
    assert len(ingest(mapping, [export], NOW, lambda _: None)[0]) == 1


def test_nothing_to_keep_is_no_file(tmp_path: Path) -> None:
    """An export of nothing that may be forecast: the reasons are printed, and no file is written."""
    done = run("ingest", write_mapping(tmp_path), write_export(tmp_path, ROWS[2]), "--out", tmp_path / "i.parquet")
    assert isinstance(done.exception, UserError)
    assert "1  a type not in the mapping" in done.output
    assert not (tmp_path / "i.parquet").exists()


def test_a_command_without_its_libraries_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vehicle's install has no pandas: one sentence says what to install."""
    for module in [name for name in sys.modules if name.startswith("models.ingest")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.delitem(sys.modules, "models.count.tally", raising=False)
    done = run("ingest", "--help")
    assert isinstance(done.exception, UserError)
    assert "roundsman[train]" in str(done.exception)


def test_the_table_of_commands_loads_nothing() -> None:
    """``roundsman models`` lists its commands and what they are for."""
    done = run("--help")
    assert done.exit_code == 0
    assert {"count", "evaluate", "forecast", "ingest", "train"} <= set(done.output.split())
