"""The base of a forecast: the city's level for a shift, and a mixture of maps that spreads it over the boxes.

The level is a profile by shift and weekday, recent years weighing more, times (observed + k) / (expected + k) of the
last three weeks (tuned on Chicago's totals of 2014 to 2017). It needs counts alone, so car and headquarters agree.
Sums are of whole numbers, or exact (`fsum`: the built-in sum of floats has another last bit from Python 3.12 on). Must
not learn.
"""

from math import fsum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.risk.counts import WEIGHT

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

PROFILE_LIFE: Final = 730
"""Half-life of the profile, days."""
TRACKED: Final = 21
"""Days over which the level is tracked."""
TRACKED_K: Final = 2.0
"""k: this many days' incidents pull the tracked level towards the profile's,"""
LEAST_K: Final = 15.0
"""but at least so many incidents: a rare type's level follows its profile."""
_PRIOR_DAYS: Final = 5.0
"""A weekday's own share of a shift is believed as of so many days (weights of the profile) of evidence."""
_FLOOR: Final = 1e-3
"""Incidents a shift where nothing ever happened: no level is 0, so that its logarithm exists."""
_UNITS: Final = 1 << 16
_WEEK: Final = 7


def level(city: Ints, first: int, day: int, shift: int) -> float:
    """Expected incidents of a type in all boxes for a shift of a day.

    ``city``: int64[shifts, days], units, of the days from ``first`` on; its end is the origin.
    """
    if not city.shape[1]:
        return _FLOOR
    means = profile(city, first)
    recent = city[:, -TRACKED:]
    observed = int(recent.sum()) / WEIGHT
    origin = first + city.shape[1]
    expected = 0.0
    for back in range(1, recent.shape[1] + 1):
        for each in range(len(city)):
            expected += means[each][(origin - back + 6) % _WEEK]
    k = max(TRACKED_K * expected / recent.shape[1], LEAST_K)
    mean = means[shift][(day + 6) % _WEEK]
    return float(max(mean * (observed + k) / (expected + k), _FLOOR))


def profile(city: Ints, first: int) -> list[list[float]]:
    """Mean incidents by shift and weekday, shrunk to the shift's mean times the weekday's factor."""
    shifts, span = city.shape
    ages = range(span, 0, -1)
    weights = np.array([round(_UNITS * 2.0 ** (-age / PROFILE_LIFE)) for age in ages], dtype=np.int64)
    weekday = (np.arange(first, first + span) + 6) % _WEEK
    seen = [int(weights[weekday == each].sum()) / _UNITS for each in range(_WEEK)]
    sums = [
        [int((city[s] * weights)[weekday == each].sum()) / (_UNITS * WEIGHT) for each in range(_WEEK)]
        for s in range(shifts)
    ]
    days = max(fsum(seen), 1e-9)
    per_shift = [fsum(row) / days for row in sums]
    every = fsum(per_shift)
    found: list[list[float]] = []
    for row, mean in zip(sums, per_shift, strict=True):
        found.append([])
        for each in range(_WEEK):
            of_day = fsum(other[each] for other in sums)
            factor = (of_day + _PRIOR_DAYS * every) / ((seen[each] + _PRIOR_DAYS) * every) if every else 1.0
            found[-1].append((row[each] + _PRIOR_DAYS * mean * factor) / (seen[each] + _PRIOR_DAYS))
    return found


def mixture(maps: Floats, weights: Floats) -> Floats:
    """float64[N]: the weighted maps added one after the other (never by BLAS, whose order differs by machine)."""
    total = np.zeros(len(maps))
    for index, weight in enumerate(weights):
        total += maps[:, index] * weight
    return total
