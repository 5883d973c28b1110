"""The heading of a table: where it is, which of its columns a mapping's are, and words for what does not fit.

A heading may stand below title rows, have spaces around its names, or one sign of a text file's own ahead
(``sep=;``). Must not read files.
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from edge.errors import UserError
from models.ingest.files.account import printable
from models.ingest.files.records import Block, loose

_TITLES: Final = 50
"""Records that may stand above the heading."""
_SAMPLE: Final = 400
_SHOWN: Final = 60
_SEEN: Final = 1 << 18
_SEPARATOR: Final = re.compile(rb'"?sep=(?P<sign>[^\n])"?[^\n]*\n', re.IGNORECASE)
DELIMITERS: Final = (",", ";", "\t", "|", "^", "~")
_AROUND: Final = " \t\n\r\f\v\ufeff\u200b\u00a0"


@dataclass(frozen=True, slots=True)
class Heading:
    """The names of the columns, as they stand, and how many records and bytes the heading ends after."""

    names: tuple[str, ...]
    records: int = 1
    size: int = 0


def separator(text: bytes) -> tuple[str, int]:
    """The delimiter that a first line ``sep=;`` says, and the line's length; nothing and 0 where there is none."""
    found = _SEPARATOR.match(text)
    return (found["sign"].decode("ascii", "ignore"), found.end()) if found else ("", 0)


def clean(name: str) -> str:
    """A column's name without what stands around it unseen."""
    return name.strip(_AROUND)


def positions(wanted: Iterable[str], names: Sequence[str]) -> dict[str, list[int]]:
    """Where each wanted column stands: by its name as it is, else without the spaces around it."""
    plain = [clean(name) for name in names]
    found = {}
    for column in wanted:
        exact = [at for at, name in enumerate(names) if name == column]
        found[column] = exact or [at for at, name in enumerate(plain) if name == clean(column)]
    return found


def resolve(
    where: str, wanted: Iterable[str], names: Sequence[str], hint: Callable[[], str] = str
) -> Mapping[str, int]:
    """Where each wanted column stands. Raises UserError where one is missing or there twice.

    ``hint``: what may be wrong, if anything, when one is missing.
    """
    found = positions(wanted, names)
    missing = ", ".join(repr(column) for column, places in found.items() if not places)
    if missing:
        has = ", ".join(printable(name) for name in names[:_SHOWN]) or "none (the file is empty)"
        has += ", …" if len(names) > _SHOWN else ""
        msg = f"{where}: no column {missing}, which the mapping uses; {hint() or f'its columns: {has}'}"
        raise UserError(msg)
    twice = next((column for column, places in found.items() if len(places) > 1), None)
    if twice is not None:
        msg = f"{where}: two columns named {twice!r}, which the mapping uses; rename one"
        raise UserError(msg)
    return {column: places[0] for column, places in found.items()}


def find(rows: Iterable[Sequence[str]], wanted: Iterable[str]) -> int:
    """Which row is the heading: the first that has all wanted columns; 0 where none has."""
    wanted = list(wanted)
    for at, row in enumerate(rows):
        if all(positions(wanted, row).values()):
            return at
    return 0


def width_in(text: bytes, delimiter: bytes, wanted: Sequence[str]) -> int:
    """How many fields a row has, by the first lines of a text; 0 where none of them is the heading."""
    lines = text[:_SEEN].split(b"\n")
    for at, line in enumerate(lines[:_TITLES]):
        names = [one.decode("utf-8", "replace") for one in loose(line, delimiter)[0]]
        if all(positions(wanted, names).values()):
            return len(_of_usual_width(names, b"\n".join(lines[at + 1 :]), delimiter))
    return 0


def in_text(block: Block, delimiter: bytes, wanted: Sequence[str]) -> Heading:
    """The heading of a text; its first record that is not blank, where none has all wanted columns."""
    starts = [0, *(int(end) + 1 for end in block.ends[:_TITLES])]
    rows = []
    for begin, end in itertools.pairwise(starts):
        fields, _ = loose(block.data[begin : end - 1], delimiter)
        rows.append([one.decode("utf-8", "replace") for one in fields])
    at = find(rows, wanted) or next((at for at, row in enumerate(rows) if any(row)), 0)
    names = _of_usual_width(rows[at], block.data[starts[at + 1] :], delimiter)
    return Heading(tuple(names), at + 1, starts[at + 1])


def _of_usual_width(names: list[str], rows: bytes, delimiter: bytes) -> list[str]:
    """Names as many as the rows have fields, where only one of both ends with fields that hold nothing."""
    fields = [loose(line, delimiter) for line in rows[:_SEEN].split(b"\n")[:_SAMPLE] if line]
    whole = [row for row, open_mark in fields if not open_mark]
    if not whole:
        return names
    ((width, _),) = Counter(len(row) for row in whole).most_common(1)
    if width < len(names) and not any(clean(name) for name in names[width:]):
        return names[:width]
    if width > len(names) and not any(any(row[len(names) :]) for row in whole if len(row) == width):
        return [*names, *([""] * (width - len(names)))]
    return names


def other_delimiter(block: Block, delimiter: str, wanted: Sequence[str]) -> str | None:
    """A delimiter by which some record has all wanted columns, where that given is wrong."""
    for other in DELIMITERS:
        if other != delimiter:
            names = in_text(block, other.encode(), wanted).names
            if all(positions(wanted, names).values()):
                return other
    return None
