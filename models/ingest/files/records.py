"""Text of a CSV file, cut into records by its quotation marks, so that no stray mark swallows the lines after it.

RFC 4180: a field that begins with a mark ends with a mark that a delimiter or a line end follows, holds marks doubled,
and may hold line ends. Exports break this in two ways. A mark within a line (``5" pipe``) is that line's alone, read as
every spreadsheet does. A mark that opens a field and is not closed on its line opens a field of several lines only
where all of the record keeps to the RFC, is no longer than `LONGEST`, and its lines do not look like rows of this file,
the first and a further one; else it is a letter like any other, its line is a row, and it is named. A mark behind a
backslash is a letter where the line breaks the RFC, and so has a row's fields (MySQL's and PostgreSQL's way). What is
given on keeps to the RFC.

Must not read files, and must not know what a column means.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Positions: TypeAlias = NDArray[np.int64]

T = TypeVar("T")
Plain: TypeAlias = Callable[[bytes, int], T | None]

LONGEST: Final = 1 << 20
"""Bytes: no record of several lines is longer."""
ESCAPED: Final = b'\\"'
_QUOTE: Final = ord('"')
_END: Final = ord("\n")
_AT_ONCE: Final = 1 << 17
"""Bytes that are looked through at once: what is made of them stays in the processor's cache."""
_NO_TEXT: Final = 1 << 26
"""Bytes: what has no line end for so long is no table."""
_SAMPLE: Final = 400
"""Lines, at the beginning, by which a row of the file is known."""
_LEAST, _ENOUGH = 3, 4
"""Fields that a row has at least; and those by which alone a line is taken for one, in a file without a number."""
_RUNS: Final = re.compile(rb"[0-9]+|[A-Za-z]+")


class NoLinesError(ValueError):
    """The text has no lines."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records, in the RFC's form, each with its line end.

    ``data``: they, and maybe more behind them; ``ends``: where each record's line end is, blank lines' too; ``line``:
    the number of the first line; ``wrapped``: a record has several lines.
    """

    data: bytes
    ends: Positions
    line: int
    wrapped: bool

    @property
    def content(self) -> memoryview:
        """The records."""
        return memoryview(self.data)[: int(self.ends[-1]) + 1 if len(self.ends) else 0]

    @property
    def lengths(self) -> Positions:
        """Bytes of each record, with its line end: 1 is a blank line."""
        return np.diff(self.ends, prepend=-1)

    @property
    def records(self) -> int:
        """How many records, blank lines apart."""
        return int((self.lengths > 1).sum())

    def line_of(self, record: int) -> int:
        """The number of the line on which a record begins; of records that are not blank the first is 1."""
        at = np.flatnonzero(self.lengths > 1)[record - 1]
        begin = int(self.ends[at - 1]) + 1 if at else 0
        return self.line + self.data.count(b"\n", 0, begin)

    def after(self, records: int, size: int) -> "Block":
        """What is left after some records (blank lines, too) of some bytes."""
        return Block(
            self.data[size:], self.ends[records:] - size, self.line + self.data.count(b"\n", 0, size), self.wrapped
        )


@dataclass(slots=True)
class Records:
    """The records of text in which a line feed ends a line.

    ``width``: the number of a row's fields; 0: not known, and no line looks like a row. ``strays``: numbers of lines
    with a stray mark.
    """

    delimiter: bytes
    width: int = 0
    line: int = 1
    strays: list[int] = field(default_factory=list)
    _first: bytes = b""
    _row: "_Row | None" = None

    def blocks(self, text: Iterable[bytes], plain: Plain[T] = lambda *_: None) -> Iterator[Block | T]:
        """All of a text, cut into blocks of whole records.

        ``plain`` gets text and the number of its whole lines; it may give what stands for these, if each is a record.
        """
        held = b""
        for piece in text:
            held += piece
            if b"\n" not in piece:
                self._check(held)
            elif (found := plain(held, lines := _lines_in(held))) is not None:
                self.line += lines
                held = held[held.rfind(b"\n") + 1 :]
                yield found
            else:
                block, held = self._cut(held, last=False)
                yield from block
        if held:
            block, held = self._cut(held if held.endswith(b"\n") else held + b"\n", last=True)
            yield from block

    def _check(self, held: bytes) -> None:
        if len(held) > _NO_TEXT:
            msg = f"line {self.line} does not end: this is not a table of lines"
            raise NoLinesError(msg)

    def _cut(self, data: bytes, last: bool) -> tuple[list[Block], bytes]:
        """The whole records of some data, and what is left of it: the beginning of one."""
        self._first = self._first or data
        signs = np.frombuffer(data, np.uint8)
        lines, quotes, inside = _marks(signs, b'"' in data)
        whole = np.flatnonzero(~inside)
        ends = lines[whole]
        size = int(ends[-1]) + 1 if len(ends) else 0
        several = np.flatnonzero(np.diff(whole, prepend=-1) > 1) if inside.any() else whole[:0]
        open_too_long = len(data) - size > (0 if last else LONGEST)
        if open_too_long or not _keep_to_the_rule(signs, quotes[quotes < size], ord(self.delimiter)):
            return self._with_strays(data, last)
        if any(self._hides_rows(data[ends[at - 1] + 1 if at else 0 : ends[at]]) for at in several):
            return self._with_strays(data, last)
        if not size:
            return [], data
        return [self._block(data, ends, len(several) > 0, int(whole[-1]) + 1)], data[size:]

    def _block(self, data: bytes, ends: Positions, wrapped: bool, lines: int) -> Block:
        """A block of records that end at some places; the lines are counted on."""
        block = Block(data, ends, self.line, wrapped)
        self.line += lines
        return block

    def _hides_rows(self, record: bytes) -> bool:
        """Whether a record of several lines is none: too long, or each of them may be a row."""
        if len(record) > LONGEST:
            return True
        first, *others = record.split(b"\n")
        if self._row is None:
            self._row = _Row.of(self._first, self.delimiter, self.width)
        return self._row.may_be(first) and any(map(self._row.like, others))

    def _with_strays(self, data: bytes, last: bool) -> tuple[list[Block], bytes]:
        """`_cut` where a mark may be stray: record by record of those that have marks."""
        parts: list[bytes] = []
        ends: list[int] = []
        start = size = 0
        wrapped = False
        first = self.line
        while start < len(data):
            stop, part = self._next(data, start, last, first)
            if stop == start:
                break
            several = part.count(b"\n") > 1 and _QUOTE in part
            wrapped |= several
            places = [len(part) - 1] if several else np.flatnonzero(np.frombuffer(part, np.uint8) == _END).tolist()
            ends += [size + place for place in places]
            parts.append(part)
            size += len(part)
            start = stop
        if not parts:
            return [], data
        whole = b"".join(parts)
        return [self._block(whole, np.array(ends, np.int64), wrapped, data[:start].count(b"\n"))], data[start:]

    def _next(self, data: bytes, start: int, last: bool, first: int) -> tuple[int, bytes]:
        """Where the next lines without marks, or the next record with one, end, and how they are given on."""
        quote = data.find(b'"', start)
        begin = data.rfind(b"\n", start, quote) + 1 or start if quote >= 0 else data.rfind(b"\n", start) + 1 or start
        if begin > start:
            return begin, data[start:begin]
        end = data.find(b"\n", begin) + 1
        if not end:
            return start, b""
        line = data[begin : end - 1]
        fields, open_mark = self._fields(line)
        if not open_mark:
            return end, joined(fields, self.delimiter)
        if not last and len(data) - begin < LONGEST:
            return start, b""
        found = self._several_lines(data, begin)
        if found:
            return found, data[begin:found]
        self.strays.append(first + data.count(b"\n", 0, begin))
        return end, joined(fields, self.delimiter)

    def _fields(self, line: bytes) -> tuple[list[bytes], bool]:
        """`loose`; with marks behind a backslash as letters where that makes a row of what breaks the RFC's rule."""
        if ESCAPED in line and not _record(self.delimiter).fullmatch(line + b"\n"):
            fields, open_mark = loose(line.replace(ESCAPED, b'""'), self.delimiter)
            if not open_mark and len(fields) == self.width:
                return fields, False
        return loose(line, self.delimiter)

    def _several_lines(self, data: bytes, begin: int) -> int:
        """Where a record of several lines ends; 0 where it is none."""
        found = _record(self.delimiter).match(data, begin, begin + LONGEST)
        if found is None:
            return 0
        return 0 if self._hides_rows(data[begin : found.end() - 1]) else found.end()


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row of the file looks like: its number of fields, and those that hold digits, by their form."""

    delimiter: bytes
    fields: int
    forms: dict[int, bytes]

    @classmethod
    def of(cls, data: bytes, delimiter: bytes, width: int) -> "_Row":
        """By the first lines of the first records, of those that have so many fields."""
        rows: list[list[bytes]] = []
        start, record = 0, _record(delimiter)
        for _ in range(_SAMPLE):
            end = data.find(b"\n", start)
            if end < 0:
                break
            fields, open_mark = loose(data[start:end], delimiter)
            rows += [fields] if len(fields) == width else []
            several = record.match(data, start, start + LONGEST) if open_mark else None
            start = several.end() if several else end + 1
        usual = [Counter(_form(row[at]) for row in rows).most_common(1)[0][0] for at in range(width) if rows]
        return cls(delimiter, width, {at: form for at, form in enumerate(usual) if b"9" in form})

    def may_be(self, line: bytes) -> bool:
        """Whether a line has the fields for a row."""
        return self.fields >= _LEAST and line.count(self.delimiter) >= self.fields - 1

    def like(self, line: bytes) -> bool:
        """Whether a line looks like a row."""
        if not self.may_be(line):
            return False
        fields, _ = loose(line, self.delimiter)
        if len(fields) != self.fields:
            return False
        same = sum(_form(fields[at]) == form for at, form in self.forms.items())
        return 2 * same >= len(self.forms) if self.forms else self.fields >= _ENOUGH


def _form(value: bytes) -> bytes:
    """``2024-03-01 12:30`` is ``9-9-9 9:9``, ``A17`` is ``a9``."""
    return _RUNS.sub(lambda run: b"9" if run[0][:1].isdigit() else b"a", value.strip())


def _marks(signs: NDArray[np.uint8], quoted: bool) -> tuple[Positions, Positions, NDArray[np.bool_]]:
    """Where line ends and quotation marks are, and which of the line ends an open field has."""
    found = [_marks_of(signs[start : start + _AT_ONCE], start, quoted) for start in range(0, len(signs), _AT_ONCE)]
    marks = np.concatenate(found)
    if not quoted:
        return marks, marks[:0], np.zeros(len(marks), bool)
    quote = signs[marks] == _QUOTE
    line = ~quote
    return marks[line], marks[quote], np.logical_xor.accumulate(quote)[line]


def _lines_in(data: bytes) -> int:
    """How many line ends there are (three times as fast as `bytes.count`)."""
    signs = np.frombuffer(data, np.uint8)
    return sum(int(np.count_nonzero(signs[at : at + _AT_ONCE] == _END)) for at in range(0, len(signs), _AT_ONCE))


def _marks_of(signs: NDArray[np.uint8], start: int, quoted: bool) -> Positions:
    """Where line ends are, and quotation marks among them; ``start``: where the signs themselves are."""
    ends = signs == _END
    return np.flatnonzero(ends | (signs == _QUOTE) if quoted else ends) + start


def _keep_to_the_rule(signs: NDArray[np.uint8], quotes: Positions, delimiter: int) -> bool:
    """Whether every mark is the RFC's: at a field's edge, or doubled."""
    edges = (delimiter, _END, _QUOTE)
    before = np.where(quotes > 0, signs[quotes - 1], _END)[0::2]
    after = signs[quotes[1::2] + 1]
    return bool(np.isin(before, edges).all() and np.isin(after, edges).all())


def loose(line: bytes, delimiter: bytes) -> tuple[list[bytes], bool]:
    """The fields of one line, as spreadsheets read them, and whether a mark opens one that it does not close.

    Such a mark is a letter.
    """
    if b'"' not in line:
        return line.split(delimiter), False
    fields = []
    start, open_mark = 0, False
    while True:
        close = -1
        if line[start : start + 1] == b'"':
            close = _closing(line, start + 1)
            open_mark |= close < 0
        end = line.find(delimiter, max(start, close + 1))
        end = len(line) if end < 0 else end
        whole = line[start:end] if close < 0 else line[start + 1 : close].replace(b'""', b'"') + line[close + 1 : end]
        fields.append(whole)
        if end == len(line):
            return fields, open_mark
        start = end + 1


def _closing(line: bytes, start: int) -> int:
    """Where the next mark is that is not doubled; -1: nowhere."""
    at = line.find(b'"', start)
    while at >= 0 and line[at + 1 : at + 2] == b'"':
        at = line.find(b'"', at + 2)
    return at


def joined(fields: Iterable[bytes], delimiter: bytes) -> bytes:
    """Fields of one line that is not blank, as the RFC has them."""
    line = delimiter.join(b'"' + one.replace(b'"', b'""') + b'"' if b'"' in one or delimiter in one else one
                          for one in fields)  # fmt: skip
    return (line or b'""') + b"\n"


def _record(delimiter: bytes) -> "re.Pattern[bytes]":
    sign = re.escape(delimiter)
    one = rb'(?:"(?:[^"]++|"")*+"|(?!")[^\n' + sign + rb"]*+)"
    return re.compile(rb"(?:" + one + sign + rb")*+" + one + rb"\n")
