"""Maps of the past: decayed counts per box in whole numbers, by type, shift, kind of day and neighbourhood.

A map's name says all of it: ``own.shift.h90.r1`` is the own type, the same shift, half-life 90 days, 3 x 3 boxes.
Types: ``own`` or a crime type; slots: ``any``, ``shift``, ``weekend`` (same shift, weekend or not), ``weekday`` (same
shift and weekday); half-lives: ``h…`` days or ``ever``; radius: ``r0`` to ``r4``. Must not use a row not yet known.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import Counts
from edge.risk.frame import REACH, Frame

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

AGE_UNITS: Final = 256
"""What a day-old incident's age weighs; an older one ``round(256 * 2 ** (-age / half-life))``."""
SLOTS: Final = ("any", "shift", "weekend", "weekday")
OWN: Final = "own"
LONGEST_SINCE: Final = 1000
"""Days since the last incident are counted up to this."""
_WEEK: Final = 7
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class MapName:
    """A map's name in parts; ``life``: half-life in days, 0 for ever."""

    crime_type: str
    slot: str
    life: int
    radius: int

    @staticmethod
    @lru_cache(maxsize=1024)  # asked for each map of each row of training
    def parse(text: str) -> "MapName":
        """Raises ValueError for a text that names no map."""
        parts = text.split(".")
        if len(parts) == 4:  # noqa: PLR2004 - as in the module's text
            crime_type, slot, life, radius = parts
            known = crime_type in (OWN, *CRIME_TYPES) and slot in SLOTS
            if known and radius in _RADII and (life == "ever" or (life[0] == "h" and life[1:].isdecimal())):
                return MapName(crime_type, slot, 0 if life == "ever" else int(life[1:]), int(radius[1:]))
        msg = f"{text!r} is not a map"
        raise ValueError(msg)

    def kind(self, own: int) -> int:
        """The type's index, that of ``own`` where the name says so."""
        return own if self.crime_type == OWN else CRIME_TYPES.index(self.crime_type)


_RADII: Final = tuple(f"r{radius}" for radius in range(REACH + 1))


@dataclass(frozen=True, slots=True, eq=False)
class OfType:
    """The counts of one type, sorted by the day they were known; ``place``: in a table [shifts, boxes]."""

    place: Ints
    box: NDArray[np.int32]
    day: NDArray[np.int32]
    known: NDArray[np.int32]
    weight: Ints
    weekday: NDArray[np.int8]

    def rows(self, since: int, before: int) -> slice:
        """Those known from a day on and before another."""
        first, end = np.searchsorted(self.known, np.array([since, before], dtype=np.int32))
        return slice(int(first), int(end))


def by_type(counts: Counts, shifts: int, boxes: int) -> tuple[OfType, ...]:
    """The counts by type. Raises ValueError where a row lies outside the frame or the calendar."""
    if len(counts) and (int(counts.box.max()) >= boxes or int(counts.shift.max()) >= shifts):
        msg = "the counts are for another grid or calendar than the agency's"
        raise ValueError(msg)
    found = []
    for kind in range(len(CRIME_TYPES)):
        at = np.flatnonzero(counts.kind == kind)
        box, day = counts.box[at], counts.day[at]
        place = counts.shift[at].astype(np.int64) * boxes + box
        weekday = ((day + 6) % _WEEK).astype(np.int8)
        found.append(OfType(place, box, day, counts.known[at], counts.weight[at].astype(np.int64), weekday))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """All maps of one day; each is made when first asked for and kept.

    ``day``: the date forecast; its weekday picks the rows of a slot. Ages count from ``origin``, the day after the last
    complete one (``last``) but never after ``day``: so a car without news sees a past that ends, not one without crime.
    """

    frame: Frame
    shifts: int
    types: tuple[OfType, ...]
    first: int
    last: int
    day: int
    kept: dict[object, Ints] = field(default_factory=dict)
    shares: dict[object, Floats] = field(default_factory=dict)

    @property
    def origin(self) -> int:
        """The day that ages count from."""
        return min(self.day, self.last + 1)

    def share(self, name: MapName, own: int, shift: int) -> Floats:
        """float64[N]: a map divided by its mean over the boxes; 1 everywhere where it holds nothing."""
        kind = name.kind(own)
        key = (kind, name.slot, name.life, name.radius, 0 if name.slot == "any" else shift)
        if key not in self.shares:
            units = self.units(kind, name.slot, name.life, name.radius, shift)
            self.shares[key] = _relative(units, self.frame.size)
        return self.shares[key]

    def units(self, kind: int, slot: str, life: int, radius: int, shift: int) -> Ints:
        """int64[N]: the map itself, in 1 / (WEIGHT * AGE_UNITS) incidents."""
        found = self._near(kind, slot, life, radius)
        return found if slot == "any" else np.ascontiguousarray(found[shift])

    def since(self, kind: int) -> Ints:
        """int64[N]: days since the last incident of a type became known, `LONGEST_SINCE` where it is longer or none."""
        key = ("since", kind)
        if key not in self.kept:
            held = self.types[kind]
            rows = held.rows(self.origin - LONGEST_SINCE, self.day)
            known = np.full(self.frame.size, self.origin - LONGEST_SINCE, dtype=np.int64)
            known[held.box[rows]] = held.known[rows]  # sorted, so the last one stays
            self.kept[key] = np.clip(self.origin - known, 1, LONGEST_SINCE)
        return self.kept[key]

    def city(self, kind: int) -> Ints:
        """int64[shifts, days]: the agency's counts of a type, in units, from the first day to before the origin."""
        key = ("city", kind)
        if key not in self.kept:
            held, span = self.types[kind], max(self.origin - self.first, 0)
            rows = held.rows(0, self.day)
            day = held.day[rows].astype(np.int64) - self.first
            on = (day >= 0) & (day < span)
            place = (held.place[rows][on] // max(self.frame.size, 1)) * span + day[on]
            self.kept[key] = _added(place, held.weight[rows][on], (self.shifts, span))
        return self.kept[key]

    def _near(self, kind: int, slot: str, life: int, radius: int) -> Ints:
        """int64[shifts, N], for the slot ``any`` int64[N]."""
        key = (kind, slot, life, radius)
        if key not in self.kept:
            table = self._table(kind, "shift" if slot == "any" else slot, life)
            here = table.sum(axis=0) if slot == "any" else table
            if radius:
                whole = (kind, slot, life, "integral")
                if whole not in self.kept:
                    self.kept[whole] = self.frame.integral(here)
                here = self.frame.window(self.kept[whole], radius)
            self.kept[key] = here
        return self.kept[key]

    def _table(self, kind: int, slot: str, life: int) -> Ints:
        """int64[shifts, N] of one type, slot and half-life."""
        key = (kind, slot, life)
        if key not in self.kept:
            held, ages = self.types[kind], age_table(life, max(self.origin - self.first, 1))
            rows = held.rows(self.origin - len(ages) + 1, self.day)
            place, day, weight = held.place[rows], held.day[rows], held.weight[rows]
            if slot != "shift":
                same = self._same_days(slot, held.weekday[rows])
                place, day, weight = place[same], day[same], weight[same]
            age = np.clip(self.origin - day, 1, len(ages) - 1)
            self.kept[key] = _added(place, weight * ages[age], (self.shifts, self.frame.size))
        return self.kept[key]

    def _same_days(self, slot: str, weekday: NDArray[np.int8]) -> Ints:
        today = (self.day + 6) % _WEEK
        same = weekday == today if slot == "weekday" else (weekday >= _SATURDAY) == (today >= _SATURDAY)
        return np.flatnonzero(same)


@lru_cache(maxsize=64)
def age_table(life: int, longest: int) -> Ints:
    """int64[ages]: the weight of each age in days (0 is no age); it ends where weights do, or at ``longest``."""
    if not life:
        return np.full(longest + 1, AGE_UNITS, dtype=np.int64)
    weights = [round(AGE_UNITS * 2.0 ** (-age / life)) for age in range(min(longest, 10 * life) + 1)]
    while weights[-1] == 0:
        weights.pop()
    return np.array([*weights, 0], dtype=np.int64)


def _relative(units: Ints, boxes: int) -> Floats:
    total = int(units.sum())
    return np.asarray(units * float(boxes) / float(total), dtype=np.float64) if total else np.ones(boxes)


def _added(place: Ints, weight: NDArray[np.integer], shape: tuple[int, ...]) -> Ints:
    """Whole numbers added up by place: doubles hold them exactly below 2⁵³."""
    size = int(np.prod(shape))
    return np.bincount(place, weights=weight, minlength=size)[:size].astype(np.int64).reshape(shape)
