"""Where the car is: from positions to the cell it is held to be in.

The rules (good fixes, trusted intervals, runs, parked, lost) are in this folder's README, *Position* and *Presence*.
Must not know of plans, visits or officers, but for being told whether the held cell is guarded by an open visit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from edge.domain.flagged import Flagged, during, more
from edge.domain.grid import Cell, cell_of, depth_inside, distance_outside
from edge.domain.policy import Metering
from edge.domain.values import evolve

Quality: TypeAlias = Literal["none", "good", "uncertain", "lost"]

INTERVALS = 5
USUAL_INTERVAL_S = 1.0
QUICK_S = 10.0
"""An interval up to this is a receiver's own; a longer one is a gap, unless `SLOW` of the last `INTERVALS` are."""

SLOW = 4
LONGEST_INTERVAL_S = 120.0
LOST_INTERVALS = 3.0
LOST_MOST_S = 30.0
"""A position is lost after so many of the receiver's own intervals, at most after this: one slower has no visits."""


@dataclass(frozen=True)  # no slots: it evolves
class Stay:
    """A time held in one cell. ``began`` POSIX seconds; ``seconds`` trusted; ``arrived``: deep long enough to visit.

    ``flagged``: those of its seconds whose positions had a flag.
    """

    cell: Cell
    began: float
    seconds: float = 0.0
    arrived: bool = False
    at_cap: bool = False
    flagged: Flagged = None


@dataclass(frozen=True)  # no slots: it evolves
class Point:
    """The last good fix: monotonic and POSIX seconds, the plane's metres, and where it came from (degrees, metres).

    ``speed`` m/s, ``course`` degrees from true north, None where the receiver gave none; ``flags``: None for none.
    """

    mono: float
    utc: float
    east: float
    north: float
    lat: float
    lon: float
    accuracy: float
    speed: float | None = None
    course: float | None = None
    flags: tuple[str, ...] | None = None


@dataclass(frozen=True)  # no slots: it evolves
class Runs:
    """The unbroken runs of the README's table: the ``mono`` of each one's first fix, None where none is under way.

    ``inside_s``: trusted seconds since ``inside``, of which ``inside_flagged`` had flags; ``opens``, ``opens_s`` and
    ``opens_flagged``: the same since a visit could open there.
    """

    cell: Cell | None = None
    inside: float = 0.0
    inside_s: float = 0.0
    opens: float = 0.0
    opens_s: float = 0.0
    outside: float | None = None
    within: float | None = None
    deep: float | None = None
    far: float | None = None
    inside_flagged: Flagged = None
    opens_flagged: Flagged = None


NO_RUNS = Runs()


@dataclass(frozen=True)  # no slots: it evolves
class Track:
    """What is known of the position.

    ``heard``: ``mono`` of the last fix, good or poor; ``settled``: up to where the time since ``last`` is counted.
    ``against``: what a poor fix that was the last one has against it. ``found_by``: until which ``mono`` a lost car may
    take its stay up again, None while it is not lost; ``restarted``: it was lost by a restart, so its ``last.mono`` is
    of another life and UTC alone can tell how long it was away.
    """

    last: Point | None = None
    heard: float | None = None
    settled: float = 0.0
    counted: float = 0.0
    intervals: tuple[float, ...] = ()
    against: tuple[str, ...] | None = None
    found_by: float | None = None
    restarted: bool = False
    stay: Stay | None = None
    runs: Runs = NO_RUNS
    slow: float | None = None
    stirring: float | None = None
    parked: bool = False

    @property
    def lost(self) -> bool:
        """No good fix for the time that loses the position, or none yet."""
        return self.last is None or self.found_by is not None

    @property
    def speed(self) -> float | None:
        """The car's speed, m/s, as last received; None where it is not known, or the position is lost."""
        return None if self.last is None or self.lost else self.last.speed

    @property
    def course(self) -> float | None:
        """The car's course, degrees from true north, as last received; None as with the speed."""
        return None if self.last is None or self.lost else self.last.course

    @property
    def interval(self) -> float:
        """The receiver's own interval, seconds."""
        quick = [one for one in self.intervals if one <= QUICK_S]
        seen = sorted(quick if len(self.intervals) - len(quick) < SLOW else self.intervals)
        return seen[len(seen) // 2] if seen else USUAL_INTERVAL_S

    def limit(self, rules: Metering) -> float:
        """The longest trusted interval, seconds."""
        return max(rules.stale_s, rules.stale_intervals * self.interval)

    def lost_after(self, rules: Metering) -> float:
        """The age of the last good fix at which the position is lost, seconds."""
        return max(rules.lost_s, min(LOST_INTERVALS * self.interval, LOST_MOST_S))

    def trusted(self, mono: float, rules: Metering) -> bool:
        """Whether the time from the last good fix to an instant may be counted."""
        last = self.last
        if last is None or self.against or self.found_by is not None:
            return False
        return mono - last.mono <= rules.stale_s or mono - last.mono <= self.limit(rules)

    def quality(self, mono: float, rules: Metering) -> Quality:
        """The position's standing at an instant, as a screen says it."""
        if self.last is None:
            return "none"
        if self.found_by is not None or mono - self.last.mono >= self.lost_after(rules):
            return "lost"
        return "good" if self.trusted(mono, rules) else "uncertain"


NO_TRACK = Track()


@dataclass(frozen=True, slots=True)
class Arrived:
    """The car has arrived in the cell it is now held in, by these runs.

    ``left``: the stay that ended by it, None where the cell was held already; ``outside``: that stay's first second
    outside (``mono``).
    """

    runs: Runs
    left: Stay | None = None
    outside: float | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """The car has left the cell it was held in: the stay that ended, and its first second outside (``mono``)."""

    left: Stay
    outside: float


Move: TypeAlias = Arrived | Left | None


def heard(track: Track, mono: float) -> Track:
    """A fix was received at ``mono``, good or poor: it counts to the receiver's own interval."""
    intervals = track.intervals
    if track.heard is not None and mono - track.heard <= LONGEST_INTERVAL_S:
        intervals = (*intervals[-(INTERVALS - 1) :], mono - track.heard)
    return evolve(track, heard=mono, intervals=intervals)


def settle(track: Track, seconds: float, flagged: Flagged, mono: float) -> Track:
    """Count some trusted seconds, up to ``mono``, and how they are flagged, to the stay and to the run inside."""
    if seconds <= 0.0:
        return evolve(track, settled=mono)
    stay, runs = track.stay, track.runs
    if runs.cell is not None:
        runs = evolve(runs, inside_s=runs.inside_s + seconds, opens_s=runs.opens_s + seconds)
    stay = stay and evolve(stay, seconds=stay.seconds + seconds)
    if flagged:
        inside, opens = more(runs.inside_flagged, flagged), more(runs.opens_flagged, flagged)
        runs = evolve(runs, inside_flagged=inside, opens_flagged=opens) if runs.cell is not None else runs
        stay = stay and evolve(stay, flagged=more(stay.flagged, flagged))
    return evolve(track, settled=mono, counted=mono, stay=stay, runs=runs)


def flagged_during(track: Track, seconds: float) -> Flagged:
    """Seconds since the last good fix, by its flags."""
    return during(track.last.flags, seconds) if track.last is not None else None


def lose(track: Track, found_by: float, *, restarted: bool = False) -> Track:
    """The position is lost: every run ends; the stay may be taken up again until ``found_by``."""
    return evolve(track, found_by=found_by, restarted=restarted, runs=NO_RUNS, slow=None, parked=False, against=None)


def find(track: Track, point: Point, rules: Metering, *, dated: bool) -> tuple[Track, Stay | None]:
    """The first good fix, ever or after a loss. Returns the stay that ended by it, if one did.

    ``dated``: whether the fix's UTC is trusted, without which nobody knows how long a restart took.
    """
    cell, stay, ended = cell_of(point.east, point.north), track.stay, None
    window_s = rules.restart_s if track.restarted else rules.return_s
    late = away_s(track, point) > window_s or (track.restarted and not dated)
    if stay is not None and (stay.cell != cell or late):
        stay, ended = None, stay
    found = evolve(
        track,
        last=point,
        settled=point.mono,
        counted=point.mono,
        found_by=None,
        restarted=False,
        against=None,
        stay=stay or Stay(cell, point.utc),
        runs=_run(NO_RUNS, cell, point, rules, trusted=False),
        slow=_slow(track, point, rules, trusted=False),
    )
    return found, ended


def away_s(track: Track, point: Point) -> float:
    """How long the position was lost: by the monotonic clock, over a restart by the satellites'; 0 before the first."""
    if track.last is None:
        return 0.0
    return point.utc - track.last.utc if track.restarted else point.mono - track.last.mono


def follow(
    track: Track,
    point: Point,
    rules: Metering,
    *,
    trusted: bool,
    guarded: bool,
    may_open: Callable[[Cell], bool],
    utc_of: Callable[[float], float],
) -> tuple[Track, Move]:
    """One good fix while the position is held, its interval already settled.

    ``trusted``: the interval before it was; ``guarded``: a visit is open or paused in the held cell; ``may_open``:
    whether arriving in a cell would open a visit.
    """
    held = track.stay
    assert held is not None  # noqa: S101 - a position that is not lost has a stay
    slow = _slow(track, point, rules, trusted=trusted)
    if track.parked:
        stirring = _stirring(track, point, slow, trusted=trusted)
        if not _moves_off(point, stirring, rules):
            return evolve(track, last=point, stirring=stirring, against=None), None
    runs = _run(NO_RUNS if track.parked else track.runs, held.cell, point, rules, trusted=trusted)
    track = evolve(track, last=point, against=None, slow=slow, stirring=None, parked=False, runs=runs)
    track, move = _judge(track, held, point, rules, guarded=guarded, may_open=may_open, utc_of=utc_of)
    if slow is not None and point.mono - slow >= rules.parked_s:
        track = evolve(track, parked=True, runs=NO_RUNS)
    return track, move


def _slow(track: Track, point: Point, rules: Metering, *, trusted: bool) -> float | None:
    if point.speed is None or point.speed >= rules.parked_speed:
        return None
    if track.slow is None or not (trusted or track.parked):
        return point.mono
    return track.slow


def _stirring(track: Track, point: Point, slow: float | None, *, trusted: bool) -> float | None:
    if slow is not None:
        return None
    return track.stirring if trusted and track.stirring is not None else point.mono


def _moves_off(point: Point, stirring: float | None, rules: Metering) -> bool:
    """Whether a parked car's fix says that it drives: fast enough, or not slow for long enough."""
    if point.speed is not None and point.speed >= rules.moving_speed:
        return True
    return stirring is not None and point.mono - stirring >= rules.moving_s


def _run(runs: Runs, held: Cell, point: Point, rules: Metering, *, trusted: bool) -> Runs:
    """Every run but ``slow``, one fix further."""
    cell = cell_of(point.east, point.north)
    wide = max(1.0, point.accuracy / rules.margin_accuracy_m)
    within = runs.within if trusted and runs.cell == cell and runs.within is not None else point.mono
    deep = far = None
    if depth_inside(cell, point.east, point.north) >= rules.arrive_inside_m * wide:
        deep = runs.deep if trusted and runs.cell == cell and runs.deep is not None else point.mono
    outside = None
    if cell != held:
        outside = point.mono if runs.outside is None else runs.outside
        if distance_outside(held, point.east, point.north) >= rules.leave_outside_m * wide:
            far = runs.far if trusted and runs.far is not None else point.mono
    if runs.cell == cell:
        return evolve(runs, outside=outside, within=within, deep=deep, far=far)
    return Runs(cell, inside=point.mono, opens=point.mono, outside=outside, within=within, deep=deep, far=far)


def _judge(
    track: Track,
    held: Stay,
    point: Point,
    rules: Metering,
    *,
    guarded: bool,
    may_open: Callable[[Cell], bool],
    utc_of: Callable[[float], float],
) -> tuple[Track, Move]:
    """Whether the runs have the car arrive or leave at this fix."""
    runs = track.runs
    cell = runs.cell
    assert cell is not None  # noqa: S101 - _run has just set it
    deep = runs.deep is not None and point.mono - runs.deep >= rules.arrive_s
    if cell == held.cell:
        if deep and not held.arrived:
            return evolve(track, stay=evolve(held, arrived=True)), Arrived(runs)
        return track, None
    far = runs.far is not None and point.mono - runs.far >= rules.leave_s
    within = runs.within is not None and point.mono - runs.within >= rules.presence_s
    arrives = deep and (not guarded or may_open(cell))
    if not (arrives or far or (within and not guarded)):
        return track, None
    left = more(held.flagged, runs.inside_flagged, -1.0)
    ended = evolve(held, seconds=held.seconds - runs.inside_s, flagged=left)
    stay = Stay(cell, utc_of(runs.inside), runs.inside_s, arrived=deep, flagged=runs.inside_flagged)
    moved = evolve(track, stay=stay, runs=evolve(runs, outside=None, far=None))
    if arrives:
        return moved, Arrived(runs, ended, runs.outside)
    assert runs.outside is not None  # noqa: S101 - the cell is another than the held one
    return moved, Left(ended, runs.outside)
