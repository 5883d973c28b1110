"""The agency's shifts as a sorted table of instants, so that hundreds of thousands of incidents find theirs at once.

Every start comes from `edge.domain.shift.Calendar`, so this agrees with the car's by construction. An incident known
only as a span is split over the shifts it may lie in, in whole units of 1/256. Must not know of places.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.domain.shift import Calendar
from edge.risk.counts import WEIGHT

Instants: TypeAlias = NDArray[np.int64]
"""POSIX microseconds."""

_MICRO: Final = 1_000_000
_DAY: Final = 86_400 * _MICRO
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Shares:
    """Parallel arrays: incident (its position), shift (a row of the table) and units of 1/256, at least 1."""

    incident: NDArray[np.int64]
    slot: NDArray[np.int64]
    units: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ShiftTable:
    """Every shift of a period, in order: start (microseconds), local date it starts on (ordinal), index of its rule."""

    starts: Instants
    day: NDArray[np.int32]
    rule: NDArray[np.int8]

    def at(self, instants: Instants) -> NDArray[np.int64]:
        """The row of the shift each instant lies in: the last that starts by then."""
        return np.searchsorted(self.starts, instants, side="right") - 1

    def shares(self, first: Instants, last: Instants) -> Shares:
        """Each incident's 256 units over the shifts from its first to its last possible moment, by time in each.

        Largest remainder, the earlier shift where two are equal; an incident of one moment has one share.
        """
        begin, end = self.at(first), self.at(last)
        many = end - begin + 1
        incident = np.repeat(np.arange(len(first)), many)
        slot = begin[incident] + np.arange(len(incident)) - np.repeat(np.cumsum(many) - many, many)
        opens, closes = self.starts[slot], self.starts[slot + 1]
        inside = np.minimum(closes, last[incident]) - np.maximum(opens, first[incident])
        total = (last - first)[incident]
        sure = total == 0
        units = np.where(sure, WEIGHT, inside * WEIGHT // np.where(sure, 1, total))
        left = np.where(sure, 0, inside * WEIGHT - units * total)
        units += _largest(incident, left, WEIGHT - np.bincount(incident, units, len(first)).astype(np.int64))
        some = units > 0
        return Shares(incident[some], slot[some], units[some])


def shift_table(calendar: Calendar, first: int, last: int) -> ShiftTable:
    """The shifts of a period of POSIX microseconds, with two days to spare at either end."""
    days = range(first // _DAY - 2 + _EPOCH, last // _DAY + 4 + _EPOCH)
    rules = list(enumerate(calendar.rules))
    rows = [
        (round(calendar.shift(f"{date.fromordinal(day).isoformat()}/{rule.name}").starts * _MICRO), day, index)
        for day in days
        for index, rule in rules
    ]
    table = np.array(rows, dtype=np.int64)
    return ShiftTable(table[:, 0].copy(), table[:, 1].astype(np.int32), table[:, 2].astype(np.int8))


def _largest(group: NDArray[np.int64], remainder: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """1 for as many rows of each group as it wants, those of the largest remainder; groups lie together, in order."""
    order = np.lexsort((-remainder, group))
    sizes = np.bincount(group, minlength=len(wanted))
    rank = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    extra = np.zeros(len(group), np.int64)
    extra[order] = rank < wanted[group]
    return extra
