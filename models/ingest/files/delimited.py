"""Delimited text (CSV) as tables: every line that is not blank is a row of a table, or counted and named.

pyarrow parses; what it parses is counted beside the lines, or where these are not a row each, beside the records that
`models.ingest.files.records` cut, which does not know pyarrow. Must not know what a column means.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from edge.errors import UserError
from models.ingest.files.account import EMPTY, MALFORMED, Account
from models.ingest.files.heading import in_text, other_delimiter, resolve, separator, width_in
from models.ingest.files.records import ESCAPED, LONGEST, Block, NoLinesError, Records, loose
from models.ingest.files.text import NotInEncodingError, Read, Text, guess

_PART: Final = 1 << 21
_NAMED: Final = 5


@dataclass(slots=True)
class Delimited:
    """One text: its file's name, and how the mapping says that it is written."""

    where: str
    encoding: str
    delimiter: str
    account: Account
    _malformed: list[int] = field(default_factory=list)

    def tables(self, read: Read, columns: Sequence[str]) -> Iterator[Any]:
        """Tables of the named columns. Raises UserError where the text is none, or lacks a column."""
        text = Text(read, self.encoding)
        try:
            yield from self._tables(text, columns)
        except NotInEncodingError as error:
            raise self._not_in_encoding(error.line, error.found) from error
        except NoLinesError as error:
            msg = f"{self.where}: {error}; give delimited text, with a row on each line"
            raise UserError(msg) from error

    def _tables(self, text: Text, columns: Sequence[str]) -> Iterator[Any]:
        pieces = text.blocks()
        first = next(pieces, b"")
        sign, size = separator(first)
        delimiter = sign or self.delimiter
        width = width_in(first[size:], delimiter.encode(), columns)
        records = Records(delimiter.encode(), width, line=2 if size else 1)
        lines = _Lines()
        blocks = records.blocks(itertools.chain([first[size:]], pieces), lines.table)
        begin = next(blocks, None)
        if not isinstance(begin, Block):
            resolve(self.where, columns, ())
            return
        heading = in_text(begin, delimiter.encode(), columns)
        places = resolve(self.where, columns, heading.names, lambda: self._hint(begin, delimiter, columns))
        above = begin.line_of(1 + sum(1 for length in begin.lengths[: heading.records - 1] if length > 1)) - 1
        if above > bool(size):
            self.account.remarks.append(f"the heading is line {above + 1}; the lines above it are skipped")
        parser = lines.parser = _Parser(delimiter, len(heading.names), places)
        for block in itertools.chain([begin.after(heading.records, heading.size)], blocks):
            yield self._table(parser, block) if isinstance(block, Block) else self._whole(block)
        self._remark(text, records)

    def _table(self, parser: "_Parser", block: Block) -> Any:
        """The table of a block; rows that are none, or hold nothing, are counted."""
        try:
            table, malformed = parser.table(block)
        except pa.ArrowInvalid as error:
            raise self._unreadable(block, error) from error
        read = table.num_rows + len(malformed)
        if read != block.records:
            msg = (
                f"{self.where}: of {block.records:,} rows from line {block.line} on, {read:,} could be read; "
                "open the file in a spreadsheet and save it as CSV again"
            )
            raise UserError(msg)
        self.account.left_out[MALFORMED] += len(malformed)
        self._malformed += [block.line_of(record) for record in malformed[: _NAMED - len(self._malformed)]]
        return self._whole(table)

    def _whole(self, table: Any) -> Any:
        """A table without the rows that hold nothing, which are counted."""
        whole = _something(table)
        self.account.left_out[EMPTY] += table.num_rows - whole.num_rows
        return whole

    def _unreadable(self, block: Block, error: pa.ArrowInvalid) -> UserError:
        """What to say of a block that pyarrow refuses: the only reason known is its encoding."""
        try:
            bytes(block.content).decode()
        except UnicodeDecodeError as found:
            line = block.line + block.data.count(b"\n", 0, found.start)
            return self._not_in_encoding(line, guess(block.data[found.start :]))
        return UserError(f"{self.where}: {str(error).splitlines()[0]}; save it as CSV again")

    def _not_in_encoding(self, line: int, found: str) -> UserError:
        return UserError(
            f"{self.where}: line {line} is not {self.encoding}; "
            f'it looks like {found}: set encoding = "{found}" in the mapping'
        )

    def _hint(self, block: Block, delimiter: str, columns: Sequence[str]) -> str:
        """What is wrong with a heading without the columns, if it is the delimiter or the encoding."""
        if other := other_delimiter(block, delimiter, columns):
            sign = "\\t" if other == "\t" else other
            return f'its columns are separated by {other!r}: set delimiter = "{sign}" in the mapping'
        return ""

    def _remark(self, text: Text, records: Records) -> None:
        """What was mended, and what could not be."""
        self.account.at_lines(
            records.strays,
            "a quotation mark that nothing closes on its line was read as a letter, and the line as a row",
        )
        lines = self._malformed
        self.account.at_lines(
            lines, "more or fewer values than the heading; left out", self.account.left_out[MALFORMED]
        )
        if text.nuls:
            self.account.remarks.append(f"{text.nuls:,} NUL {'bytes were' if text.nuls > 1 else 'byte was'} removed")


@dataclass(slots=True)
class _Parser:
    """Blocks as tables: the delimiter, how many columns there are, and where each wanted one stands."""

    delimiter: str
    width: int
    places: Any

    def table(self, block: Block) -> tuple[Any, list[int]]:
        """The table of the wanted columns, and which records have another number of fields.

        Of those that are not blank the first is 1: pyarrow numbers them where it reads in one thread.
        """
        if not block.records:
            return pa.table({name: pa.array([], pa.string()) for name in self.places}), []
        skipped: list[int] = []

        def skip(row: Any) -> str:
            skipped.append(row.number)
            return "skip"

        size = len(block.content) + 1 if int(block.lengths.max()) > LONGEST else _PART
        return self._read(block.content, size, skip, block.wrapped), skipped

    def lines(self, content: memoryview) -> Any | None:
        """The table of some lines; None where one of them has another number of fields."""
        try:
            return self._read(content, len(content) + 1, lambda _: "error", wrapped=False)
        except pa.ArrowInvalid:
            return None

    def _read(self, content: memoryview, size: int, skip: Callable[[Any], str], wrapped: bool) -> Any:
        wanted = [str(at) for at in self.places.values()]
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            pyarrow.csv.ReadOptions(
                column_names=[str(at) for at in range(self.width)], block_size=size, use_threads=False
            ),
            pyarrow.csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=wrapped, invalid_row_handler=skip),
            pyarrow.csv.ConvertOptions(
                include_columns=list(dict.fromkeys(wanted)),
                column_types=dict.fromkeys(wanted, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
        return table.select(wanted).rename_columns(list(self.places))


@dataclass(slots=True)
class _Lines:
    """Text of which each line is a row, as most is: read without a look at its marks.

    As many rows as lines, each with the heading's number of fields, are found only where no mark is open at a line's
    end: a field that one opens takes the next line, too. Behind the last line of a part there is none, so that is
    looked at. ``parser``: none before the heading is read, and none after text of which this does not hold.
    """

    parser: _Parser | None = None

    def table(self, text: bytes, count: int) -> Any | None:
        """The table of a text's whole lines, so many; None where they are to be cut by their marks."""
        if self.parser is None or (b"\\" in text and ESCAPED in text):
            return None
        parts = list(self._parts(self.parser, text))
        if sum(part.num_rows for part in parts) != count:
            self.parser = None
            return None
        return pa.concat_tables(parts)

    def _parts(self, parser: _Parser, text: bytes) -> Iterator[Any]:
        """A table for each part of a text's whole lines, up to one whose lines are not a row each."""
        start, size, sign = 0, text.rfind(b"\n") + 1, parser.delimiter.encode()
        while start < size:
            stop = text.rfind(b"\n", start, start + _PART) + 1 or text.index(b"\n", start) + 1
            last = text[text.rfind(b"\n", start, stop - 1) + 1 or start : stop - 1]
            _, open_mark = loose(last, sign)
            found = None if open_mark else parser.lines(memoryview(text)[start:stop])
            if found is None:
                return
            yield found
            start = stop


def _something(table: Any) -> Any:
    """The rows that have a value in any column."""
    if not table.num_rows or any(column.null_count == 0 for column in table.columns):
        return table
    nothing = pc.is_null(table.column(0))
    for column in table.columns[1:]:
        nothing = pc.and_(nothing, pc.is_null(column))
    return table.filter(pc.invert(nothing))
