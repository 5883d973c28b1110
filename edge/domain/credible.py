"""Whether what a vehicle says of its visits can be true: the one check, of a car that merges them and of headquarters.

A visit must lie on the agency's grid, in a shift of its calendar, in seven days that were lived through, count by the
agency's rules, and have no more minutes than the wall clock; and of all visits of one vehicle none may be at the time
of another, or further from it than a car can drive meanwhile. Which of those that contradict each other are believed
depends on what they say alone, not on the order in which they came. Must not know who asks.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from edge.domain.grid import BOX_M, Cell, parse_box_id
from edge.domain.shift import Shift
from edge.domain.state import Setting
from edge.domain.visits import SEVEN_DAYS_S, Reason, Refused, VisitSummary, join

OF_TIME: Final[frozenset[Reason]] = frozenset({"future", "old"})
"""What another clock may judge otherwise."""

MOST_OF_UNIT: Final = 1_000
"""Visits of one vehicle, the newest: in seven days, one every ten minutes around the clock."""

AHEAD_S: Final = 120.0
"""Another vehicle's clock may be ahead of this one by so much."""

LATE_S: Final = 900.0
"""Before the time is known a shift may be taken for the one before: at most 10 min (`edge.domain.clock`)."""

OLD_S: Final = SEVEN_DAYS_S + LATE_S
ROUNDING_S: Final = 5.0
"""By so much dosage may be more than the time between two instants by a wall clock that is corrected meanwhile."""

OVERLAP: Final = 0.05
OVERLAP_S: Final = 30.0
"""Such a correction may let a visit begin and end into its neighbours by this part of it, at most so long."""

FASTEST: Final = 70.0
"""Metres per second that no patrol car exceeds."""

SETTING_OUT_S: Final = 60.0
"""By so much a clock may have been corrected between two visits."""

NEAR_DAYS: Final = 2
"""A shift's date and that of a visit in it, in UTC, differ by no more."""


@dataclass(frozen=True, slots=True)
class Judged:
    """``believed``: in the order of their ends; ``untimely``: those that time alone refuses; ``refused``: by reason."""

    believed: tuple[VisitSummary, ...] = ()
    untimely: tuple[VisitSummary, ...] = ()
    refused: Refused = field(default_factory=dict)


def judge(setting: Setting, visits: Iterable[VisitSummary], now: float | None) -> Judged:
    """What to believe of all visits of one vehicle. ``now``: POSIX seconds, None where the time is not known."""
    ground, refused = _Ground(setting, now), Counter[Reason]()
    possible: list[VisitSummary] = []
    untimely: list[VisitSummary] = []
    for visit in visits:
        reason = ground.why_not(visit)
        if reason is None:
            possible.append(visit)
        else:
            refused[reason] += 1
        if reason in OF_TIME and len(untimely) < MOST_OF_UNIT:
            untimely.append(visit)
    believed = _newest(_apart(_joined(possible), refused), refused)
    return Judged(tuple(believed), tuple(untimely), dict(refused))


class _Ground:
    """What a single visit is held against; what was looked up of the calendar is remembered."""

    def __init__(self, setting: Setting, now: float | None) -> None:
        self._boxes = setting.grid.boxes
        self._calendar = setting.calendar
        self._names = {rule.name for rule in setting.calendar.rules}
        self._shifts: dict[str, Shift | None] = {}
        self._counts_from = setting.policy.metering.counts_from_s - 1.0  # written in whole milliseconds
        self._now = now

    def why_not(self, visit: VisitSummary) -> Reason | None:
        """Why it cannot be, looked at by itself; None where it can."""
        until = end_of(visit)
        if _cell(visit.box) not in self._boxes:
            return "off_grid"
        if visit.counted and not visit.dosage_s >= self._counts_from:
            return "short"
        if not visit.opened <= until:
            return "time"
        if not visit.dosage_s <= until - visit.opened + ROUNDING_S:
            return "minutes"
        shift = self._shift_of(visit)
        if shift is None or not (shift.starts - LATE_S <= visit.opened and until <= shift.ends + LATE_S):
            return "shift"
        return self._why_untimely(visit, until)

    def _why_untimely(self, visit: VisitSummary, until: float) -> Reason | None:
        if self._now is None:
            return None
        if until > self._now + AHEAD_S:
            return "future"
        return "old" if visit.opened < self._now - OLD_S else None

    def _shift_of(self, visit: VisitSummary) -> Shift | None:
        """Its shift, where the agency has it and the visit is not days away from it."""
        if visit.shift not in self._shifts:
            day, _, name = visit.shift.partition("/")
            found = name in self._names and _near(day, visit.opened)
            if not found:
                return None  # not remembered: there may be any number of them
            self._shifts[visit.shift] = self._calendar.shift(visit.shift)
        return self._shifts[visit.shift]


def end_of(visit: VisitSummary) -> float:
    """Up to when it is known to have lasted, POSIX seconds."""
    return visit.opened + visit.dosage_s if visit.ended is None else visit.ended


def _cell(box: str) -> Cell | None:
    try:
        return parse_box_id(box)
    except ValueError:
        return None


def _near(day: str, utc: float) -> bool:
    """Whether an instant lies within days of a date as it is written in a shift's id."""
    try:
        on = date.fromisoformat(day)
        return on.isoformat() == day and abs((datetime.fromtimestamp(utc, UTC).date() - on).days) <= NEAR_DAYS
    except (ValueError, OverflowError, OSError):
        return False


def _joined(visits: Iterable[VisitSummary]) -> Iterable[VisitSummary]:
    """Each visit once, by what was reported of it last; in two boxes it is two, of which `_apart` refuses one."""
    joined: dict[tuple[str, str], VisitSummary] = {}
    for visit in visits:
        old = joined.get((visit.id, visit.box))
        joined[visit.id, visit.box] = visit if old is None else join(old, visit)
    return joined.values()


def _by_end(visit: VisitSummary) -> tuple[float, float, str, str]:
    return end_of(visit), visit.opened, visit.id, visit.box


def _apart(visits: Iterable[VisitSummary], refused: Counter[Reason]) -> list[VisitSummary]:
    """As many of a vehicle's visits as one car can have made, by their ends: none at the time of the one before."""
    apart: dict[str, VisitSummary] = {}
    last: VisitSummary | None = None
    for visit in sorted(visits, key=_by_end):
        if visit.id in apart or (last is not None and not _after(last, visit)):
            refused["elsewhere"] += 1
        else:
            apart[visit.id] = last = visit
    return list(apart.values())


def _after(one: VisitSummary, other: VisitSummary) -> bool:
    """Whether a car can have made one visit and then the other."""
    between = other.opened - end_of(one)
    here, there = parse_box_id(one.box), parse_box_id(other.box)
    boxes = max(abs(here[0] - there[0]), abs(here[1] - there[1])) - 1
    drive = max(0, boxes) * BOX_M / FASTEST
    return between + _play(one) + _play(other) >= 0.0 and between + SETTING_OUT_S >= drive


def _play(visit: VisitSummary) -> float:
    return min(OVERLAP_S, OVERLAP * (end_of(visit) - visit.opened))


def _newest(visits: list[VisitSummary], refused: Counter[Reason]) -> list[VisitSummary]:
    """Those of one vehicle that are remembered."""
    if len(visits) > MOST_OF_UNIT:
        refused["too_many"] += len(visits) - MOST_OF_UNIT
    return visits[-MOST_OF_UNIT:]
