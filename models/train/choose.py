"""Fits every candidate of a type and chooses by the held-out weeks that none of them saw.

A candidate takes the place of what is kept so far only where it beats it by more than half a standard error of their
weekly difference: after the one-standard-error rule of Breiman, Friedman, Olshen and Stone (*Classification and
Regression Trees*, 1984, 3.4.3), paired, as every candidate is judged on the same incidents, and halved, as none was
fitted to them. So nothing is kept that did worse than what stands before it. Must not choose by anything but those
weeks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from models.train.calibrate import power_of, scale_of
from models.train.candidates import Candidate
from models.train.sample import Sample

Floats: TypeAlias = NDArray[np.float64]

WEEK: Final = 7
TIE: Final = 0.5
"""Standard errors within which two candidates are equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A candidate, fitted and calibrated. ``deviance``: of each held-out week."""

    candidate: Candidate
    weights: Floats
    boosters: tuple[str, ...]
    scale: float
    power: float
    deviance: Floats


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate on the held-out weeks: its D², how far that is from the chosen one's, and the error of that."""

    name: str
    d2: float
    against_chosen: float
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """The rows of the held-out weeks, each with its week (0, 1, …)."""

    rows: Sample
    week: NDArray[np.int64]

    @staticmethod
    def of(whole: Sample, first: int) -> "HeldOut":
        """The rows from a day on, whole weeks of them."""
        rows = whole.part(whole.day >= first)
        return HeldOut(rows, ((rows.day - first) // WEEK).astype(np.int64))

    @property
    def uniform(self) -> float:
        """The deviance of the level alone, the same in every box."""
        return float(self.deviance(self.rows.level).sum())

    def deviance(self, expected: Floats) -> Floats:
        """float64[weeks]: the Poisson deviance, as the sample's weights estimate it for all boxes."""
        y = self.rows.y
        parts = xlogy(y, y) - xlogy(y, expected) - y + expected
        return np.bincount(self.week, weights=2.0 * self.rows.w * parts).astype(np.float64)

    def fit(self, candidate: Candidate, weights: Floats, boosters: tuple[str, ...], raw: Floats) -> Fit:
        """``raw``: what mixture and trees give each row, as a multiple of the level."""
        y, weight, level = self.rows.y, self.rows.w, self.rows.level
        power = power_of(y, weight, raw, level)
        scale = scale_of(y, weight, raw, level, power, self.week)
        return Fit(candidate, weights, boosters, scale, power, self.deviance(scale * level * raw**power))


def choose(fits: Sequence[Fit], uniform: float) -> tuple[Fit, tuple[Judged, ...]]:
    """The fit that is kept, and how all compare.

    ``fits``: in the order of candidates; ``uniform``: the deviance of the level alone.
    """
    kept = fits[0]
    for one in fits[1:]:
        kept = one if _lost(kept, one) > TIE * _error(kept, one) else kept
    judged = tuple(
        Judged(
            one.candidate.name,
            1.0 - float(one.deviance.sum()) / uniform,
            -_lost(one, kept) / uniform,
            _error(one, kept) / uniform,
        )
        for one in fits
    )
    return kept, judged


def _lost(one: Fit, other: Fit) -> float:
    """How much more deviance one has than the other."""
    return float((one.deviance - other.deviance).sum())


def _error(one: Fit, other: Fit) -> float:
    """The standard error of `_lost`, by how it varies from week to week."""
    difference = one.deviance - other.deviance
    return sqrt(len(difference)) * float(difference.std(ddof=1))
