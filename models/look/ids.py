"""Which column is a number of the incident's own, and what it means where one stands on many rows.

Must not read files.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow.compute as pc

from models.ingest.reading import Table, joined, texts
from models.look.profile import Profile

_OF: Final = ("case", "incident", "complaint", "cmplnt", "report", "offense", "offence", "event", "crime", "dr", "rd",
              "ccn", "ccr", "inc", "cad", "rms", "file", "reference", "ref", "call")  # fmt: skip
_NUMBER: Final = ("id", "no", "num", "number", "nbr", "key", "nr", "numb")
_ROW: Final = ("row", "fid", "objectid", "oid", "index", "seq", "rowid", "record")
_CUT: Final = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"[A-Z]{0,4}[-#]?\d[\dA-Z]*(?:[-/.]\w+)*", re.IGNORECASE)
"""A number of a case: 19-000123, HY123456; no time, and no words."""
_UNIQUE: Final = 0.5
"""Share of different values among the rows, from which a column may be an id."""


@dataclass(frozen=True)
class Id:
    """``columns``: of the id; none where nothing in the file can be one. ``notes``: for the analyst."""

    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()


def candidates(columns: Sequence[Profile]) -> list[str]:
    """Columns that may be an id, the likeliest first."""
    scored = [(score, one.name) for one in columns if (score := _score(one)) > 0]
    return [name for _, name in sorted(scored, key=lambda pair: -pair[0])]


def _score(column: Profile) -> float:
    """By name and by how few values repeat; 0: no id."""
    joined_words = "".join(column.words)
    of = column.has(*_OF) or any(joined_words.startswith(word) for word in _OF if len(word) > 2)  # noqa: PLR2004
    number = column.has(*_NUMBER) or any(joined_words.endswith(word) for word in ("id", "number", "num", "no"))
    row = column.has(*_ROW) or joined_words in _ROW
    alone = of and not number and column.share(_NUMBERED.fullmatch) > _UNIQUE
    name = 3.0 if of and number else 2.5 if alone else 2.0 if number and not row else 1.5 if row else 0.0
    different = len(column.counts) / column.filled if column.filled else 0.0
    filled = column.filled / column.rows if column.rows else 0.0
    if name and column.share(_CUT.fullmatch) > _UNIQUE:
        return name  # no id, which is told
    return name + different if name and different >= _UNIQUE and filled > _UNIQUE else 0.0


def find_id(
    table: Table,
    columns: Sequence[str],
    what: Sequence[str],
    when: Sequence[str],
    where: Sequence[str],
    updated: Sequence[str] = (),
) -> Id:
    """The id of a file's rows, of candidates in their order; and what its repetitions are.

    ``what``, ``when``, ``where``: the columns that say so; ``updated``: those that say when a row was changed, whose
    other offence is a change, too.
    """
    sound, notes = [], []
    for name in columns:
        values = texts(table, name)
        if _cut(values):
            notes.append(f"{name!r} was cut by a spreadsheet (2.4E+07): it is not an id; export it as text")
        elif again := table.num_rows - values.null_count - pc.count_distinct(values).as_py():
            sound.append((name, again))
        elif not _row_note(name):
            return Id((name,), tuple(notes))
        else:
            sound.append((name, 0))
    if not sound:
        return Id((), tuple(notes))
    name, again = sound[0]
    if again:
        changed = updated and _different(table, [name, *updated]) - _different(table, [name]) > again / 2
        return _repeated(table, name, again, () if changed else what, [*when, *where], notes)
    return Id((name,), (*notes, *_row_note(name)))


def _cut(values: object) -> bool:
    shown = pc.drop_null(values).slice(0, 50).to_pylist()
    return bool(shown) and all(_CUT.fullmatch(value) for value in shown)


def _row_note(name: str) -> tuple[str, ...]:
    words = [word.lower() for word in re.findall(r"[A-Za-z]+", name)]
    if set(words).isdisjoint(_ROW):
        return ()
    return (
        f"{name!r} seems to number the rows of this file: in another edition the same number may be another incident",
    )


def _repeated(table: Table, name: str, again: int, what: Sequence[str], place: Sequence[str], notes: list[str]) -> Id:
    """An id that stands on many rows: one for each offence, for each victim, or the same row again."""
    with_offence = _different(table, [name, *what]) if what else 0
    alone = _different(table, [name])
    with_place = _different(table, [name, *place]) if place else alone
    said = f"{name!r} is on more than one row ({again:,} repetitions)"
    if with_offence - alone > again / 2:
        notes.append(f"{said}, mostly with another offence; the draft's id is {name!r} with {what[0]!r}")
        return Id((name, *what[:1]), tuple(notes))
    if with_place - alone > again / 2:
        notes.append(f"{said}, mostly with another time or place: changes to an incident; the last row counts")
        return Id((name,), tuple(notes))
    notes.append(f"{said} with the same offence, time and place: perhaps a row for each victim; they count once")
    return Id((name,), tuple(notes))


def _different(table: Table, columns: Sequence[str]) -> int:
    """How many different rows there are of some columns."""
    return int(pc.count_distinct(pc.fill_null(joined(table, columns, "\x1f"), "")).as_py())
