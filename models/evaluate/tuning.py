"""Chooses the rivals' kernels and mixture shares on the tuning period. Must not see the test period.

The shares maximise the Poisson likelihood, which for a fixed level means the likelihood of where the incidents
fell: a convex problem, solved by expectation maximisation on the incidents' own boxes.
"""

from functools import cache
from typing import Final

import numpy as np

from edge.risk.counts import WEIGHT, Counts
from models.evaluate.baselines import NAMES, Baseline, candidates
from models.evaluate.parts import City, Part, part_map, past_of
from models.train.metrics import Floats, Ints

ROUNDS: Final = 300
SETTLED: Final = 1e-6  # shares that move less are found
LEAST_SHARE: Final = 1e-3
"""A uniform share no smaller, so that an incident where none was before costs a finite deviance."""


def tune(counts: Counts, kind: int, days: Ints, city: City) -> dict[str, Baseline]:
    """The rivals of one crime type, each with the kernels and shares that were likeliest on the tuning days."""
    at = _Incidents(counts, kind, days, city)
    return {name: _best(name, at) for name in NAMES}


def mixture(probabilities: Floats, weights: Floats) -> tuple[Floats, float]:
    """The shares of components and the log-likelihood: float64[incidents, components], float64[incidents]."""
    count = probabilities.shape[1]
    shares = np.full(count, 1.0 / count)
    for _ in range(ROUNDS):
        before = shares
        shares = shares * ((weights / (probabilities @ shares)) @ probabilities) / weights.sum()
        if np.abs(shares - before).max() < SETTLED:
            break
    shares[-1] = max(shares[-1], LEAST_SHARE)
    shares /= shares.sum()
    return shares, float(weights @ np.log(probabilities @ shares))


class _Incidents:
    """The tuning period's incidents, and what a part gave the box of each from what was known before its day."""

    def __init__(self, counts: Counts, kind: int, days: Ints, city: City) -> None:
        on = (counts.kind == kind) & (counts.day >= days[0]) & (counts.day <= days[-1])
        order = np.argsort(counts.day[on], kind="stable")
        self.day = counts.day[on][order]
        self.cell = counts.shift[on][order].astype(np.int64) * city.boxes + counts.box[on][order]
        self.weight = counts.weight[on][order] / WEIGHT
        self.past = past_of(counts, kind, int(days[-1]))
        self.city = city
        self.probabilities = cache(self._probabilities)

    def _probabilities(self, part: Part) -> Floats:
        starts = np.flatnonzero(np.diff(self.day, prepend=-1))
        found = [
            part_map(part, self.past.before(int(self.day[start])), self.city).ravel()[self.cell[start:end]]
            for start, end in zip(starts, [*starts[1:], len(self.day)], strict=True)
        ]
        return np.concatenate(found) if found else np.zeros(0)


def _best(name: str, at: _Incidents) -> Baseline:
    tried = []
    for parts in candidates(name):
        if not len(at.day):
            return Baseline(name, parts, tuple([0.0] * (len(parts) - 1) + [1.0]))
        shares, likelihood = mixture(np.stack([at.probabilities(part) for part in parts], axis=1), at.weight)
        tried.append((likelihood, Baseline(name, parts, tuple(shares.tolist()))))
    return max(tried, key=lambda one: one[0])[1]
