"""What a fix does: it mends the clock, finds, moves or parks the car, and feeds the visit."""

from functools import partial
from math import hypot

from edge.domain.changes import restore
from edge.domain.clock import hear_satellites, utc_of
from edge.domain.deadlines import advance
from edge.domain.driving import Motion, heed
from edge.domain.duty import end_if_over
from edge.domain.ending import end_lost_stay
from edge.domain.events import GpsFound
from edge.domain.flagged import flags_with_accuracy
from edge.domain.inputs import Fix
from edge.domain.meter import Kind, Phase, Signal, inside_again
from edge.domain.opening import enter, may_open, reconsider
from edge.domain.presence import Arrived, Left, away_s, find, follow
from edge.domain.track import Point, Track, heard
from edge.domain.turn import Turn
from edge.domain.values import evolve


def on_fix(turn: Turn, fix: Fix) -> None:
    """Take one accepted fix. One whose ``mono`` does not advance is ignored."""
    before = turn.state.track
    if before.heard is not None and fix.mono <= before.heard:
        return
    if hear_satellites(turn, fix):  # else every deadline has been acted on
        advance(turn, fix.mono)
        end_if_over(turn, fix.mono)  # in the shift that runs now
        restore(turn, fix.mono)
    rules = turn.rules
    trusted = turn.state.track.trusted(fix.mono, rules)
    track = heard(turn.state.track, fix.mono)
    plane = turn.setting.grid.project(fix.lat, fix.lon)
    flags = flags_with_accuracy(fix.flags, fix.accuracy)
    if plane is None or fix.accuracy > rules.max_accuracy_m or not fix.by_satellites:
        turn.set(track=evolve(track, against=flags or ("off_the_grid",)))
        return
    utc = utc_of(turn.state, fix)
    point = Point(fix.mono, utc, *plane, fix.lat, fix.lon, fix.accuracy, fix.speed, fix.course, flags)
    _drive(turn, track.last, point, trusted=trusted)
    if track.lost:
        turn.set(track=track)
        _find(turn, point)
    else:
        _follow(turn, track, point, trusted=trusted)


def _drive(turn: Turn, last: Point | None, point: Point, *, trusted: bool) -> None:
    """Whether the car is driven now; where its receiver gives no speed, by the way since the last good fix."""
    speed, seconds = point.speed, point.mono - last.mono if last is not None and trusted else 0.0
    if speed is None and last is not None and seconds > 0.0:
        speed = hypot(point.east - last.east, point.north - last.north) / seconds
    driving, pause = heed(turn.state.driving, point.mono, speed, trusted=trusted), turn.state.pause
    driven = pause and pause.driven(point.mono, seconds, driving=driving.motion is not Motion.PARKED)
    turn.set(driving=driving, pause=driven)


def _find(turn: Turn, point: Point) -> None:
    before = turn.state.track
    track, ended = find(before, point, turn.rules, dated=turn.state.clock.trusted)
    away = None if before.last is None else away_s(before, point)
    turn.record(GpsFound(None if away is None else round(away, 3)), point.mono)
    if ended is not None:
        end_lost_stay(turn, ended, point.mono)
    turn.set(track=track)
    visit = turn.state.visit
    if visit is None or visit.phase is not Phase.AWAY:
        reconsider(turn, point.mono)
        return
    utc = turn.state.utc(point.mono)
    in_time = before.stay is not None and ended is None if before.restarted else point.mono <= visit.away_until
    if in_time and track.stay is not None and track.stay.cell == visit.cell:
        turn.signal(Signal(Kind.BACK, utc), point.mono)
    elif visit.away_reason == "restart":
        turn.signal(Signal(Kind.EXPIRED, utc), point.mono)


def _follow(turn: Turn, track: Track, point: Point, *, trusted: bool) -> None:
    seconds = max(0.0, point.mono - track.settled) if trusted else 0.0
    track, visit = turn.counted(track, seconds, max(point.mono, track.settled))
    track, move = follow(
        track,
        point,
        turn.rules,
        trusted=trusted,
        guarded=visit is not None and visit.phase in (Phase.OPEN, Phase.PAUSED),
        may_open=partial(may_open, turn, point.mono),
        utc_of=turn.state.utc,
    )
    turn.set(track=track, visit=visit)
    if isinstance(move, Arrived):
        _arrive(turn, move, point.mono)
    elif isinstance(move, Left):
        _leave(turn, move, point.mono)
    visit = turn.state.visit
    if visit is not None:
        if visit.pending_s and turn.state.track.runs.outside is None:
            turn.set(visit=inside_again(visit))
        turn.milestones(point.mono)


def _arrive(turn: Turn, move: Arrived, mono: float) -> None:
    state = turn.state
    stay, runs, visit = state.track.stay, move.runs, state.visit
    assert stay is not None  # noqa: S101 - the car has just arrived in it
    if visit is not None and visit.phase is Phase.AWAY and visit.cell == stay.cell and runs.inside <= visit.away_until:
        turn.signal(
            Signal(Kind.BACK, state.utc(runs.inside), dosage_s=runs.inside_s, flagged=runs.inside_flagged), mono
        )
    elif visit is None or visit.cell != stay.cell:
        left = runs.inside if move.outside is None else move.outside
        enter(turn, mono, opened=runs.opens, dosage_s=runs.opens_s, left=left, flagged=runs.opens_flagged)
    if move.left is not None:
        turn.end_stay(move.left, stay.began, mono)


def _leave(turn: Turn, move: Left, mono: float) -> None:
    state = turn.state
    stay = state.track.stay
    assert stay is not None  # noqa: S101 - the car is now held elsewhere
    away_until = move.outside + turn.rules.return_s
    turn.signal(Signal(Kind.LEFT, state.utc(move.outside), away_until=away_until), mono)
    turn.end_stay(move.left, stay.began, mono)
