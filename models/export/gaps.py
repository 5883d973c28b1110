"""What is missing in an agency's incidents and sources, as sentences for the card. Must not mend anything."""

import re
from datetime import date, timedelta
from typing import Final

import numpy as np

from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import WEIGHT, Counts
from edge.risk.events import Events
from edge.risk.layers import Layers

LATE_DAYS: Final = 28
LATE_SHARE: Final = 0.8
YEAR: Final = 365
_MOST: Final = 5
_NAMED: Final = 20
_OF_ONE: Final = re.compile("_(here|3x3|5x5|m)$")
"""What a kind of place's columns end with."""


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


def empty_sources(layers: Layers, events: Events) -> tuple[str, ...]:
    """A sentence for each feature group whose sources were given, and hold nothing near the agency for some columns."""
    empty: dict[str, list[str]] = {}
    for column, values in zip(layers.columns, layers.values.T, strict=True):
        if len(values) and (values == np.float32(column.missing)).all():
            empty.setdefault(column.group, []).append(_OF_ONE.sub("", column.name))
    groups = {group: list(dict.fromkeys(names)) for group, names in empty.items()}
    if events.about and not len(events.box):
        groups[events.about[0].group] = ["events"]
    return tuple(
        f"Group {group}: its sources hold no {_listed(names)} near the agency." for group, names in groups.items()
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
