"""Where the car is: from positions to the cell it is held to be in.

The rules (good fixes, trusted intervals, runs, parked, lost) are in this folder's README, *Position* and *Presence*.
Must not know of plans, visits or officers, but for being told whether the held cell is guarded by an open visit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from edge.domain.flagged import more
from edge.domain.grid import Cell, cell_of, depth_inside, distance_outside
from edge.domain.policy import Metering
from edge.domain.track import NO_RUNS, Point, Runs, Stay, Track
from edge.domain.values import evolve


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
