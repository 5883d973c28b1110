"""Which rows of an export are no incidents: those that take another back, and reports that proved to be none.

Must not read files.
"""

import re
from collections.abc import Sequence
from typing import Final

import pyarrow.compute as pc

from models.ingest.codes import plain
from models.ingest.reading import Table, texts
from models.look.profile import Profile

_STATUS: Final = ("status", "disposition", "dispo", "finding", "resolution", "unfounded", "void", "voided", "clearance")
_VOID: Final = re.compile(r"\b(?:unfounded|void(?:ed)?|duplicate|test (?:record|case))\b", re.IGNORECASE)
_YES: Final = ("Y", "YES", "TRUE", "T", "1", "U", "UNFOUNDED")
_FEW: Final = 60


def signs(columns: Sequence[Profile]) -> tuple[str, ...]:
    """The columns of nothing but 1, −1 and 0: a later file may have the −1 that the first one lacks."""
    return tuple(one.name for one in columns if one.counts and _signs(one) <= {"-1", "0", "1"})


def journal(columns: Sequence[Profile]) -> str | None:
    """Of `signs`, a column of 1 and −1, by which rows take others back."""
    return next((one.name for one in columns if "-1" in _signs(one)), None)


def _signs(column: Profile) -> set[str]:
    return {plain(value.replace("\u2212", "-").replace("(1)", "-1")) for value in column.counts}


def standing(table: Table, count: str | None) -> Table:
    """The rows that take no other back."""
    if count is None:
        return table
    back = pc.match_substring_regex(texts(table, count), "^[-\u2212(]")
    return table.filter(pc.invert(pc.fill_null(back, fill_value=False)))


def unfounded(columns: Sequence[Profile]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Columns that say that a report proved to be none, and the values by which they do."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for one in columns:
        if one.has(*_STATUS) and len(one.counts) <= _FEW:
            flag = one.has("unfounded", "void", "voided")
            void = [value for value in one.counts if _VOID.search(value) or (flag and plain(value) in _YES)]
            found += [(one.name, tuple(void))] if void else []
    return tuple(found)
