"""Small made cities for what must hold on every city: places of their own, near repeats, weekdays. A helper."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import WEIGHT, Counts
from tests.risk.small_world import CELLS, FIRST, SHIFTS

A_DAY: Final = {"theft": 5.0, "robbery": 1.5, "burglary": 2.0, "homicide": 0.04}
"""Incidents that come of themselves; each is followed by another with the chance `REPEATS`."""
REPEATS: Final = 0.25
WITHIN: Final = 8.0
"""Days until a repeat, on the mean."""


def made_city(seed: int, days: int) -> Counts:
    """Every type has its places, some shared with theft; shifts and weekends differ; some incidents are repeated."""
    random = np.random.default_rng(seed)
    shared = random.gamma(0.6, 1.0, len(CELLS))
    parts = [_of_type(random, CRIME_TYPES.index(name), rate, shared, days) for name, rate in A_DAY.items()]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Counts.of(columns, FIRST, FIRST + days - 1)


def without_days(counts: Counts, first: int, end: int) -> Counts:
    """Nothing recorded from a day to before another; days count from the city's first."""
    return _kept(counts, (counts.day < FIRST + first) | (counts.day >= FIRST + end))


def halved_before(counts: Counts, day: int, seed: int) -> Counts:
    """Half of what happened before a day was recorded: from then on counts are double."""
    kept = np.random.default_rng(seed).random(len(counts)) < 0.5
    return _kept(counts, kept | (counts.day >= FIRST + day))


def _of_type(
    random: np.random.Generator, kind: int, rate: float, shared: NDArray[np.float64], days: int
) -> dict[str, NDArray[np.int64]]:
    places = shared * random.gamma(0.8, 1.0, len(CELLS))
    week = np.array([1.0, 1.0, 1.0, 1.0, 1.3, 1.6, 1.2])
    daily = random.poisson(rate * week[(FIRST + np.arange(days) + 6) % 7])
    day = np.repeat(np.arange(days), daily)
    box = random.choice(len(CELLS), len(day), p=places / places.sum())
    again = random.random(len(day)) < REPEATS
    later = day[again] + 1 + random.exponential(WITHIN, int(again.sum())).astype(np.int64)
    day, box = np.concatenate([day, later]), np.concatenate([box, box[again]])
    on = day < days
    day, box = day[on] + FIRST, box[on]
    shift = random.choice(SHIFTS, len(day), p=(0.2, 0.3, 0.5))
    same = {"kind": np.full(len(day), kind), "weight": np.full(len(day), WEIGHT)}
    return {**same, "box": box, "day": day, "known": day, "shift": shift}


def _kept(counts: Counts, on: NDArray[np.bool_]) -> Counts:
    names = ("kind", "box", "day", "shift", "known", "weight")
    return Counts.of({name: getattr(counts, name)[on].astype(np.int64) for name in names}, counts.first, counts.last)
