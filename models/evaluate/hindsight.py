"""What a model that sees other weeks of a period, past and future, may read of a day: for the bound in `limit.py`.

Each feature is the incidents of the *seen* weeks in a window of days, over what the day's own forecast expects in as
many days: in the box, in its shift, on its weekday, or in the boxes around. The forecast was made before the day, so
it knows neither the day nor what came later; forecasts of later days hold the imprint of the day's incidents, and
must not be read. Must not see an incident of a week that is not seen.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.risk.frame import Frame
from models.train.metrics import Floats, Ints

WEEK: Final = 7
UNITS: Final = 1_000_000
"""Whole numbers an incident: `Frame.sums` adds whole numbers."""


@dataclass(frozen=True, slots=True)
class Window:
    """One feature: log((seen + ``prior``) / (expected + ``prior``)).

    ``days``: after the day, None: to the period's end. ``before``: all before it, too. ``radius``: boxes around.
    ``by_shift``, ``by_weekday``: only the incidents of the same. ``prior``: incidents; the more, the less a few say.
    """

    prior: float
    days: int | None = None
    before: bool = False
    radius: int = 0
    by_shift: bool = False
    by_weekday: bool = False


WINDOWS: Final = (
    Window(5.0),
    Window(20.0),
    Window(5.0, by_shift=True),
    Window(5.0, by_weekday=True),
    Window(20.0, radius=1),
    Window(2.0, days=14),
    Window(5.0, days=14, radius=1),
    Window(5.0, days=45),
    Window(5.0, before=True),
    Window(20.0, before=True),
    Window(10.0, before=True, by_shift=True),
)
"""By the likelihood of Chicago's thefts of 2017 and of four types of New York 2015."""
FEATURES: Final = 1 + len(WINDOWS)


@dataclass(frozen=True, slots=True, eq=False)
class Hindsight:
    """The seen weeks of a period. ``counts``: int64[days, shifts, boxes], millionths, 0 where ``seen`` is false."""

    counts: Ints
    seen: NDArray[np.bool_]
    frame: Frame

    @staticmethod
    def of(observed: Floats, seen: NDArray[np.bool_], frame: Frame) -> "Hindsight":
        """``observed``: ``[days, shifts, boxes]``; ``seen``: bool[days]."""
        return Hindsight(_units(np.where(seen[:, None, None], observed, 0.0)), seen, frame)

    def features(self, day: int, forecast: Floats, rows: Ints) -> Floats:
        """float64[shifts, rows, `FEATURES`] of a day; ``forecast``: ``[shifts, boxes]``, ``rows``: boxes by shift."""
        found = [np.log(np.take_along_axis(forecast, rows, axis=1))]
        for window in WINDOWS:
            ratio = np.broadcast_to(self._ratio(window, day, forecast), forecast.shape)
            found.append(np.take_along_axis(ratio, rows, axis=1))
        return np.stack(found, axis=-1)

    def _ratio(self, window: Window, day: int, forecast: Floats) -> Floats:
        on = self._days(window, day)
        over = (0,) if window.by_shift else (0, 1)
        seen = self.frame.sums(self.counts[on].sum(axis=over), window.radius) / UNITS
        rate = forecast if window.by_shift else forecast.sum(axis=0)
        expected = self.frame.sums(_units(rate * len(on)), window.radius) / UNITS
        expected = expected * (seen.sum() / max(float(expected.sum()), 1.0 / UNITS))
        return np.asarray(np.log((seen + window.prior) / (expected + window.prior)), dtype=np.float64)

    def _days(self, window: Window, day: int) -> Ints:
        end = len(self.seen) if window.days is None else day + 1 + window.days
        first = 0 if window.before else day + 1
        days = np.flatnonzero(self.seen[first:end]) + first
        return days[(days - day) % WEEK == 0] if window.by_weekday else days


def _units(values: Floats) -> Ints:
    return np.rint(values * UNITS).astype(np.int64)
