"""Which columns say what happened: words, or the FBI's codes; and the crime type that each value seems to mean.

A proposal: the analyst decides. Must not read files.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from models.ingest.codes import CodeTable, by_code, denied_word, plain
from models.look.profile import Profile
from models.look.type_words import proposed

_NAMES: Final = ("offense", "offence", "offenses", "crime", "crimes", "type", "category", "description", "descr",
                 "desc", "charge", "ucr", "nibrs", "code", "iucr", "statute", "primary", "nature", "class",
                 "classification", "fbi", "kind", "pd", "ky", "ofns", "offensetype", "violation",
                 "crimetype")  # fmt: skip
_FREE_TEXT: Final = ("notes", "note", "narrative", "remark", "remarks", "comment", "comments", "synopsis", "summary",
                     "details", "mo", "modus", "headline")  # fmt: skip
_MOST: Final = 3000
"""Different values: a column with more is free text, or an id."""
_LONGEST: Final = 120
_CODES: Final = 0.8
"""Share of values that are codes of a table, from which the column is taken for one."""
_NIBRS: Final = re.compile(
    r"0?9[ABC]|0?100|0?11[ABCD]|0?120|0?13[ABC]|0?200|0?210|0?220|0?23[A-H*]|0?240|0?250|0?26[A-H]|0?270|0?280|0?290"
    r"|0?35[AB]|0?36[ABC]|0?370|0?39[ABCD]|0?40[ABC]|0?5[12]0|0?52[126]|0?64[AB]|0?720|0?90[A-Z]|0?30[A-D]|0?49[ABC]|0?101"
    r"|0?103|0?360|0?61[AB]|0?620"
)
_UCR: Final = re.compile(r"0?[1-9][A-I]?|1\d[A-I]?|2[0-9][A-I]?|0?[1-9]\d\d|[12]\d\d\d")
_CODE: Final = re.compile(r"(?:(?:NIBRS|UCR|FBI)[\s:#._-]*)?(\d+[A-Z*]?)(?:\W.*)?")
_SHOT: Final = re.compile(r"(?P<many>multiple|\bmany\b)|(?P<single>single|\bone\b)", re.IGNORECASE)


@dataclass(frozen=True)
class What:
    """A column that says what happened. ``table``: of which its codes are; None where it has words.

    ``types``: the crime type of each value that seems one of ours. ``denied``: values that may never be forecast;
    ``others``: the rest, each with its rows. ``gunshots``: values of detections, ``single`` or ``multiple``.
    """

    column: Profile
    table: CodeTable | None
    types: dict[str, str]
    denied: dict[str, int]
    others: dict[str, int]
    gunshots: dict[str, str]

    @property
    def kept(self) -> int:
        """How many rows have a value of ours."""
        return sum(self.column.counts[value] for value in self.types)


def find_whats(columns: Sequence[Profile]) -> list[What]:
    """Columns that say what happened, the most telling first; codes before words where both tell as much."""
    found = [what for column in columns if _speaks(column) for what in _readings(column) if what.types or what.gunshots]
    return sorted(found, key=_rank, reverse=True)


def looks_like(columns: Sequence[Profile]) -> list[Profile]:
    """Columns that are named as if they said what happened, though no value seems one of ours."""
    return [one for one in columns if _speaks(one) and one.has(*_NAMES)]


def _speaks(column: Profile) -> bool:
    """Whether its values may be offences: repeated, or named so; no free text, no number of a case."""
    few = len(column.counts) <= max(min(_MOST, column.filled / 2), 20)
    short = all(len(value) <= _LONGEST for value in list(column.counts)[:_MOST])
    return column.kind == "text" and not column.has(*_FREE_TEXT) and few and short and 0 < len(column.counts) <= _MOST


def _readings(column: Profile) -> list[What]:
    tables: list[tuple[CodeTable, re.Pattern[str]]] = [("nibrs", _NIBRS), ("ucr", _UCR)]
    found = [
        what_of(column, table)
        for table, pattern in tables
        if _named_for(column, table) and column.share(partial(_is_code, pattern)) > _CODES
    ]
    return [*found, what_of(column, None)]


def _named_for(column: Profile, table: CodeTable) -> bool:
    """UCR's numbers may be anything's: its column has to be named for it, or for offences. NIBRS' are its own."""
    joined = "".join(column.words)
    if table == "nibrs":
        return "ucr" not in joined and not column.has("age", "hour", "beat", "district", "sector", "zone", "precinct")
    return any(word in joined for word in ("ucr", "fbi", "srs")) or column.has("code", "offense", "offence", "crime")


def _is_code(pattern: re.Pattern[str], value: str) -> bool:
    found = _CODE.fullmatch(plain(value))
    return found is not None and pattern.fullmatch(found[1]) is not None


def what_of(column: Profile, table: CodeTable | None) -> What:
    """What the values of a column seem to mean, as codes of a table or as words."""
    of: Callable[[str], str | None] = proposed if table is None else lambda value: by_code(table, value)
    types: dict[str, str] = {}
    denied: dict[str, int] = {}
    others: dict[str, int] = {}
    gunshots: dict[str, str] = {}
    for value, rows in column.counts.items():
        if denied_word(value):
            denied[value] = rows
        elif table is None and "gunshot" in value.lower() and (shot := _SHOT.search(value)):
            gunshots[value] = "multiple" if shot["many"] else "single"
        elif crime_type := of(value):
            types[value] = crime_type
        else:
            others[value] = rows
    return What(column, table, types, denied, others, gunshots)


def _rank(what: What) -> tuple[int, float, bool, int]:
    """More types, more rows, codes rather than words, fewer values."""
    kinds = len(set(what.types.values()) | set(what.gunshots.values()))
    share = (what.kept + sum(what.column.counts[value] for value in what.gunshots)) / max(what.column.rows, 1)
    return kinds, round(share, 1), what.table is not None, -len(what.column.counts)
