"""What is known of the car's position, as values: the last good fix, the runs of fixes under way, the stay in a cell.

Must not decide where the car is: that is `edge.domain.presence`.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from edge.domain.events import TaskReason
from edge.domain.flagged import Flagged, during, more
from edge.domain.grid import Cell
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

    ``flagged``: those of its seconds whose positions had a flag. ``tasked``: why the officer chose to patrol here,
    None where nobody did.
    """

    cell: Cell
    began: float
    seconds: float = 0.0
    arrived: bool = False
    at_cap: bool = False
    flagged: Flagged = None
    tasked: TaskReason | None = None


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
