"""Local times as instants: what the clocks of a zone show once, twice, or not at all.

Must not know how one is written.
"""

from functools import lru_cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Flags: TypeAlias = NDArray[np.bool_]
Instants: TypeAlias = NDArray[np.datetime64]
"""``datetime64[us]``; NaT where there is none."""
Either: TypeAlias = tuple[Instants, Instants, Flags, Flags]
"""Earliest and latest instant of local times, UTC, and which of them the clocks repeat or skip."""

_DAY: Final = np.timedelta64(1, "D")


def by_clocks(naive: Instants, zone: str) -> Either:
    """The instants of local times, looked up by their day, but for the few days on which clocks are changed."""
    there = ~np.isnat(naive)
    if not there.any():
        return naive, naive.copy(), ~np.ones(len(naive), bool), ~np.ones(len(naive), bool)
    day = naive.astype("datetime64[D]")
    first, last = (int(edge.astype(np.int64)) for edge in (day[there].min(), day[there].max()))
    plain, offset = _days(zone, first, last)
    at = np.where(there, day.astype(np.int64) - first, 0)
    early = naive - offset[at]
    late, repeated, skipped = early.copy(), ~np.ones(len(naive), bool), ~np.ones(len(naive), bool)
    rest = np.flatnonzero(there & ~plain[at])
    early[rest], late[rest], repeated[rest], skipped[rest] = _one_by_one(naive[rest], zone)
    return early, late, repeated, skipped


@lru_cache(maxsize=64)
def _days(zone: str, first: int, last: int) -> tuple[Flags, NDArray[np.timedelta64]]:
    """Of each day from one to another (since 1970), whether the clocks stay as they are, and local time less UTC.

    They do where midnight and the next are 24 hours apart and neither is repeated or skipped: since 1970 no zone has
    had two changes within six days (IANA tz database, 2026f).
    """
    local = np.arange(first, last + 2).astype("datetime64[D]").astype("datetime64[us]")
    early, late, _, skipped = _one_by_one(local, zone)
    sure = (early == late) & ~skipped
    return sure[:-1] & sure[1:] & (np.diff(early) == _DAY), (local - early)[:-1]


def _one_by_one(naive: Instants, zone: str) -> Either:
    """Each by the zone's own clocks."""
    local = pd.DatetimeIndex(naive)
    place = ZoneInfo(zone)
    either = [
        local.tz_localize(place, ambiguous=np.full(len(local), summer), nonexistent="shift_forward")
        for summer in (True, False)
    ]
    one, other = (np.asarray(index.tz_convert("UTC").tz_localize(None), "datetime64[us]") for index in either)
    back = np.asarray(either[0].tz_localize(None), "datetime64[us]")
    there = ~np.isnat(naive)
    return np.fmin(one, other), np.fmax(one, other), there & (one != other), there & (back != naive)
