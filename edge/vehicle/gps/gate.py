"""The gate: is this position possible, and new? The last word before a ``Fix`` leaves the receiver's side.

Every source passes the same gate. It keeps one *track*, the last accepted fix, and asks of each next one whether it
can follow: its time advances, it keeps step with the monotonic clock, the distance can be driven. What cannot
follow is refused and counted; but it begins a *rival* track, and a rival whose fixes follow one another for
``RIVAL_SPAN`` seconds of monotonic time and ``RIVAL_FIXES`` fixes is the truth: the receiver's clock was stepped, or
the first position was the wrong one. A burst of old fixes out of a buffer never gets there, because for it no time
passes. Values in, values out: no clock, no I/O. HDOP, satellites and GST are not judged here: they are accuracy.
"""

import math
from collections import Counter
from dataclasses import dataclass, replace

from edge.domain.inputs import Fix

FASTEST = 90.0  # m/s (324 km/h): no road vehicle is faster
WANDER = 50.0  # m that a position may move beyond that between two fixes, by its error alone
SLACK = 3.0  # s by which a fix may be late or early; older, the position is uncertain by DESIGN's rule
STEADY = 0.7  # s by which the fixes of a rival may be: growing lateness is not a clock that was stepped
DRIFT = 1e-4  # the monotonic clock may lose or gain this much on the satellites
RIVAL_SPAN = 3.0  # s
RIVAL_FIXES = 3
NOWHERE = 1e-3  # degrees around (0, 0), where receivers without a position are and no car is
ROLLOVER = 1024 * 7 * 86400.0  # s: the GPS week is counted modulo 1024
LAST_TIME = 4102444800.0  # 2100-01-01T00:00:00Z: beyond it a date is no date, and calendars end
ERA = 1554595200.0  # 2019-04-07T00:00:00Z, when it last rolled over: nothing received live is older
MENDED_TO = 1951257600.0  # 2031-11-01T00:00:00Z, five years after this was written: a later date is no mended one
EARTH = 6371008.8  # m, mean radius


@dataclass(slots=True)
class _Track:
    """Fixes that follow one another. ``offset``: UTC minus monotonic time, of the promptest fix so far.

    The ``first`` one's stays the bound for those that come early: else each could be a little earlier than the one
    before, and lead the clock away.
    """

    first: Fix
    last: Fix
    offset: float
    fixes: int = 1

    @classmethod
    def of(cls, fix: Fix) -> "_Track":
        return cls(fix, fix, fix.utc - fix.mono)

    def objection(self, fix: Fix, slack: float) -> str | None:
        """Why ``fix`` cannot follow, at most ``slack`` seconds out of step; None where it can."""
        passed = fix.utc - self.last.utc
        age = fix.utc - self.first.utc
        if passed <= 0:
            return "time_not_advancing"
        if fix.utc - fix.mono - self.offset < -slack - DRIFT * passed:
            return "time_late"
        if age - (fix.mono - self.first.mono) > slack + DRIFT * age:
            return "time_jump"
        if distance(self.last, fix) > FASTEST * passed + WANDER:
            return "impossible_jump"
        return None

    def take(self, fix: Fix) -> None:
        passed = fix.utc - self.last.utc
        self.offset = max(fix.utc - fix.mono, self.offset - DRIFT * passed)
        self.last = fix
        self.fixes += 1


class Gate:
    """Lets a position through at most once, mended where it can be; counts refusals in ``refused``.

    Dates before ``floor`` are moved on by whole rollovers of 1024 weeks and flagged, unless that leads past
    ``ceiling`` (for recordings, which may truly be old: the time of reading; live: what a car may live to see). A date
    that no rollover explains is left as it is: the position is good, and the rules say whether to believe the date.
    """

    def __init__(self, refused: Counter[str], *, floor: float = ERA, ceiling: float = MENDED_TO) -> None:
        self._refused = refused
        self._floor = floor
        self._ceiling = ceiling
        self._track: _Track | None = None
        self._rival: _Track | None = None

    def judge(self, fix: Fix) -> Fix | None:
        """The fix to use, or None: refused. ``fix.utc`` and ``fix.mono`` in seconds."""
        reason = _impossible(fix)
        if reason is None:
            fix = self._date_mended(fix)
            if self._track is None:
                self._track = _Track.of(fix)
                return fix
            reason = self._track.objection(fix, SLACK)
            if reason is None:
                self._track.take(fix)
                self._rival = None
                return fix
            if self._rival_wins(fix):
                return _flagged(fix, "relocated" if reason == "impossible_jump" else "clock_stepped")
        self._refused[reason] += 1
        return None

    def _rival_wins(self, fix: Fix) -> bool:
        if self._rival is None or self._rival.objection(fix, STEADY) is not None:
            self._rival = _Track.of(fix)
            return False
        self._rival.take(fix)
        if self._rival.fixes < RIVAL_FIXES or fix.mono - self._rival.first.mono < RIVAL_SPAN:
            return False
        self._track, self._rival = self._rival, None
        return True

    def _date_mended(self, fix: Fix) -> Fix:
        rollovers = math.ceil((self._floor - fix.utc) / ROLLOVER)
        mended = fix.utc + rollovers * ROLLOVER
        if rollovers <= 0 or mended > self._ceiling:
            return fix
        return replace(_flagged(fix, "rollover"), utc=mended)


def distance(one: Fix, other: Fix) -> float:
    """Metres along the great circle."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    north, east = (lat2 - lat1) / 2, math.radians(other.lon - one.lon) / 2
    chord = math.sin(north) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(east) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(chord)))


def _impossible(fix: Fix) -> str | None:
    """Why no receiver can be there, whatever went before."""
    if not abs(fix.utc) < LAST_TIME:
        return "bad_time"
    if not (abs(fix.lat) <= 90 and abs(fix.lon) <= 180):  # noqa: PLR2004 - degrees; also refuses NaN
        return "out_of_range"
    if abs(fix.lat) < NOWHERE and abs(fix.lon) < NOWHERE:
        return "zero_zero"
    if fix.speed is not None and not 0 <= fix.speed <= FASTEST:
        return "impossible_speed"
    return None


def _flagged(fix: Fix, flag: str) -> Fix:
    return replace(fix, flags=(*fix.flags, flag))
