"""What is missing in an agency's incidents, as sentences for the card. Must not mend anything."""

from datetime import date, timedelta
from typing import Final

import numpy as np

from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import WEIGHT, Counts

LATE_DAYS: Final = 28
LATE_SHARE: Final = 0.8
YEAR: Final = 365
_MOST: Final = 5


def gaps_of(counts: Counts) -> tuple[str, ...]:
    """Days on which nothing at all was recorded, last weeks that are low, and types that lack incidents."""
    span = counts.last - counts.first + 1
    whole = (counts.day >= counts.first) & (counts.day <= counts.last)
    daily = np.bincount(counts.day[whole] - counts.first, weights=counts.weight[whole], minlength=span) / WEIGHT
    return (*_empty(daily, counts.first), *_low_end(daily), *_lacking(counts))


def _empty(daily: np.ndarray, first: int) -> tuple[str, ...]:
    empty = np.flatnonzero(daily == 0.0)
    if not empty.size:
        return ()
    some = ", ".join((date.fromordinal(first) + timedelta(days=int(day))).isoformat() for day in empty[:_MOST])
    more = ", …" if empty.size > _MOST else ""
    return (f"{empty.size} of {len(daily)} days have no incidents of any type: {some}{more}.",)


def _low_end(daily: np.ndarray) -> tuple[str, ...]:
    """The last weeks beside the same weeks of the year before: a portal is filled for weeks after the day."""
    if len(daily) < YEAR + LATE_DAYS:
        return ()
    now, before = float(daily[-LATE_DAYS:].sum()), float(daily[-YEAR - LATE_DAYS : -YEAR].sum())
    if now >= LATE_SHARE * before:
        return ()
    return (
        f"The last {LATE_DAYS} days have {now / before:.0%} of the incidents of a year earlier; some may be missing.",
    )


def _lacking(counts: Counts) -> tuple[str, ...]:
    absent = [name for kind, name in enumerate(CRIME_TYPES) if not (counts.kind == kind).any()]
    return (f"No {', '.join(absent)} incidents were imported.",) if absent else ()
