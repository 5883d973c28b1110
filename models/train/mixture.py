"""The base's weights: how much each map counts, by expectation maximisation on where incidents fell.

The likelihood of the incidents' boxes under a mixture of densities is convex in the weights, and the weights stay
non-negative. All shifts first, from equal weights, then each shift from there for a few rounds; both are drawn to where
they began, so that a rare type keeps the common weights. Sums are numpy's own, not BLAS's, whose order is that of its
threads: one core or a cluster's workers give the same weights. Must not see trees.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Floats32: TypeAlias = NDArray[np.float32]

PRIOR: Final = 10.0
"""Incidents' worth of belief in the start, a Dirichlet prior: a type with a dozen incidents keeps a mean of all maps,
where the likelihood alone would stake everything on the few maps that happen to hold them."""
LEAST_EVEN: Final = 1e-3
"""The even map's least weight: a box without any past is improbable, never impossible."""


def weights_by_shift(
    maps: Floats32, weight: Floats, shift: NDArray[np.int8], shifts: int, rounds: int, shift_rounds: int
) -> Floats:
    """float64[shifts, M]; each row sums to 1. ``maps``: those of the incidents' boxes, the even one first."""
    count = maps.shape[1]
    common = raised(maps, weight, np.full(count, 1.0 / count), rounds)
    each = [raised(maps[shift == s], weight[shift == s], common, shift_rounds) for s in range(shifts)]
    return np.stack(each)


def raised(maps: Floats32, weight: Floats, start: Floats, rounds: int) -> Floats:
    """The weights after so many rounds from a start, and drawn to it; the start itself where there is no incident."""
    found = start.copy()
    density = np.ascontiguousarray(maps, dtype=np.float64)
    total = float(weight.sum())
    for _ in range(rounds if total > 0.0 else 0):
        mixed = np.einsum("rm,m->r", density, found)
        found = (found * np.einsum("r,rm->m", weight / mixed, density) + PRIOR * start) / (total + PRIOR)
    found[0] = max(found[0], LEAST_EVEN)
    return np.asarray(found / found.sum(), dtype=np.float64)


def mixed(maps: Floats32, weights: Floats, shift: NDArray[np.int8]) -> Floats:
    """float64[R]: each row's mixture by its own shift's weights."""
    found = np.empty(len(maps))
    for s in range(len(weights)):
        held = shift == s
        found[held] = np.einsum("rm,m->r", maps[held].astype(np.float64), weights[s])
    return found
