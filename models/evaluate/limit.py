"""How much any forecast could have hit: a bound from a model that sees the rest of the period, past and future.

The weeks are dealt into three: two thirds are *seen*, and what happened in them corrects the model's own forecast of a
day in the third (`hindsight.py`), so that the bound knows all that the model does. How much each feature says is
fitted by the likelihood of where in a shift incidents fell; in turn a sixth of the weeks is judged by a fit on the
other five, each of whose days is as unseen as those judged. The traps, each of which was fallen into: a fit that
can tell one box from another inverts features that leave out only the row's own incidents (so it is linear, and knows
no box: of incidents drawn from the forecasts themselves it finds nothing); what is forecast of later days holds the
imprint of the incident itself; weeks judged must not be fitted. Trees on the same features are weaker: a sixth of the
weeks is too few for them. It is a measured bound, not a strict one: a better use of the same future may exist, and
what happens later in the day's own week is not seen. Must not be used to forecast.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.risk.frame import Frame
from models.evaluate.hindsight import WEEK, Hindsight
from models.train.metrics import Floats, Ints, boxes_in, hits

THIRDS: Final = 3
SIXTHS: Final = 6
LEAST_WEEKS: Final = 26
"""The shortest period it was tried on, New York's."""
AMONG: Final = 5.0
"""The boxes that may be ranked anew: so many times the area, by the forecast; others do not come near."""
RIDGE: Final = 10.0
"""Penalty on a squared coefficient of a standardized feature: events."""
STEPS: Final = 30
SETTLED: Final = 1e-6


def long_enough(days: int) -> bool:
    """Whether a period has weeks enough."""
    return days >= LEAST_WEEKS * WEEK


def limit_hits(observed: Floats, forecasts: NDArray[np.float32], frame: Frame, area: float) -> Floats:
    """float64[days]: the incidents in the share ``area`` of the boxes that the bound ranks highest in each shift.

    ``observed``: ``[days, shifts, boxes]``, days that follow each other; ``forecasts``: of the same shape, each day's
    made before it, above 0. The period is `long_enough`.
    """
    days, shifts, boxes = observed.shape
    week = np.arange(days) // WEEK
    rows = np.argsort(-forecasts, axis=-1, kind="stable")[..., : boxes_in(min(1.0, AMONG * area), boxes)]
    features = _standardized(_features(observed, forecasts, frame, rows, week % THIRDS))
    incidents, expected = (np.take_along_axis(values, rows, axis=-1) for values in (observed, forecasts))
    found = np.zeros(days)
    for sixth in range(SIXTHS):
        judged = week % SIXTHS == sixth
        coefficients = _fitted(features[~judged], incidents[~judged], expected[~judged])
        corrected = np.zeros((int(judged.sum()), shifts, boxes))
        factors = np.exp(features[judged] @ coefficients)
        np.put_along_axis(corrected, rows[judged], expected[judged] * factors, axis=-1)
        found[judged] = hits(observed[judged], corrected, (area,)).sum(axis=(1, 2))
    return found


def _features(observed: Floats, forecasts: NDArray[np.float32], frame: Frame, rows: Ints, third: Ints) -> Floats:
    """float64[days, shifts, rows, features]: of each day from the weeks of the other two thirds."""
    seen = [Hindsight.of(observed, third != one, frame) for one in range(THIRDS)]
    each = enumerate(forecasts)
    return np.stack([seen[third[day]].features(day, of.astype(np.float64), rows[day]) for day, of in each])


def _standardized(features: Floats) -> Floats:
    spread = features.std(axis=(0, 1, 2))
    return np.asarray(features / np.where(spread > 0.0, spread, 1.0), dtype=np.float64)


def _fitted(features: Floats, incidents: Floats, expected: NDArray[np.float32]) -> Floats:
    """float64[features]: the coefficients of the likeliest places, by Newton's method; the problem is convex.

    A shift's incidents are dealt to its boxes in proportion to expected × exp(features · coefficients).
    """
    x = features.reshape(-1, *features.shape[-2:])
    y = incidents.reshape(x.shape[:2])
    start = np.log(expected.reshape(x.shape[:2]), dtype=np.float64)
    found, events = np.zeros(x.shape[-1]), y.sum(axis=1, keepdims=True)
    for _ in range(STEPS):
        score = start + x @ found
        share = np.exp(score - score.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        mean = np.einsum("gk,gkf->gf", share, x)
        slope = np.einsum("gk,gkf->f", y - share * events, x) - RIDGE * found
        flat, weight = x.reshape(-1, x.shape[-1]), (share * events).reshape(-1, 1)
        curve = (flat * weight).T @ flat - (mean * events).T @ mean + RIDGE * np.eye(len(found))
        step = np.linalg.solve(curve, slope)
        found = found + step
        if np.abs(step).max() < SETTLED:
            break
    return found
