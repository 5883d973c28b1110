"""Level and calibration on held-out weeks: risk = scale × raw ^ power, both common to all shifts.

A power below 1 takes back what the top boxes were over-forecast. Both are pulled towards 1 as by so much evidence, so
that a rare type keeps its model. Must not see a row that the model was trained on.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

POWER_SD: Final = 0.03
"""Standard deviation of the power about 1 before the weeks were seen."""
SCALE_EVENTS: Final = 2000.0
"""The level's weight about 1, in incidents."""
_STEPS: Final = 12


def power_of(y: Floats, weight: Floats, raw: Floats, level: Floats) -> float:
    """The likeliest power b for Poisson counts ``level × a × raw ** b``, by Newton's steps.

    ``weight``: inverse chances of the rows; ``raw``: each row's mixture times factors. 1 where there is no incident.
    """
    log = np.log(raw)
    power = 1.0
    if not (weight * y).sum() > 0.0:
        return power  # no incident in these weeks: they say nothing of places
    for _ in range(_STEPS):
        risk = weight * level * raw**power
        risk *= (weight * y).sum() / risk.sum()
        mean = (risk * log).sum() / risk.sum()
        gradient = (weight * y * (log - mean)).sum() - (power - 1.0) / POWER_SD**2
        bend = (risk * (log - mean) ** 2).sum() + 1.0 / POWER_SD**2
        power += float(np.clip(gradient / bend, -0.2, 0.2))
    return power


def scale_of(y: Floats, weight: Floats, raw: Floats, level: Floats, power: float, week: NDArray[np.int64]) -> float:
    """The scale: the power leaves the sum as it was, and the held-out weeks' incidents are met.

    One for all shifts: the weeks' own mix of shifts is that of a season, which the trees know from all years. ``week``:
    of each row (0, 1, …); the median week counts, so that weeks without records, or those in which the level follows a
    step in recording, say nothing of the level to come.
    """
    raised = weight * level * raw**power
    flat = float((weight * level * raw).sum() / raised.sum())
    expected = np.bincount(week, weights=flat * raised)
    met = float(np.median(np.bincount(week, weights=weight * y) / expected))
    total = float(expected.sum())
    return flat * (met * total + SCALE_EVENTS) / (total + SCALE_EVENTS)
