"""What is known of a date: holiday, moon, weather (its normal, or a value the context brings).

A table by date, made with the bundle and long enough for its expiry, so that the car needs no almanac. The parts of
the date itself (`DATE_PARTS`) need no table. Must not read a clock.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from edge.risk.feature_column import Column, Floats32, checked, load_table, save_table
from edge.text.coded import CodedError

DATE_PARTS: Final = ("day_of_month", "weekday", "month")
"""Known of every date: 1 to 31; 0 (Monday) to 6; 1 to 12."""


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """``first``: the ordinal of the first date. ``values``: float32[dates, columns]. Raises ValueError if unfit."""

    first: int
    columns: tuple[Column, ...]
    values: Floats32

    def __post_init__(self) -> None:
        checked(self.columns, self.values)

    @staticmethod
    def none() -> "Days":
        """No column; only the parts of the date are known."""
        return Days(1, (), np.zeros((0, 0), dtype=np.float32))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order, without `DATE_PARTS`."""
        return tuple(column.name for column in self.columns)

    @property
    def last(self) -> int:
        """The ordinal of the last date of the table."""
        return self.first + len(self.values) - 1

    def of(self, day: int) -> Floats32:
        """float32[columns] of a date (ordinal); the columns' missing values for one that the table lacks."""
        if self.first <= day <= self.last:
            row: Floats32 = self.values[day - self.first].copy()
            return row
        return np.array([column.missing for column in self.columns], dtype=np.float32)

    def named(self, names: Sequence[str], day: int) -> Floats32:
        """float32[names] of a date: columns or `DATE_PARTS`. Raises KeyError for a name that is neither."""
        known: dict[str, float] = dict(zip(self.names, self.of(day), strict=True))
        known.update(zip(DATE_PARTS, _parts(day), strict=True))
        return np.array([known[name] for name in names], dtype=np.float32)

    def with_values(self, day: int, values: Mapping[str, float]) -> "Days":
        """The same with these values on a date, a forecast of the weather for one.

        A name without a column (its group is switched off here) changes nothing, nor does a date outside the table.
        """
        if not self.first <= day <= self.last:
            return self
        table = self.values.copy()
        for index, name in enumerate(self.names):
            if name in values:
                table[day - self.first, index] = values[name]
        return Days(self.first, self.columns, table)

    def digest(self) -> str:
        """SHA-256 of the first date, names and values."""
        head = f"{self.first};{','.join(self.names)};".encode()
        return hashlib.sha256(head + np.ascontiguousarray(self.values, dtype="<f4").tobytes()).hexdigest()


def save_days(path: Path, days: Days) -> None:
    """Write ``days.npz``: the same days give the same bytes. Raises CodedError where it cannot be written."""
    save_table(path, "days", days.columns, days.values, first=days.first)


def load_days(path: Path) -> Days:
    """Read ``days.npz``. Raises CodedError where it is missing, damaged or of another format."""
    columns, values, meta = load_table(path, "days")
    if not isinstance(meta.get("first"), int):
        raise CodedError("risk_file.damaged", path=str(path), detail="no first date")
    return Days(meta["first"], columns, values)


def _parts(day: int) -> tuple[float, float, float]:
    on = date.fromordinal(day)
    return float(on.day), float(on.weekday()), float(on.month)
