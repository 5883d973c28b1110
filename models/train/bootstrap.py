"""Intervals by drawing whole weeks anew, the same weeks for all methods (a paired block bootstrap).

Weeks because neighbouring days share weather and series; paired because methods are compared on the same incidents.
Must not depend on anything but the seed.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from models.train.metrics import Floats

DRAWS: Final = 2000
SEED: Final = 20180101
WEEK: Final = 7


class Weeks:
    """Seeded draws of a test period's weeks; a last week that is not whole is a block of its own."""

    def __init__(self, days: int, draws: int = DRAWS, seed: int = SEED) -> None:
        self.week = np.arange(days) // WEEK
        count = int(self.week[-1]) + 1
        drawn = np.random.default_rng(seed).integers(count, size=(draws, count))
        self.times = np.stack([np.bincount(one, minlength=count) for one in drawn]).astype(np.float64)

    def sums(self, daily: Floats) -> Floats:
        """float64[1 + draws, …] of [days, …]: the whole period's sum first, then that of each draw."""
        flat = daily.reshape(len(daily), -1)
        weekly = np.stack([flat[self.week == week].sum(axis=0) for week in range(self.times.shape[1])])
        found = np.concatenate([weekly.sum(axis=0, keepdims=True), self.times @ weekly])
        return found.reshape(-1, *daily.shape[1:])

    def interval(self, figure: Callable[..., Any], *daily: Floats) -> dict[str, float]:
        """A figure of sums over days, and its 95% interval: ``value``, ``low``, ``high``."""
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.asarray(figure(*(self.sums(one) for one in daily)), dtype=np.float64)
        low, high = np.nanpercentile(values[1:], (2.5, 97.5)) if np.isfinite(values[1:]).any() else (np.nan, np.nan)
        return {"value": float(values[0]), "low": float(low), "high": float(high)}
