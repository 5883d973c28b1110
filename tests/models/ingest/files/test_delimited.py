"""Delimited text as it comes: encodings, line ends, headings, and rows of another length."""

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from edge.errors import UserError
from models.ingest.files import delimited
from models.ingest.files.account import Account
from models.ingest.files.records import Records
from models.ingest.mapping import read_mapping
from models.ingest.reading import Export
from models.ingest.run import ingest
from tests.models.town_export import HEADER, MAPPING, NOW, THEFT, write_mapping

ROWS = [THEFT.replace("1,", f"{number},", 1) for number in range(1, 4)]
PLAIN = "\n".join([HEADER, *ROWS]) + "\n"


def read(folder: Path, content: bytes, encoding: str = "utf-8", delimiter: str = ",") -> tuple[list[str], Export]:
    """The ids of a file, and its export."""
    path = folder / "export"
    path.write_bytes(content)
    export = Export(path, encoding, delimiter)
    tables = list(export.pieces(HEADER.split(","), lambda _: None))
    return [one for table in tables for one in table.column("id").to_pylist()], export


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-32"),
        ("\ufeff" + PLAIN).encode("utf-16-be"),
        PLAIN.removesuffix("\n").encode(),
        PLAIN.replace("\n", "\n\n").encode(),
        PLAIN.replace("1,2026", "1\0,2026").encode(),
        b"sep=,\n" + PLAIN.encode(),
        b"sep=;\n" + PLAIN.replace(",", ";").encode(),
        b"Crimes of the town,,,,\nmade on 2026-01-31,,,,\n\n" + PLAIN.encode(),
        b"\n\nCrimes\n" + PLAIN.encode(),
        PLAIN.replace(HEADER, " id,when ,\tcode,\u00a0lat,lon").encode(),
        PLAIN.replace("\n", ",\n").encode(),
        PLAIN.replace("\n", ",,\n").replace("lon,,", "lon").encode(),
        PLAIN.replace("lon", "lon,,").encode(),
        gzip.compress(PLAIN.encode(), mtime=0),
        gzip.compress(PLAIN[:40].encode(), mtime=0) + gzip.compress(PLAIN[40:].encode(), mtime=0),
    ],
)  # fmt: skip
def test_all_rows_come(tmp_path: Path, content: bytes) -> None:
    """Marks, line ends, NULs, title rows, spaces and commas around: the same rows, and none left out."""
    ids, export = read(tmp_path, content)
    assert ids == ["1", "2", "3"]
    assert not sum(export.account.left_out.values())


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (PLAIN.replace("23F", "caf\xe9").encode("latin-1"), "utf-8", 'line 2 is not utf-8.*set encoding = "cp1252"'),
        (PLAIN.replace("23F", "caf\x81").encode("latin-1"), "utf-8", 'set encoding = "latin-1"'),
        (PLAIN.encode("utf-16-le"), "utf-8", 'set encoding = "utf-16-le"'),
        (PLAIN.encode("utf-16-be"), "utf-8", 'set encoding = "utf-16-be"'),
        (PLAIN.encode("utf-32-be"), "utf-8", 'set encoding = "utf-32-be"'),
        (PLAIN.encode(), "utf-16", 'set encoding = "utf-8"'),
        (PLAIN.encode(), "utf-32", 'set encoding = "utf-8"'),
        (PLAIN.replace("3,20", "\xe9,20").encode(), "ascii", None),
    ],
)
def test_another_encoding_is_suggested(tmp_path: Path, content: bytes, encoding: str, said: str | None) -> None:
    """One sentence names the line and the encoding that fits; no codec's own words."""
    if said is None:
        assert read(tmp_path, content, encoding)[0] == ["1", "2", "\xe9"]
        return
    with pytest.raises(UserError, match=said):
        read(tmp_path, content, encoding)


def test_bytes_that_are_no_text_in_a_column_that_is_not_read_do_no_harm(tmp_path: Path) -> None:
    """Only what the mapping names has to be readable."""
    content = PLAIN.replace("\n", ",caf\xe9\n").replace("lon,caf\xe9", "lon,note").encode("latin-1")
    assert read(tmp_path, content)[0] == ["1", "2", "3"]


@pytest.mark.parametrize(("sign", "written"), [(";", ";"), ("\t", r"\\t"), ("|", r"\|")])
def test_another_delimiter_is_suggested(tmp_path: Path, sign: str, written: str) -> None:
    """A heading that has the columns by another sign says so, whichever is set."""
    with pytest.raises(UserError, match=f'set delimiter = "{written}"'):
        read(tmp_path, PLAIN.replace(",", sign).encode())
    assert read(tmp_path, PLAIN.replace(",", sign).encode(), delimiter=sign)[0] == ["1", "2", "3"]


def test_rows_of_another_length_are_named_by_line(tmp_path: Path) -> None:
    """Too few and too many values, after a field of two lines and a blank one."""
    content = f'{HEADER},note\n{ROWS[0]},"a\nb"\n\n{ROWS[1]}\n{ROWS[2]},x,y\n{ROWS[2]},z\n,,,,,\n'
    ids, export = read(tmp_path, content.encode())
    assert ids == ["1", "3"]
    assert dict(export.account.left_out) == {"a malformed line": 2, "an empty row": 1}
    assert export.account.remarks == ["lines 5, 6: more or fewer values than the heading; left out"]


def test_a_stray_mark_keeps_every_row(tmp_path: Path) -> None:
    """The line that nothing closes is a row, and named."""
    notes = ['"oops' if number == 3 else "x" for number in range(1, 2001)]
    lines = [THEFT.replace("1,", f"{number},", 1) + f",{note}" for number, note in enumerate(notes, 1)]
    ids, export = read(tmp_path, "\n".join([HEADER + ",note", *lines]).encode())
    assert ids == [str(number) for number in range(1, 2001)]
    assert export.account.remarks == [
        "line 4: a quotation mark that nothing closes on its line was read as a letter, and the line as a row"
    ]


PIECES = ["1", "23F", "2026-01-05 12:00", "40.01", "-99", ",", ",", ",", ",", '"', '""', "\n", "\n", "\r\n", "\r", "\0",
          " ", "é", THEFT, THEFT + "\n", f'"{THEFT}"', "Total"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(st.sampled_from(PIECES), max_size=30),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_kept_and_left_out_are_the_rows_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], encoding: str
) -> None:
    """Whatever stands in a file: each line that is not blank is a row, but for those that a mark joins."""
    folder = tmp_path_factory.mktemp("fuzzed")
    path = folder / "export.csv"
    body = "".join(pieces)
    assume(body.count("\0") < 3)  # more in so little is no text
    path.write_bytes(f"{HEADER}\n{body}\n".encode(encoding))
    mapping, _ = read_mapping(write_mapping(folder, f'encoding = "{encoding}"\n{MAPPING}'))
    found, report = ingest(mapping, [path], NOW, lambda _: None)
    lines = body.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert report.kept == len(found)
    assert report.rows == report.kept + sum(report.left_out.values())
    most = sum(line != "" for line in lines)
    assert report.rows == most if '"' not in body else report.rows <= most


FIELDS = st.sampled_from(
    ["", "a", "b c", '""', '"a"', '"a,b"', '"a""b"', 'a"b', '"a"b', '"', '"a', 'a"', '"a\nb"', "\\"]
)
LINES = st.lists(st.lists(FIELDS, min_size=3, max_size=3).map(",".join), min_size=1, max_size=6)


@settings(max_examples=500)
@given(lines=LINES, part=st.sampled_from([24, 1 << 21]), at_the_end=st.booleans())
def test_lines_read_without_a_look_at_their_marks_are_the_same_rows(
    lines: list[str], part: int, at_the_end: bool
) -> None:
    """Where a line is open at its end, or anything else is not a row, the text is cut by its marks instead."""
    if at_the_end:
        lines = [*["a,b,c"] * 8, *lines]
    data = ("\n".join(lines) + "\n").encode()
    parser = delimited._Parser(",", 3, {"x": 0, "y": 1, "z": 2})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_PART", part)
        table = delimited._Lines(parser).table(data, data.count(b"\n"))
    assume(table is not None)
    assert table is not None
    records = Records(b",", 3)
    blocks = list(records.blocks([data]))
    cut = b"".join(block.content for block in blocks).decode()
    assert not records.strays
    assert sum(block.records for block in blocks) == table.num_rows
    rows = csv.reader(cut.splitlines(keepends=True))
    assert [[one or "" for one in row.values()] for row in table.to_pylist()] == [row for row in rows if row]


@pytest.mark.parametrize("odd", ["1,2,3", "", '1,"2,3,4,5', '1,"2\n3",3,4,5'])
def test_what_is_no_row_is_accounted_for_in_later_pieces_too(odd: str) -> None:
    """A short line, a blank one, an open mark, a field of two lines: far behind the heading, as before it."""
    row = "7,8,9,10,11"
    pieces = iter([f"a,b,c,d,e\n{row}\n", f"{row}\n{row}\n", f"{row}\n{odd}\n{row}\n", f"{row}\n"])
    account = Account()
    text = delimited.Delimited("export", "utf-8", ",", account)
    tables = list(text.tables(lambda _: next(pieces, "").encode(), ["a", "b"]))
    found = [one for table in tables for one in table.column("a").to_pylist()]
    kept = {"1,2,3": 0, "": 0}.get(odd, 1)
    assert found == ["7"] * 4 + ["1"] * kept + ["7"] * 2
    assert sum(account.left_out.values()) == (odd == "1,2,3")
    assert [remark.split(":")[0] for remark in account.remarks] == ([] if odd in ("", '1,"2\n3",3,4,5') else ["line 6"])
