"""The rows trained on: every box and shift with an incident, and a thinned sample of those without, weighted back.

Which empty row is kept is a matter of its own hash (seed, type, day, shift, box) and of the maps known on that day: so
a row is the same row in every refit, and its features are computed once. Must not look at a day's own counts for more
than the label.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.risk.counts import WEIGHT, Counts
from edge.risk.features import Recipe, World, rows
from edge.risk.maps import MapName

Floats: TypeAlias = NDArray[np.float64]
Floats32: TypeAlias = NDArray[np.float32]

_LIKELY: Final = (MapName.parse("own.shift.ever.r1"), MapName.parse("own.any.h365.r2"))
"""Empty rows are kept in proportion to a quarter plus three quarters of the mean of these maps."""
_EVEN_PART: Final = 0.25
SETTLED: Final = 7
"""Days until a day's incidents are all known (a span of more than seven days is never counted): the label waits."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Rows of many days.

    ``y``: incidents. ``w``: inverse of the chance to be kept. ``day``, ``shift``. ``features``: float32[R, F].
    ``maps``: float32[R, M]. ``level``: of the row's day and shift.
    """

    y: Floats
    w: Floats
    day: NDArray[np.int32]
    shift: NDArray[np.int8]
    features: Floats32
    maps: Floats32
    level: Floats

    def __len__(self) -> int:
        return len(self.y)

    def part(self, on: NDArray[np.bool_]) -> "Sample":
        """The rows chosen."""
        return Sample(**{name: getattr(self, name)[on] for name in _FIELDS})


def narrowed(sample: Sample, whole: Recipe, recipe: Recipe) -> Sample:
    """The sample with only a smaller recipe's columns and maps."""
    if recipe == whole:
        return sample
    columns = [whole.columns.index(column) for column in recipe.columns]
    maps = [whole.maps.index(name) for name in recipe.maps]
    return replace(sample, features=sample.features[:, columns], maps=sample.maps[:, maps])


def labels(counts: Counts, kind: int, day: int, shifts: int, boxes: int) -> Floats:
    """float64[shifts, boxes]: incidents of a type on a day that were known within `SETTLED` days."""
    first, end = np.searchsorted(counts.known, [day, day + SETTLED + 1])
    part = slice(int(first), int(end))
    held = (counts.kind[part] == kind) & (counts.day[part] == day)
    place = counts.shift[part][held].astype(np.int64) * boxes + counts.box[part][held]
    units = np.bincount(place, weights=counts.weight[part][held], minlength=shifts * boxes)
    return (units / WEIGHT).reshape(shifts, boxes)


def uniform(seed: int, kind: int, day: int, shift: int, boxes: int) -> Floats:
    """float64[boxes] in [0, 1): a number of each row's own (splitmix64)."""
    start = (((seed * 16 + kind) * 4_000_000 + day) * 32 + shift) * 1_000_003
    x = np.arange(boxes, dtype=np.uint64) + np.uint64(start % 2**63)
    with np.errstate(over="ignore"):
        for shift_by, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
            x = (x + np.uint64(0x9E3779B97F4A7C15)) if shift_by == 30 else x  # noqa: PLR2004 - the first step
            x = (x ^ (x >> np.uint64(shift_by))) * np.uint64(factor)
    return (x >> np.uint64(11)).astype(np.float64) * 2.0**-53


class Cache:
    """A type's sampled rows by day, kept over refits: a row known for good never changes."""

    def __init__(self, recipe: Recipe, kind: int, seed: int, rate: float) -> None:
        self.recipe, self.kind, self.seed, self.rate = recipe, kind, seed, rate
        self._days: dict[int, Sample] = {}

    def window(self, world: World, first: int, end: int) -> Sample:
        """The rows of the days from ``first`` to before ``end``.

        Every day must be settled: ``end + SETTLED`` no later than the day after the counts' last.
        """
        for day in range(first, end):
            if day not in self._days:
                self._days[day] = sampled(world, self.recipe, self.kind, day, self.seed, self.rate)
        return joined([self._days[day] for day in range(first, end)])


def sampled(world: World, recipe: Recipe, kind: int, day: int, seed: int, rate: float) -> Sample:
    """The rows of one day, all shifts."""
    boxes, past = world.frame.size, world.past(day)
    found = labels(world.counts, kind, day, world.shifts, boxes)
    parts = []
    for shift in range(world.shifts):
        likely = sum(past.share(name, kind, shift) for name in _LIKELY) / len(_LIKELY)
        chance = np.minimum(1.0, rate * (_EVEN_PART + (1.0 - _EVEN_PART) * likely))
        happened = found[shift] > 0.0
        at = np.flatnonzero(happened | (uniform(seed, kind, day, shift, boxes) < chance))
        made = rows(world, recipe, kind, day, shift, at)
        held = len(at)
        parts.append(
            Sample(
                y=found[shift][at],
                w=np.where(happened, 1.0, 1.0 / chance)[at],
                day=np.full(held, day, dtype=np.int32),
                shift=np.full(held, shift, dtype=np.int8),
                features=made.features,
                maps=made.maps.astype(np.float32),
                level=np.full(held, made.level),
            )
        )
    return joined(parts)


def joined(parts: Sequence[Sample]) -> Sample:
    """The rows of all parts, in their order. Raises ValueError where there is none."""
    return Sample(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in _FIELDS})


_FIELDS: Final = tuple(field.name for field in fields(Sample))
