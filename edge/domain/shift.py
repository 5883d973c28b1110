"""Shifts: named spans of the day in the agency's time zone, as instants.

A night of 22:00–06:00 is 7 h when the clocks go forward and 9 h when they go back. A start that the clocks skip is
the instant at which they do; of one that they repeat it is the first. Must not read a clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import ceil, floor
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ShiftRule:
    """One line of the agency's day: a name and its local start; it lasts until the next one starts."""

    name: str
    starts: time


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift as instants. ``id`` is ``YYYY-MM-DD/name`` by the local date it starts on; POSIX seconds."""

    id: str
    starts: float
    ends: float

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.id.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The agency's shifts, in the order of their local start, which together fill the day."""

    zone: ZoneInfo
    rules: tuple[ShiftRule, ...]

    def shift_at(self, utc: float) -> Shift:
        """The shift that an instant (POSIX seconds) lies in."""
        day = datetime.fromtimestamp(utc, self.zone).date()
        starts = self._starts(day)
        index = max(i for i, (_, _, at) in enumerate(starts) if at <= utc)
        (on, rule, at), (_, _, ends) = starts[index], starts[index + 1]
        return Shift(f"{on.isoformat()}/{rule.name}", at, ends)

    def shift(self, shift_id: str) -> Shift:
        """The shift of an id; it is empty where the clocks skip all of it.

        Raises ValueError where the agency has none of that name, or the date is none, or is written another way.
        """
        on, _, name = shift_id.partition("/")
        try:
            day = date.fromisoformat(on)
            starts = self._starts(day) if on == day.isoformat() else []
        except (ValueError, OverflowError) as error:
            msg = f"the shift {shift_id!r} does not begin with a date such as 2026-11-22"
            raise ValueError(msg) from error
        for (start_day, rule, at), (_, _, ends) in pairwise(starts):
            if start_day == day and rule.name == name:
                return Shift(shift_id, at, ends)
        if not starts:
            msg = f"write the date of the shift {shift_id!r} as {day.isoformat()}"
            raise ValueError(msg)
        msg = f"the agency has no shift {name!r}; it has {', '.join(rule.name for rule in self.rules)}"
        raise ValueError(msg)

    def ends(self, shift_id: str) -> float:
        """When a shift ends, POSIX seconds; long ago for one that the agency does not have (any more)."""
        try:
            return self.shift(shift_id).ends
        except ValueError:
            return float("-inf")

    def _starts(self, day: date) -> Sequence[tuple[date, ShiftRule, float]]:
        """Every start from the day before to two days after, in order: a day may begin before clocks leave the last."""
        days = (day + timedelta(days=offset) for offset in (-1, 0, 1, 2))
        return [(on, rule, self._instant(datetime.combine(on, rule.starts))) for on in days for rule in self.rules]

    def _instant(self, local: datetime) -> float:
        """POSIX seconds of a local time; where the clocks skip it, of the skip, so that no start overtakes the next."""
        by_earlier, by_later = (local.replace(tzinfo=self.zone, fold=fold).timestamp() for fold in (0, 1))
        return by_earlier if by_earlier <= by_later else self._skip(by_later, by_earlier)

    def _skip(self, before: float, after: float) -> float:
        """The whole second, between two instants, at which the clocks go forward."""
        first, last = floor(before), ceil(after)
        offset = self._offset(first)
        while last - first > 1:
            middle = (first + last) // 2
            first, last = (middle, last) if self._offset(middle) == offset else (first, middle)
        return float(last)

    def _offset(self, utc: float) -> timedelta | None:
        return datetime.fromtimestamp(utc, self.zone).utcoffset()
