"""What happened in each row, by a mapping's conditions: its crime type, gunfire, how many shots, and who brought it up.

A row that no rule takes has no type and is left out, whatever it is. Must not know when or where.
"""

from collections import Counter
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from edge.domain.policy import CRIME_TYPES
from models.ingest.codes import TABLES, denied_word
from models.ingest.mapping import Condition, Mapping
from models.ingest.reading import Table, texts

Flags: TypeAlias = NDArray[np.bool_]
Kinds: TypeAlias = NDArray[np.int8]
"""Index into `CRIME_TYPES`; -1: none."""
Words: TypeAlias = NDArray[np.object_]
"""Texts, or None."""

GUNFIRE: Final = CRIME_TYPES.index("gunfire")
_NOTHING: Final = "(nothing)"


def is_in(table: Table, column: str, values: tuple[str, ...]) -> Flags:
    """Which rows have one of some values (in capitals) in a column, in any case."""
    found = pc.is_in(pc.utf8_upper(texts(table, column)), value_set=pa.array(values, pa.string()))
    return np.asarray(found.to_numpy(), dtype=bool)


def holds(table: Table, conditions: tuple[Condition, ...]) -> Flags:
    """Which rows all of some conditions hold for; a value that is missing is not one that a condition excludes."""
    every = np.ones(table.num_rows, bool)
    for condition in conditions:
        if condition.none_of:
            every &= ~is_in(table, condition.column, condition.none_of)
        else:
            every &= is_in(table, condition.column, condition.wanted)
    return every


def kinds(table: Table, mapping: Mapping) -> Kinds:
    """Each row's crime type: by the first rule that holds, else by its code."""
    if mapping.kind == "gunfire":
        return np.where(_shots(table, mapping) == 0, -1, GUNFIRE).astype(np.int8)
    kind = np.full(table.num_rows, -1, np.int8)
    for rule in mapping.crime_type:
        kind[(kind < 0) & holds(table, rule.when)] = CRIME_TYPES.index(rule.crime_type)
    if mapping.codes:
        known = TABLES[mapping.codes.table]
        for crime_type in CRIME_TYPES:
            codes = tuple(code for code, named in known.items() if named == crime_type)
            kind[(kind < 0) & is_in(table, mapping.codes.column, codes)] = CRIME_TYPES.index(crime_type)
    return kind


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
        values = pc.unique(pc.utf8_upper(texts(table, column))).to_pylist()
        found |= is_in(table, column, tuple(value for value in values if value and denied_word(value)))
    return found


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
