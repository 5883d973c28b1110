"""JSON records: each is a row, or left out and counted."""

import json
from pathlib import Path

import pytest

from edge.errors import UserError
from models.ingest.reading import Export
from models.look.opening import open_file

RECORDS = [
    {"id": 7, "when": "2024-03-05T12:30:00", "location": {"latitude": "38.62", "human": {"zip": "63101"}}},
    {
        "id": 8.0,
        "when": None,
        "location": {"latitude": 38.63},
        "point": {"type": "Point", "coordinates": [-90.2, 38.6]},
    },
]
ARRAY = json.dumps(RECORDS, indent=1)
LINES = "\n".join(map(json.dumps, RECORDS)) + "\n"


@pytest.mark.parametrize("text", [ARRAY, LINES, "\ufeff" + ARRAY, "\n" + LINES.replace("\n", "\r\n")])
def test_records_are_rows(tmp_path: Path, text: str) -> None:
    """An array, or one on each line; an object's fields are columns, numbers are written as they are."""
    path = tmp_path / "export.json"
    path.write_text(text, encoding="utf-8", newline="")
    (table,) = Export(path).pieces(("id", "when", "location.latitude", "point"), lambda _: None)
    assert table.column("id").to_pylist() == ["7", "8"]
    assert table.column("when").to_pylist() == ["2024-03-05T12:30:00", None]
    assert table.column("location.latitude").to_pylist() == ["38.62", "38.63"]
    assert table.column("point").to_pylist() == [None, '{"type": "Point", "coordinates": [-90.2, 38.6]}']
    assert open_file(path).names == ("id", "when", "location.latitude", "location.human.zip", "point")


def test_a_long_first_record_on_a_line_is_one(tmp_path: Path) -> None:
    """Longer than the pages of text that say what most files are."""
    path = tmp_path / "export.jsonl"
    path.write_text("\n".join(json.dumps({"id": at, "note": "x" * 20_000}) for at in (1, 2)), encoding="utf-8")
    (table,) = Export(path).pieces(("id",), lambda _: None)
    assert table.column("id").to_pylist() == ["1", "2"]


def test_what_is_no_record_is_left_out_and_counted(tmp_path: Path) -> None:
    """A number among the records, and an empty one."""
    path = tmp_path / "export.json"
    path.write_text('[{"id": 1}, 2, {}, {"id": 3}]', encoding="utf-8")
    export = Export(path)
    (table,) = export.pieces(("id",), lambda _: None)
    assert table.column("id").to_pylist() == ["1", "3"]
    assert +export.account.left_out == {"a malformed line": 1, "an empty row": 1}


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    """With those that there are."""
    path = tmp_path / "export.json"
    path.write_text(ARRAY, encoding="utf-8")
    with pytest.raises(UserError, match=r"no column 'date'.*its columns: id, when, location\.latitude"):
        list(Export(path).pieces(("date",), lambda _: None))
