"""What happened in each row, by a mapping's conditions: its crime type, gunfire, how many shots, and who brought it up.

A row that no rule takes has no type and is left out, whatever it is. Must not know when or where.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from edge.domain.policy import CRIME_TYPES
from models.ingest.codes import CodeTable, by_code, denied_word, plain
from models.ingest.conditions import Condition
from models.ingest.mapping import Mapping
from models.ingest.reading import Table, texts

Flags: TypeAlias = NDArray[np.bool_]
Kinds: TypeAlias = NDArray[np.int8]
"""Index into `CRIME_TYPES`; -1: none."""
Words: TypeAlias = NDArray[np.object_]
"""Texts, or None."""

GUNFIRE: Final = CRIME_TYPES.index("gunfire")
_NOTHING: Final = "(nothing)"


def _each(table: Table, column: str, judge: Callable[[str], int], missing: int) -> Kinds:
    """What ``judge`` gives for each row's value in `plain` form, asked once for each value; ``missing`` where none."""
    values = pc.dictionary_encode(texts(table, column)).combine_chunks()
    found = [judge(plain(value)) for value in values.dictionary.to_pylist()]
    index = np.asarray(pc.fill_null(values.indices, len(found)))
    return np.asarray(np.array([*found, missing], np.int8)[index])


def is_in(table: Table, column: str, values: tuple[str, ...]) -> Flags:
    """Which rows have one of some values (`plain` in form) in a column."""
    return np.equal(_each(table, column, values.__contains__, missing=False), 1)


def holds(table: Table, conditions: tuple[Condition, ...]) -> Flags:
    """Which rows all of some conditions hold for; a value that is missing is not one that a condition excludes."""
    every = np.ones(table.num_rows, bool)
    for condition in conditions:
        every &= _each(table, condition.column, condition.holds, missing=bool(condition.none_of)) == 1
    return every


def kinds(table: Table, mapping: Mapping) -> Kinds:
    """Each row's crime type: by the first rule that holds, else by its code."""
    if mapping.kind == "gunfire":
        return np.where(_shots(table, mapping) == 0, -1, GUNFIRE).astype(np.int8)
    kind = np.full(table.num_rows, -1, np.int8)
    for rule in mapping.crime_type:
        kind[(kind < 0) & holds(table, rule.when)] = CRIME_TYPES.index(rule.crime_type)
    if mapping.codes:
        of_table = partial(_by_code, mapping.codes.table)
        kind = np.where(kind < 0, _each(table, mapping.codes.column, of_table, missing=-1), kind)
    return kind


def _by_code(table: CodeTable, value: str) -> int:
    crime_type = by_code(table, value)
    return -1 if crime_type is None else CRIME_TYPES.index(crime_type)


def gunfire(table: Table, mapping: Mapping, kind: Kinds) -> Flags:
    """The rows in which a shot was fired."""
    fired: Flags = np.equal(kind, GUNFIRE)
    return fired if mapping.gunfire is None else fired | holds(table, mapping.gunfire)


def rounds(table: Table, mapping: Mapping) -> Words:
    """``single`` or ``multiple`` of each detection; None where the mapping does not say."""
    return np.array([None, "single", "multiple"], dtype=object)[np.maximum(_shots(table, mapping), 0)]


def initiated_by(table: Table, mapping: Mapping) -> Words:
    """``officer`` or ``community``; None where the export does not say."""
    found = np.full(table.num_rows, None, dtype=object)
    if mapping.initiated_by:
        given = mapping.initiated_by
        found[is_in(table, given.column, given.community or ())] = "community"
        found[is_in(table, given.column, given.officer)] = "officer"
    return found


def denied(table: Table, mapping: Mapping) -> Flags:
    """The rows of which a value of the type's columns speaks of what may never be forecast."""
    found = np.zeros(table.num_rows, bool)
    for column in mapping.type_columns:
        found |= _each(table, column, _denied, missing=False) == 1
    return found


def _denied(value: str) -> bool:
    return denied_word(value) is not None


def values_of(table: Table, mapping: Mapping, rows: Flags) -> dict[str, Counter[str]]:
    """How often some rows have each value, of each of the columns that say a type."""
    chosen = table.filter(pa.array(rows))
    return {
        column: Counter(
            {one["values"] or _NOTHING: one["counts"] for one in pc.value_counts(texts(chosen, column)).to_pylist()}
        )
        for column in mapping.type_columns
    }


def _shots(table: Table, mapping: Mapping) -> Kinds:
    """1 for a single shot, 2 for many, 0 for neither, -1 where the mapping does not say."""
    if mapping.rounds is None:
        return np.full(table.num_rows, -1, np.int8)
    given = mapping.rounds
    single, many = (is_in(table, given.column, values) for values in (given.single, given.multiple))
    return (single + 2 * (many & ~single)).astype(np.int8)
