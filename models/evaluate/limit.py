"""How much any forecast could have hit: a bound from models that see the rest of the period, past and future.

The weeks are dealt into three: two thirds are *seen*, and what happened in them, before and after a day, becomes its
features: counts of the box, of box × shift, of the weekday, of 3 × 3 and 5 × 5 boxes, of 14 and of 45 days to both
sides, each over what rates *frozen in the first week* gave for the same days. To these comes the model's own forecast
of the day, as it was made, so that the bound knows all that the model does. Of the other third, half fits and the
other half is judged; in turn every week is judged. Three traps, each of which was fallen into: features that leave
out only the row's own incident are lower where there was one, and the fit inverts them (so the weeks fitted are as
unseen as those judged); rates of later weeks hold the imprint of the incident itself (so they are frozen; a forecast
made before the day holds none); weeks judged must not be fitted. It is a measured bound, not a strict one: a better
use of the same future may exist, and what happens later in the day's own week is not seen. Must not be used to
forecast.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from edge.risk.frame import Frame
from models.train.metrics import Floats, Ints, hits

WEEK: Final = 7
THIRDS: Final = 3
LEAST_WEEKS: Final = 40
"""A shorter period has too few weeks to fit on, a sixth of them: on New York's 26 the bound fell below the model."""
SIDES: Final = (14, 45)
"""Days to both sides."""
UNITS: Final = 1_000_000
"""A rate's whole numbers a unit: `Frame.sums` adds whole numbers."""
PRIOR: Final = 1.0
"""Incidents added to both sides of a ratio, so that an empty box says little."""
EMPTY: Final = 10
"""Of the boxes without an incident one in so many is fitted on, with as much weight."""
ROUNDS: Final = 200
PARAMETERS: Final[dict[str, Any]] = {
    "objective": "poisson",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 250,
    "lambda_l2": 20.0,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 0,
    "verbose": -1,
}


def long_enough(days: int) -> bool:
    """Whether a period has weeks enough."""
    return days >= LEAST_WEEKS * WEEK


def limit_hits(observed: Floats, forecasts: NDArray[np.float32], frame: Frame, area: float) -> Floats:
    """float64[days]: the incidents in the share ``area`` of the boxes that the bound ranks highest in each shift.

    ``observed``: ``[days, shifts, boxes]``, days that follow each other; ``forecasts``: of the same shape, each day's
    made before it. The period is `long_enough`.
    """
    days = len(observed)
    week = np.arange(days) // WEEK
    found, rate = np.zeros(days), forecasts[:WEEK].mean(axis=0, dtype=np.float64)
    for third in range(THIRDS):
        unseen = week % THIRDS == third
        seen = _Seen.of(np.where(unseen[:, None, None], 0.0, observed), rate, forecasts, frame)
        half = week // THIRDS % 2
        for judged in (0, 1):
            booster = _fitted(seen, observed, np.flatnonzero(unseen & (half != judged)))
            for day in np.flatnonzero(unseen & (half == judged)).tolist():
                raw = booster.predict(seen.features(day), raw_score=True, num_threads=1)
                expected = forecasts[day] * np.exp(np.asarray(raw).reshape(seen.rate.shape))
                found[day] = hits(observed[day], expected, (area,)).sum()
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What the seen weeks hold.

    ``rate``: float64[shifts, boxes], frozen; ``forecasts``: float32[days, shifts, boxes]. ``around``: int64[boxes] by
    radius, the rate of a day around each. ``before``: int64[days + 1, boxes], the incidents before each day.
    ``still``: float32[shifts, boxes, features] that are the same every day. ``by_weekday``: float32[7, boxes].
    """

    rate: Floats
    forecasts: NDArray[np.float32]
    around: list[Ints]
    before: Ints
    still: Any
    by_weekday: Any
    frame: Frame

    @staticmethod
    def of(counts: Floats, rate: Floats, forecasts: NDArray[np.float32], frame: Frame) -> "_Seen":
        """From counts that are 0 on days not seen."""
        whole = np.rint(counts * UNITS).astype(np.int64)
        by_box, of_box = whole.sum(axis=1), _units(rate.sum(axis=0))
        weekday = np.arange(len(counts)) % WEEK
        around = [frame.sums(of_box, radius) for radius in (0, 1, 2)]
        rows = [_ratio(frame.sums(by_box.sum(axis=0), radius), rates) for radius, rates in enumerate(around)]
        shape = rate.shape
        still = [np.broadcast_to(row, shape) for row in rows]
        by_shift = whole.sum(axis=0)
        still += [_ratio(frame.sums(by_shift, radius), frame.sums(_units(rate), radius)) for radius in (0, 1)]
        still += [np.log(rate), np.broadcast_to(np.arange(shape[0])[:, None], shape)]
        return _Seen(
            rate=rate,
            forecasts=forecasts,
            around=around,
            before=np.concatenate([np.zeros((1, shape[1]), dtype=np.int64), np.cumsum(by_box, axis=0)]),
            still=np.stack(still, axis=-1).astype(np.float32),
            by_weekday=np.stack([_ratio(by_box[weekday == one].sum(axis=0), of_box) for one in range(WEEK)]),
            frame=frame,
        )

    def features(self, day: int) -> Any:
        """float32[shifts × boxes, features] of a day."""
        return np.concatenate([self.still, *self._of_day(day)], axis=-1).reshape(self.rate.size, -1)

    def _of_day(self, day: int) -> Iterator[Any]:
        yield np.log(self.forecasts[day] / self.rate)[..., None].astype(np.float32)
        yield self._wide(self.by_weekday[day % WEEK])
        for side in SIDES:
            low, high = max(0, day - side), min(len(self.before) - 1, day + side + 1)
            near = self.before[high] - self.before[low]
            for radius in (0, 1):
                yield self._wide(_ratio(self.frame.sums(near, radius), self.around[radius]))

    def _wide(self, row: Any) -> Any:
        return np.broadcast_to(row, self.rate.shape)[..., None].astype(np.float32)


def _fitted(seen: _Seen, observed: Floats, days: Ints) -> lgb.Booster:
    random = np.random.default_rng(0)
    features, y, weight, base = [], [], [], []
    for day in days.tolist():
        truth = observed[day].ravel()
        rows = np.flatnonzero((truth > 0.0) | (random.random(truth.size) < 1.0 / EMPTY))
        features.append(seen.features(day)[rows])
        y.append(truth[rows])
        weight.append(np.where(truth[rows] > 0.0, 1.0, EMPTY))
        base.append(np.log(seen.forecasts[day].ravel()[rows]))
    data = lgb.Dataset(
        np.concatenate(features),
        np.concatenate(y),
        weight=np.concatenate(weight),
        init_score=np.concatenate(base),
        params=PARAMETERS,
    )
    return lgb.train(PARAMETERS, data, ROUNDS)


def _units(rate: Floats) -> Ints:
    return np.maximum(np.rint(rate * UNITS).astype(np.int64), 1)


def _ratio(observed: Ints, expected: Ints) -> Any:
    """Log of observed over expected incidents: what is expected is brought to as many incidents as there were."""
    total = float(expected.sum(axis=-1).sum())
    scaled = expected * (float(observed.sum()) / total) / UNITS
    return np.log((observed / UNITS + PRIOR) / (scaled + PRIOR)).astype(np.float32)
