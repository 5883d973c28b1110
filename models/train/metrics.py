"""The figures that forecasts are judged by, on expected counts of boxes.

``observed`` and ``expected`` are float64 of the same shape, boxes last: incidents (an aoristic one in parts) and
expected counts. All are pure functions. Must not know a model.

D² of a forecast is 1 − deviance / deviance of the *uniform* forecast, which gives every box of a shift the same
share of the shift's level.
"""

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, xlogy

from edge.risk.counts import WEIGHT, Counts

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

AREAS: Final = (0.005, 0.01, 0.02, 0.05)
"""Shares of the agency's boxes that hits are counted in, each shift anew."""
BINS: Final = 20
DECILES: Final = 10


def truth(counts: Counts, kind: int, days: Ints, shifts: int, boxes: int) -> Floats:
    """float64[days, shifts, boxes]: the incidents of a type; ``days``: consecutive ordinals."""
    on = (counts.kind == kind) & (counts.day >= days[0]) & (counts.day <= days[-1])
    day = counts.day[on].astype(np.int64) - days[0]
    cell = (day * shifts + counts.shift[on]) * boxes + counts.box[on]
    sums = np.bincount(cell, weights=counts.weight[on], minlength=len(days) * shifts * boxes)
    return np.asarray(sums.reshape(len(days), shifts, boxes) / WEIGHT, dtype=np.float64)


def deviance(observed: Floats, expected: Floats) -> Floats:
    """The Poisson deviance 2 Σ (y ln(y/μ) − y + μ) over the boxes; infinite where μ = 0 and y > 0."""
    parts = xlogy(observed, observed) - xlogy(observed, expected) - observed + expected
    return np.asarray(2.0 * parts.sum(axis=-1), dtype=np.float64)


def tie_order(boxes: int) -> Ints:
    """A fixed permutation of the boxes: by the splitmix64 hash of their index, so that ties favour no corner."""
    with np.errstate(over="ignore"):
        x = (np.arange(boxes, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return np.argsort(x, kind="stable").astype(np.int64)


def ranking(expected: Floats) -> Ints:
    """The boxes by falling expected count, int64 of the same shape; ties stand in `tie_order`."""
    order = tie_order(expected.shape[-1])
    return np.asarray(order[np.argsort(-expected[..., order], axis=-1, kind="stable")], dtype=np.int64)


def boxes_in(area: float, boxes: int) -> int:
    """How many boxes a share of the area is: rounded, at least one."""
    return max(1, round(area * boxes))


def hits(observed: Floats, expected: Floats, areas: tuple[float, ...] = AREAS) -> Floats:
    """The incidents in the highest boxes of each shift: float64[…, areas]."""
    sums = np.cumsum(np.take_along_axis(observed, ranking(expected), axis=-1), axis=-1)
    return np.asarray(sums[..., [boxes_in(area, observed.shape[-1]) - 1 for area in areas]], dtype=np.float64)


def brier(observed: Floats, expected: Floats) -> Floats:
    """The mean over the boxes of (p − o)²: p = 1 − e^−μ; o = min(y, 1), whether there was an incident."""
    missed = -np.expm1(-expected) - np.minimum(observed, 1.0)
    return np.asarray((missed * missed).mean(axis=-1), dtype=np.float64)


def equal_bins(mass: Floats, bins: int = BINS) -> Ints:
    """The bin, 0 to ``bins`` − 1, of each of the sorted items so that the bins hold about equal mass."""
    total = np.cumsum(mass)
    middle = (total - mass / 2.0) / total[-1]
    return np.asarray(np.minimum(middle * bins, bins - 1.0).astype(np.int64), dtype=np.int64)


def binned(observed: Floats, expected: Floats, *, by_expected: bool) -> tuple[Floats, Floats]:
    """Observed and expected incidents in `BINS` bins of boxes and shifts in the order of their expected count.

    The bins hold equal numbers of box-shifts, or (``by_expected``) equal expected counts.
    """
    order = np.argsort(expected, axis=None, kind="stable")
    mu, y = expected.ravel()[order], observed.ravel()[order]
    bins = equal_bins(mu if by_expected else np.ones_like(mu))
    return (
        np.bincount(bins, weights=y, minlength=BINS).astype(np.float64),
        np.bincount(bins, weights=mu, minlength=BINS).astype(np.float64),
    )


def relative_error(observed: Floats, expected: Floats) -> float:
    """Σ |observed − expected| / Σ observed over bins or groups; NaN without an incident."""
    total = float(observed.sum())
    return float(np.abs(observed - expected).sum()) / total if total else float("nan")


def d2(deviances: Any, uniform: Any) -> Any:
    """1 − deviance / the uniform forecast's."""
    return 1.0 - deviances / uniform


def ratio_interval(observed: float, expected: float) -> tuple[float, float]:
    """The exact 95% Poisson interval of observed / expected, the expected count taken as known (Garwood)."""
    low = float(gammaincinv(observed, 0.025)) if observed > 0 else 0.0
    return low / expected, float(gammaincinv(observed + 1.0, 0.975)) / expected
