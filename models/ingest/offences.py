"""What happened in each row, by a mapping's conditions: its crime type, gunfire, how many shots, and who brought it up.

A row that no rule takes has no type and is left out, whatever it is. Must not know when or where.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
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
from models.ingest.values import Distinct

Flags: TypeAlias = NDArray[np.bool_]
Kinds: TypeAlias = NDArray[np.int8]
"""Index into `CRIME_TYPES`; -1: none."""
Codes: TypeAlias = NDArray[np.int8]
"""Index into `INITIATED_BY` or `ROUNDS`; -1: none."""

GUNFIRE: Final = CRIME_TYPES.index("gunfire")
INITIATED_BY: Final = ("community", "officer")
ROUNDS: Final = ("single", "multiple")
_NOTHING: Final = "(nothing)"


@dataclass(frozen=True, slots=True)
class Values:
    """The distinct values of a table's columns; each column is looked through once."""

    table: Table
    _found: dict[str, Distinct] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return int(self.table.num_rows)

    def of(self, column: str) -> Distinct:
        """The distinct texts of a column."""
        if column not in self._found:
            self._found[column] = Distinct.of(texts(self.table, column))
        return self._found[column]

    def each(self, column: str, judge: Callable[[str], int], missing: int) -> Kinds:
        """What ``judge`` gives for each row's value in `plain` form; ``missing`` where it has none."""
        return self.of(column).each(lambda value: judge(plain(value)), missing, np.int8)


def is_in(values: Values, column: str, some: tuple[str, ...]) -> Flags:
    """Which rows have one of some values (`plain` in form) in a column."""
    return np.equal(values.each(column, some.__contains__, missing=False), 1)


def holds(values: Values, conditions: tuple[Condition, ...]) -> Flags:
    """Which rows all of some conditions hold for; a value that is missing is not one that a condition excludes."""
    every = np.ones(values.rows, bool)
    for condition in conditions:
        every &= values.each(condition.column, condition.holds, missing=bool(condition.none_of)) == 1
    return every


def kinds(values: Values, mapping: Mapping) -> Kinds:
    """Each row's crime type: by the first rule that holds, else by its code."""
    if mapping.kind == "gunfire":
        return np.where(_shots(values, mapping) == 0, -1, GUNFIRE).astype(np.int8)
    kind = np.full(values.rows, -1, np.int8)
    for rule in mapping.crime_type:
        kind[(kind < 0) & holds(values, rule.when)] = CRIME_TYPES.index(rule.crime_type)
    if mapping.codes:
        of_table = partial(_by_code, mapping.codes.table)
        kind = np.where(kind < 0, values.each(mapping.codes.column, of_table, missing=-1), kind)
    return kind


def _by_code(table: CodeTable, value: str) -> int:
    crime_type = by_code(table, value)
    return -1 if crime_type is None else CRIME_TYPES.index(crime_type)


def gunfire(values: Values, mapping: Mapping, kind: Kinds) -> Flags:
    """The rows in which a shot was fired."""
    fired: Flags = np.equal(kind, GUNFIRE)
    return fired if mapping.gunfire is None else fired | holds(values, mapping.gunfire)


def rounds(values: Values, mapping: Mapping) -> Codes:
    """How many shots each detection heard; none where the mapping does not say."""
    return np.maximum(_shots(values, mapping), 0) - np.int8(1)


def initiated_by(values: Values, mapping: Mapping) -> Codes:
    """Who brought each row up; none where the export does not say."""
    found = np.full(values.rows, -1, np.int8)
    if mapping.initiated_by:
        given = mapping.initiated_by
        found[is_in(values, given.column, given.community or ())] = INITIATED_BY.index("community")
        found[is_in(values, given.column, given.officer)] = INITIATED_BY.index("officer")
    return found


def denied(values: Values, mapping: Mapping) -> Flags:
    """The rows of which a value of the type's columns speaks of what may never be forecast."""
    found = np.zeros(values.rows, bool)
    for column in mapping.type_columns:
        found |= values.each(column, _denied, missing=False) == 1
    return found


def _denied(value: str) -> bool:
    return denied_word(value) is not None


def values_of(values: Values, mapping: Mapping, rows: Flags) -> dict[str, Counter[str]]:
    """How often some rows have each value, of each of the columns that say a type."""
    return {column: _counts(values.of(column), rows) for column in mapping.type_columns}


def _counts(column: Distinct, rows: Flags) -> Counter[str]:
    names = [*column.texts.to_pylist(), _NOTHING]
    counted = pc.value_counts(pa.array(column.at[rows])).to_pylist()
    return Counter({names[one["values"]]: one["counts"] for one in counted})


def _shots(values: Values, mapping: Mapping) -> Kinds:
    """1 for a single shot, 2 for many, 0 for neither, -1 where the mapping does not say."""
    if mapping.rounds is None:
        return np.full(values.rows, -1, np.int8)
    given = mapping.rounds
    single, many = (is_in(values, given.column, some) for some in (given.single, given.multiple))
    return (single + 2 * (many & ~single)).astype(np.int8)
