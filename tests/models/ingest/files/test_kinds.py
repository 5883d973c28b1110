"""What a file is, by its content: workbooks, packed files, layers, and clear words for the rest."""

import gzip
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from edge.errors import UserError
from models.ingest.reading import Export
from tests.models.town_export import HEADER, THEFT

ROWS = [THEFT.replace("1,", f"{number},", 1) for number in range(1, 4)]
NAMES = HEADER.split(",")
CELLS = [row.split(",") for row in ROWS]
PLAIN = "\n".join([HEADER, *ROWS]).encode() + b"\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path) -> tuple[list[str], Export]:
    """The ids of a file, and its export."""
    export = Export(path)
    tables = list(export.pieces(NAMES, lambda _: None))
    return [one for table in tables for one in table.column("id").to_pylist()], export


def zipped(**members: bytes) -> bytes:
    """A zip file; names have two underscores where a dot stands."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return sink.getvalue()


def workbook(*sheets: Iterable[Iterable[object]]) -> bytes:
    """An Excel workbook, as small as the format allows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    numbers = range(1, len(sheets) + 1)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
        parts = "".join(f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{kind}"/>' for at in numbers)
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types">{parts}</Types>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        names = "".join(f'<sheet name="S{at}" sheetId="{at}" r:id="r{at}"/>' for at in numbers)
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets></workbook>'
        )
        targets = "".join(f'<Relationship Id="r{at}" Type="{office}/worksheet" Target="worksheets/sheet{at}.xml"/>'
                          for at in numbers)  # fmt: skip
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{targets}'
            f'<Relationship Id="s" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        )  # fmt: skip
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/>'
                         '<xf numFmtId="14"/></cellXfs></styleSheet>')  # fmt: skip
        for at, rows in zip(numbers, sheets, strict=True):
            cells = "".join("<row>" + "".join(map(_cell, row)) + "</row>" for row in rows)
            archive.writestr(f"xl/worksheets/sheet{at}.xml",
                             f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>')  # fmt: skip
    return sink.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, date):
        whole = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        days = (whole - datetime(1899, 12, 30)).total_seconds() / 86400
        return f'<c s="{1 if isinstance(value, datetime) else 2}"><v>{days!r}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


@pytest.mark.parametrize(
    "content",
    [
        zipped(crimes__csv=PLAIN),
        zipped(**{"folder/crimes__csv": PLAIN, "__MACOSX/__crimes__csv": b"\0", "readme__txt": b"x"}),
        zipped(crimes__txt=PLAIN),
        zipped(crimes__csv__gz=gzip.compress(PLAIN)),
        gzip.compress(zipped(crimes__csv=PLAIN)),
        workbook([NAMES, *CELLS]),
        workbook([["Crimes"], [], NAMES, *CELLS, [None] * 5]),
        workbook([["About"]], [NAMES, CELLS[0]], [NAMES, *CELLS[1:]]),
        zipped(crimes__xlsx=workbook([NAMES, *CELLS])),
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_packed_is_read(tmp_path: Path, content: bytes) -> None:
    """Whatever the file is called: zip files of one file, packed once or twice, workbooks with every sheet of rows."""
    path = tmp_path / "export.dat"
    path.write_bytes(content)
    assert read(path)[0] == ["1", "2", "3"]


def test_cells_of_a_workbook_are_what_they_are(tmp_path: Path) -> None:
    """Whole numbers have no point, a column of times is one of times, one that mixes them has ISO texts."""
    rows: list[list[object]] = [
        [20240001234.0, datetime(2024, 3, 1, 12, 30), 120, 38.62, -90.2],
        ["A7", datetime(2024, 3, 1), "09A", 38.62, None],
    ]
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook([NAMES, *rows]))
    (table,) = Export(path).pieces(NAMES, lambda _: None)
    assert table.column("id").to_pylist() == ["20240001234", "A7"]
    assert table.column("when").to_pylist() == [datetime(2024, 3, 1, 12, 30), datetime(2024, 3, 1)]
    assert table.column("code").to_pylist() == ["120", "09A"]
    assert table.column("lon").to_pylist() == ["-90.2", None]
    path.write_bytes(workbook([NAMES, rows[0], ["A8", "unknown", "120", "1", "2"], ["A9", date(2024, 3, 2), 1, 2, 3]]))
    (table,) = Export(path).pieces(NAMES, lambda _: None)
    assert table.column("when").to_pylist() == ["2024-03-01 12:30:00", "unknown", "2024-03-02"]


def test_a_sheet_without_the_columns_is_named(tmp_path: Path) -> None:
    """It is not read, and that is told; a workbook without any is refused."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook([["About", "this"]], [NAMES, CELLS[0]]))
    assert read(path)[1].account.remarks == ["without the mapping's columns, and not read: sheet 'S1'"]
    path.write_bytes(workbook([["About", "this"]]))
    with pytest.raises(UserError, match=r"book\.xlsx: no column 'id'.*its columns: About, this"):
        read(path)


def database() -> bytes:
    """An SQLite database that is no GeoPackage."""
    with sqlite3.connect(":memory:") as made:
        made.execute("CREATE TABLE t (a)")
        return made.serialize()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (OLE + b"\0" * 600, r"not a readable workbook \(.*\); save it as \.xlsx, without a password"),
        (bytes(range(256)) * 8, "binary"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"\0" * 257 + b"ustar", "tar"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "a web page or XML"),
        (zipped(), "one data file; this has none"),
        (zipped(a__csv=PLAIN, b__csv=PLAIN), r"this has 2 \(a\.csv, b\.csv\)"),
        (zipped(a__csv=PLAIN)[:-30], "damaged zip"),
        (zipped(**{"word/document__xml": b"<w/>"}), "a Word document"),
        (zipped(**{"xl/workbook__bin": b"x"}), "not a readable workbook"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text", content__xml=b"<x/>"), "not a spreadsheet"),
        (b"[1, 2", "not readable JSON"),
        (b'{"meta": {"view": {}}, "data": [[1]]}', "neither GeoJSON nor JSON records"),
        (zipped(**{"x.gdb/a__gdbtable": b"x"}), "a file geodatabase"),
        (gzip.compress(gzip.compress(gzip.compress(gzip.compress(PLAIN)))), "packed more than twice"),
        (gzip.compress(PLAIN * 900, mtime=0)[:-9], "end too early"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\0\xff\xff", "end too early or are damaged"),
        (database(), "GeoPackage"),
        (b"SQLite format 3\0" + b"\xff" * 200, "GeoPackage"),
        (b"\0\0\x27\x0a" + b"\0" * 100, "shapefile"),
        (b'{"type":"FeatureCollection","features":[', "GeoJSON"),
        (b'{"rows": [1, 2]}', "GeoJSON"),
        (zipped(a__xlsx=workbook([["x"]])[:-40]), "damaged zip"),
        (PLAIN.replace(b"\n", b" ") * 9, "no column|its columns"),
    ],
    ids=range(29),
)
def test_anything_else_has_a_clear_word(tmp_path: Path, content: bytes, said: str) -> None:
    """One printable sentence that names the file."""
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(UserError, match=said) as caught:
        read(path)
    assert str(caught.value).isprintable()
    assert str(path) in str(caught.value)
    assert len(re.findall(re.escape(str(tmp_path)), str(caught.value))) == 1


def test_a_zip_file_with_a_password_has_a_clear_word(tmp_path: Path) -> None:
    """Its flag says so, before anything is unpacked."""
    content = bytearray(zipped(a__csv=PLAIN))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    with pytest.raises(UserError, match="has a password"):
        read(path)


def test_control_characters_of_a_file_never_reach_the_terminal(tmp_path: Path) -> None:
    """A heading's are written as what they are."""
    path = tmp_path / "export.csv"
    path.write_bytes(b"id,\x1b[31mred,when\n1,2,3\n")
    with pytest.raises(UserError, match=r"\\x1b\[31mred"):
        read(path)
