"""The days of an evaluation: tuned on, tested on, and where the model is fitted anew. Must not know a forecast."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from edge.errors import UserError
from edge.risk.counts import Counts
from models.train.metrics import Ints

REFIT_DAYS: Final = 28
LEAST_HISTORY: Final = 28
"""Days of incidents before the first day tuned on."""


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day tested, first and last day tuned on before it: ISO dates; and the days between refits."""

    first: str
    last: str
    tune_first: str
    tune_last: str
    refit_days: int = REFIT_DAYS

    @property
    def days(self) -> Ints:
        """The ordinals of the days tested."""
        return _span(self.first, self.last)

    @property
    def tune_days(self) -> Ints:
        """The ordinals of the days tuned on."""
        return _span(self.tune_first, self.tune_last)

    @property
    def blocks(self) -> list[Ints]:
        """The days tested in spans of ``refit_days``; the model is fitted before the first of each."""
        return [self.days[start : start + self.refit_days] for start in range(0, len(self.days), self.refit_days)]

    @property
    def months(self) -> list[str]:
        """The months tested, ``2018-01``."""
        return sorted({date.fromordinal(int(day)).isoformat()[:7] for day in self.days})

    @property
    def month_of(self) -> Ints:
        """The index into `months` of each day tested."""
        months = self.months
        return np.array([months.index(date.fromordinal(int(day)).isoformat()[:7]) for day in self.days])

    def check(self, counts: Counts) -> None:
        """Raise UserError unless the spans are in order and inside the incidents' days."""
        if not (len(self.days) and len(self.tune_days)):
            msg = "--from, --to, --tune-from, --tune-to: a period ends before it starts"
            raise UserError(msg)
        if self.tune_days[-1] >= self.days[0]:
            msg = f"--tune-to {self.tune_last} is not before --from {self.first}; tuning must not use the test period"
            raise UserError(msg)
        if self.tune_days[0] < counts.first + LEAST_HISTORY or self.days[-1] > counts.last:
            first, last = (date.fromordinal(day).isoformat() for day in (counts.first, counts.last))
            msg = (
                f"the incidents cover {first} to {last}: --tune-from must lie {LEAST_HISTORY} days after the first, "
                f"--to no later than the last"
            )
            raise UserError(msg)


def _span(first: str, last: str) -> Ints:
    return np.arange(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1)
