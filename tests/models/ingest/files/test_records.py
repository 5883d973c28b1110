"""Records of delimited text: every line is in one, whatever quotation marks there are."""

import csv
import itertools
from typing import Final, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ingest.files import records
from models.ingest.files.records import Records


def cut(text: str, delimiter: str = ",", size: int = 1 << 24, width: int = 0) -> tuple[int, list[list[str]], list[int]]:
    """How many records a text has, their fields as Python's own parser reads what is given on, and the stray lines."""
    data = text.encode()
    found = Records(delimiter.encode(), width)
    blocks = list(found.blocks(data[at : at + size] for at in range(0, len(data), size)))
    given_on = b"".join(block.content for block in blocks).decode()
    rows = [row for row in csv.reader(given_on.splitlines(keepends=True), delimiter=delimiter, strict=True) if row]
    return sum(block.records for block in blocks), rows, found.strays


def counted(text: str, delimiter: str = ",") -> int:
    """The rows of a text, counted one line after the other by Python's own parser.

    A line that opens a field and does not close it goes on where the strict parser reads a record of several lines
    there; else it is a row by itself.
    """
    lines = text.removesuffix("\n").split("\n")
    rows = at = 0
    while at < len(lines):
        rows += lines[at] != ""
        at += _length(lines[at:], delimiter)
    return rows


def _length(lines: list[str], delimiter: str) -> int:
    reader = csv.reader((line + "\n" for line in [lines[0], ""]), delimiter=delimiter)
    next(reader, None)
    if reader.line_num == 1:
        return 1
    strict = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True)
    try:
        next(strict)
    except csv.Error:
        return 1
    return strict.line_num


@settings(max_examples=300)
@given(
    text=st.lists(st.sampled_from(["a", " ", ",", '"', '""', '","', "\n", "\n", '"\n', ',"', "é"]), max_size=40).map(
        "".join
    ),
    size=st.integers(1, 60),
)
def test_every_line_is_in_a_record(text: str, size: int) -> None:
    """Whatever marks there are, and wherever the text is cut into pieces: as many as are counted line by line."""
    found, rows, _ = cut(text, size=size)
    assert found == len(rows) == counted(text)


def whole(value: str) -> bool:
    """Whether a value is no row of its own."""
    return value.count(",") < 2


LINES: Final = st.text(st.sampled_from('ab1,"\n '), max_size=9).filter(whole)
LINE: Final = st.text(st.sampled_from('ab1," '), max_size=9).filter(whole)


@settings(max_examples=100)
@given(
    # A line end in the fields between would let the record's own lines look like rows, which are never taken together.
    rows=st.lists(st.tuples(LINES, LINE, LINE, LINES).map(list), max_size=8),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_well_formed_text_comes_as_it_is(rows: list[list[str]], quoting: Literal[0, 1]) -> None:
    """Doubled marks, delimiters and line ends within fields: what was written is what is read."""
    lines: list[str] = []
    sink = type("Sink", (), {"write": lambda _, line: lines.append(line)})()
    csv.writer(sink, quoting=quoting, lineterminator="\n").writerows(rows)
    _, found, strays = cut("".join(lines), width=4)
    assert found == rows
    assert not strays


ROW = "A{0},2024-03-0{1} 12:30,ROBBERY,38.6{1},-90.2{1},{2}\n"
NOTES = ['"oops', 'oops"', '"', '"so, he', 'he said "stop"', '"5" pipe"', '""', '"fine, here"', "x", '"a""b"']


@settings(max_examples=100)
@given(st.lists(st.sampled_from(NOTES), min_size=1, max_size=40), st.integers(20, 4000))
def test_no_stray_mark_takes_another_row(notes: list[str], size: int) -> None:
    """A mark that opens and does not close, once or often, also where a later one seems to close it."""
    text = "Id,When,Offense,Lat,Lon,Notes\n" + "".join(
        ROW.format(at, at % 9 + 1, note) for at, note in enumerate(notes)
    )
    found, rows, _ = cut(text, size=size, width=6)
    assert found == len(notes) + 1
    assert [row[0] for row in rows[1:]] == [f"A{at}" for at in range(len(notes))]


def test_a_stray_mark_is_named_by_its_line() -> None:
    """And the mark is a letter of its value."""
    found, rows, strays = cut('id,note\n1,x\n2,"oops\n3,x\n')
    assert (found, strays) == (4, [3])
    assert rows[2] == ["2", '"oops']


def test_a_field_of_several_lines_is_one() -> None:
    """Where the record keeps to the rule, and none of its lines looks like a row."""
    text = 'id,when,what,note\nA1,2024-03-01,x,"one\n\ntwo ""three"", and"\nA2,2024-03-02,y,z\n'
    found, rows, strays = cut(text, width=4)
    assert (found, strays) == (3, [])
    assert rows[1][3] == 'one\n\ntwo "three", and'


@pytest.mark.parametrize(
    ("line", "first"),
    [('"100 MAIN ST\nTOWN",A1,2024-03-01,38.6,-90.2', "100 MAIN ST\nTOWN"), ('"\n",A1,2024-03-01,38.6,-90.2', "\n")],
)
def test_a_first_field_of_several_lines_is_one(line: str, first: str) -> None:
    """What follows it looks like a row, and what it begins with does not."""
    found, rows, strays = cut(f"where,id,when,lat,lon\nHERE,A0,2024-03-01,38.6,-90.2\n{line}\n", width=5)
    assert (found, strays, rows[2][0]) == (3, [], first)


def test_a_note_with_as_many_commas_as_a_row_is_none() -> None:
    """A row is known by the forms of its fields, and by the first lines of records alone."""
    note = '"one\nline 2, with, many, commas, here, too\nlast 2024-03-01"'
    text = "Id,When,Offense,Lat,Lon,Notes\n" + "".join(ROW.format(at, at, note) for at in range(1, 9))
    found, rows, strays = cut(text, width=6)
    assert (found, strays) == (9, [])
    assert rows[1][5].count("\n") == 2


def test_many_stray_marks_cost_no_more_than_their_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is looked for an end once, within the longest record, and not to the end of the file."""
    monkeypatch.setattr(records, "LONGEST", 200)
    lines = [f'{at},"oops,{at % 7}\n' for at in range(500)]
    found, rows, strays = cut("id,note,n\n" + "".join(lines), size=997)
    assert (found, len(rows), strays) == (501, 501, list(range(2, 502)))


def test_a_record_longer_than_any_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mark closed after thousands of lines closes nothing."""
    monkeypatch.setattr(records, "LONGEST", 100)
    inner = ["-"] * 200
    found, _, strays = cut("\n".join(["id,note", '1,"open', *inner, 'closed"', "2,x"]) + "\n")
    assert (found, strays) == (204, [2])


def test_lines_are_numbered_across_blocks() -> None:
    """Blank lines and fields of several lines count as lines, not as records."""
    data = b'id,n\n1,x\n\n2,"a\nb"\n3,y\n4,z\n'
    for size in (7, 11, 100):
        found = Records(b",")
        blocks = list(found.blocks(data[at : at + size] for at in range(0, len(data), size)))
        numbers = [block.line_of(record + 1) for block in blocks for record in range(block.records)]
        assert numbers == [1, 2, 4, 6, 7]
        assert [block.line for block in blocks] == list(
            itertools.accumulate((bytes(block.content).count(b"\n") for block in blocks[:-1]), initial=1)
        )


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (r'1,"5\" pipe, rusty",A', ["1", '5" pipe, rusty', "A"]),
        (r'1,"the \"green\" door",A', ["1", 'the "green" door', "A"]),
        (r'1,"ends so \"",A', ["1", 'ends so "', "A"]),
        (r'1,"C:\files\",A', ["1", "C:\\files\\", "A"]),
        (r"1,a\"b,A", ["1", 'a\\"b', "A"]),
    ],
)
def test_a_mark_behind_a_backslash_is_a_letter_where_only_so_the_line_is_a_row(line: str, fields: list[str]) -> None:
    """MySQL's and PostgreSQL's exports; a folder's name that ends with a backslash stays what it is."""
    _, rows, strays = cut(f'1,"one",A\n{line}\n2,"two",B\n', width=3)
    assert rows == [["1", "one", "A"], fields, ["2", "two", "B"]]
    assert not strays
