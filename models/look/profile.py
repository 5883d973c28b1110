"""What a column holds, in short: its name, and how often it has each value. Columns about persons have no profile.

Must not decide what a column means.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from edge.errors import UserError
from models.ingest.reading import Table, texts

_PIECES: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NUMBER: Final = re.compile(r"[-+]?(?:\d{1,3}(?:[,'\u2019 \xa0\u2009\u202f]\d{3})+|\d+)?(?:[.,]\d*)?(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Profile:
    """A column of the rows that were looked at: ``counts`` of each value that is not empty, the commonest first.

    ``kind``: ``"time"`` and ``"date"`` of columns that are such already, else ``"text"``.
    """

    name: str
    rows: int
    counts: dict[str, int]
    kind: str = "text"

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its name, in lower case."""
        return tuple(word.lower() for word in _PIECES.findall(self.name))

    @cached_property
    def filled(self) -> int:
        """How many rows have a value."""
        return sum(self.counts.values())

    def share(self, holds: Callable[[str], object]) -> float:
        """The share of the rows with a value for which a test of the value holds; 0 where there are none."""
        return sum(rows for value, rows in self.counts.items() if holds(value)) / self.filled if self.filled else 0.0

    @cached_property
    def numeric(self) -> float:
        """The share of values that are numbers."""
        return self.share(is_number)

    def has(self, *words: str) -> bool:
        """Whether its name has one of some words."""
        return not set(words).isdisjoint(self.words)


def is_number(text: str) -> bool:
    """Whether a text is a number, with a decimal comma and thousands or without."""
    return any(sign.isdigit() for sign in text) and _NUMBER.fullmatch(text.strip()) is not None


def profile(table: Table, name: str) -> Profile | None:
    """The profile of a column; None where it holds what is no text (lists, bytes)."""
    kind = _kind(table.column(name).type)
    try:
        found = pc.value_counts(texts(table, name)).to_pylist()
    except UserError:
        return None
    counts = {one["values"]: one["counts"] for one in found if one["values"] is not None}
    return Profile(name, table.num_rows, dict(Counter(counts).most_common()), kind)


def profiles(table: Table, names: Iterable[str]) -> Sequence[Profile]:
    """Of several columns, those that hold text, numbers or times."""
    return tuple(found for name in names if (found := profile(table, name)) is not None)


def _kind(of: Any) -> str:
    if pa.types.is_timestamp(of):
        return "time"
    return "date" if pa.types.is_date(of) else "text"
