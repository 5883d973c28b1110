"""What the times of day of a trial import tell: piles at midnight and on the hour, and hours of another zone.

Must not know how times were written.
"""

from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Counts: TypeAlias = NDArray[np.int64]

_LEAST: Final = 200
"""Times, from which their distribution says something."""
_CURVE: Final = 1000
_HOUR: Final = 60
_DAY: Final = 24 * _HOUR
_ON_THE_HOUR: Final = 0.25
"""Share on full hours from which it is told; a sixtieth would be even."""
_PILE: Final = 3.0
"""Times as many as at the full hours beside it."""
_RARE: Final = 0.005
_QUIET: Final = (2.5, 7.5)
"""The middle of the quietest five hours of a city's day, by local clocks."""
_ABROAD: Final = (9.0, 16.0)
"""The same of American clocks that show UTC."""
_DEEP: Final = 0.75
_WINDOW: Final = 5


def minutes(incidents: pd.DataFrame, zone: str) -> Counts:
    """``int64[1440]``: how many incidents that are known to the minute begin at each minute of the local day."""
    every = incidents.loc[incidents["from_utc"] == incidents["to_utc"], "from_utc"]
    local = pd.DatetimeIndex(every).tz_convert(ZoneInfo(zone))
    return np.bincount(local.hour * _HOUR + local.minute, minlength=_DAY).astype(np.int64)


def piles(counts: Counts) -> tuple[list[str], list[str]]:
    """Sentences on times of day that stand for others, and the times that seem to mean *unknown*."""
    total = int(counts.sum())
    if total < _LEAST:
        return [], []
    if not counts[:_HOUR].any() and not counts[13 * _HOUR :].any():
        said = (
            "no time is before 01:00 or after 12:59: hours of 12, without the AM or PM that says which half of the day"
        )
        return [said], []
    share = counts[::_HOUR].sum() / total
    notes = [f"{share:.0%} of the times are on the full hour: many are rounded"] if share > _ON_THE_HOUR else []
    unknown = []
    for minute, beside in _usual(counts).items():
        if counts[minute] > max(_PILE * beside, _RARE * total):
            text = f"{minute // _HOUR:02d}:{minute % _HOUR:02d}"
            notes.append(
                f"{counts[minute]:,} times ({counts[minute] / total:.1%}) are {text}, far more than usual: if that "
                f'means "unknown", set unknown = ["{text}"] under [time]'
            )
            unknown.append(text)
    return notes, unknown


def _usual(counts: Counts) -> dict[int, float]:
    """Minutes of the day that often mean *unknown* (00:00, 00:01, 12:00, 23:59), and how many would be usual there."""
    hours = counts[::_HOUR]
    return {
        0: float(np.median(hours)),
        1: float(np.median(counts[2:_HOUR])),
        12 * _HOUR: float(hours[11] + hours[13]) / 2,
        _DAY - 1: float(np.median(counts[-_HOUR:-1])),
    }


def quiet_hour(counts: Counts) -> float | None:
    """The middle of the quietest hours, 0 to 24; None where there are too few times, or none is quiet."""
    exact = counts.copy()
    exact[[0, 1, 12 * _HOUR]] = 0
    total = int(exact.sum())
    if total < _CURVE:
        return None
    hours = exact.reshape(24, _HOUR).sum(axis=1)
    around = np.array([np.roll(hours, -start)[:_WINDOW].sum() for start in range(24)])
    start = int(around.argmin())
    if around[start] > _DEEP * around.mean():
        return None
    return (start + _WINDOW / 2) % 24


def is_local(hour: float) -> bool:
    """Whether a quietest hour is that of local clocks."""
    return _QUIET[0] <= hour <= _QUIET[1]


def is_utc(hour: float) -> bool:
    """Whether a quietest hour is that of American clocks in UTC."""
    return _ABROAD[0] <= hour <= _ABROAD[1]
