"""The fixes of one drive as the oracle sees them: which are good, and what every stretch of them is.

Every run is found again at every fix, by scanning backwards over the list. Must not import the rules of patrol, and
must not remember anything from fix to fix but whether the car was parked.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import inf
from typing import TypeAlias

from edge.domain.grid import Cell, Grid, cell_of, depth_inside, distance_outside
from edge.domain.inputs import Fix
from edge.domain.policy import Metering

Span: TypeAlias = tuple[float, float]


class Drive:
    """The good fixes of a drive, numbered from 0, and what any stretch of them is. ``cuts``: the shifts' boundaries."""

    def __init__(self, grid: Grid, rules: Metering, fixes: Sequence[Fix], cuts: Sequence[float]) -> None:
        self.rules = rules
        heard: list[Fix] = []
        for fix in fixes:
            if not heard or fix.mono > heard[-1].mono:
                heard.append(fix)
        points = [grid.project(fix.lat, fix.lon) for fix in heard]
        good = [k for k, fix in enumerate(heard) if points[k] is not None and fix.accuracy <= rules.max_accuracy_m]
        self.time = [heard[k].mono for k in good]
        self.point = [point for k in good if (point := points[k]) is not None]
        self.cell = [cell_of(*point) for point in self.point]
        self.widen = [max(1.0, heard[k].accuracy / rules.margin_accuracy_m) for k in good]
        self.slow = [(speed := heard[k].speed) is not None and speed < rules.parked_speed for k in good]
        self.fast = [(speed := heard[k].speed) is not None and speed >= rules.moving_speed for k in good]
        # Of the interval that ends at each good fix; False for the first one, which ends none.
        self.lost_after = [lost_after(heard, k + 1, rules) for k in good]
        self.lost = [False] + [_is_lost(heard, a, b, rules) for a, b in pairwise(good)]
        self.trusted = [False] + [
            b - a == 1 and heard[b].mono - heard[a].mono <= _limit(heard, b, rules) and not self.lost[n]
            for n, (a, b) in enumerate(pairwise(good), start=1)
        ]
        self.spans = list(self._trusted_spans(heard, good, cuts))
        self.parked: list[bool] = []  # once the fix has been judged
        for k in range(len(good)):
            self.parked.append(self.frozen(k) or self._lasts(k, self.slow.__getitem__, rules.parked_s, parking=True))

    def frozen(self, k: int) -> bool:
        """Whether the car was parked already when fix ``k`` came, and the fix does not end it: it is not judged."""
        if k == 0 or not self.parked[k - 1] or self.lost[k]:
            return False
        stirred = self._lasts(k, lambda j: not self.slow[j], self.rules.moving_s, parking=True)
        return not (self.fast[k] or stirred)

    def deep(self, k: int) -> bool:
        """*Deep in C* is complete, C being the cell of fix ``k``."""
        return self._lasts(k, lambda j: self.cell[j] == self.cell[k] and self._is_deep(j), self.rules.arrive_s)

    def within(self, k: int) -> bool:
        """*Within C* is complete, C being the cell of fix ``k``."""
        return self._lasts(k, lambda j: self.cell[j] == self.cell[k], self.rules.presence_s)

    def far(self, cell: Cell, k: int) -> bool:
        """*Far from A* is complete at fix ``k``."""
        return self._lasts(k, lambda j: self._is_far(cell, j), self.rules.leave_s)

    def first_inside(self, k: int) -> float:
        """The first second of *inside C*, C being the cell of fix ``k``."""
        return self._first(k, lambda j: self.cell[j] == self.cell[k])

    def first_outside(self, cell: Cell, k: int) -> float:
        """The first second of *outside A*, a run that goes on at fix ``k``."""
        return self._first(k, lambda j: self.cell[j] != cell)

    def trusted_s(self, start: float, end: float) -> float:
        """The trusted seconds between two instants: each trusted span, as far as it lies between them."""
        total = 0.0
        for since, until in self.spans[max(0, bisect_right(self.spans, (start, 0.0)) - 1) :]:
            if since >= end:
                break
            total += max(0.0, min(end, until) - max(start, since))
        return round(total, 6)

    def _trusted_spans(self, heard: Sequence[Fix], good: Sequence[int], cuts: Sequence[float]) -> Iterator[Span]:
        """The trusted intervals between good fixes. A cut splits; the part before is judged by what is known then."""
        for n, start in enumerate(self.time):
            after = good[n] + 1
            known = heard[after].mono if after < len(heard) else inf  # until then no poor fix has come
            limit = _limit(heard, after, self.rules)
            until = self.time[n + 1] if n + 1 < len(self.time) else inf
            between = [cut for cut in cuts if start < cut < until]
            for cut in between[:1]:
                if cut <= known and cut - start <= limit and cut - start < self.lost_after[n]:
                    yield start, cut
            if n + 1 < len(self.time) and self.trusted[n + 1]:
                yield max([start, *between]), until

    def _is_deep(self, k: int) -> bool:
        return depth_inside(self.cell[k], *self.point[k]) >= self.rules.arrive_inside_m * self.widen[k]

    def _is_far(self, cell: Cell, k: int) -> bool:
        return distance_outside(cell, *self.point[k]) >= self.rules.leave_outside_m * self.widen[k]

    def _lasts(self, k: int, holds: Callable[[int], bool], seconds: float, *, parking: bool = False) -> bool:
        """Whether a timed run is complete at fix ``k``: no untrusted interval in it; parked, only *slow* goes on."""
        j = k
        while holds(j):
            if self.time[k] - self.time[j] >= seconds:
                return True
            if j == 0 or not self.trusted[j] or (self.parked[j - 1] and not parking):
                return False
            j -= 1
        return False

    def _first(self, k: int, holds: Callable[[int], bool]) -> float:
        """When the untimed run that goes on at fix ``k`` began: only loss and parking break it."""
        while k > 0 and not self.lost[k] and not self.parked[k - 1] and holds(k - 1):
            k -= 1
        return self.time[k]


def _is_lost(heard: Sequence[Fix], a: int, b: int, rules: Metering) -> bool:
    """Whether the position was lost at any time between two good fixes: each poor one between may change after what."""
    return any(heard[a].mono + lost_after(heard, k + 1, rules) <= heard[k + 1].mono for k in range(a, b))


def lost_after(heard: Sequence[Fix], k: int, rules: Metering) -> float:
    """After how many seconds the position is lost, once fix ``k - 1`` has come."""
    return max(rules.lost_s, min(30.0, 3.0 * _interval(heard, k)))


def _limit(heard: Sequence[Fix], k: int, rules: Metering) -> float:
    """How long the interval that ends at fix ``k`` may be."""
    return max(rules.stale_s, rules.stale_intervals * _interval(heard, k))


def _interval(heard: Sequence[Fix], k: int) -> float:
    """The receiver's own, by the last 5 intervals of up to 2 min before fix ``k``: over 10 s where 4 of them are."""
    spans = (heard[j].mono - heard[j - 1].mono for j in range(k - 1, 0, -1))
    last: list[float] = []
    for span in spans:
        if span <= 120.0:
            last.append(span)
        if len(last) == 5:
            break
    if sum(span > 10.0 for span in last) < 4:
        last = [span for span in last if span <= 10.0]
    return sorted(last)[len(last) // 2] if last else 1.0
