"""Ending what is under way: the visit now, or a stay that was lost at the last good fix. Used by the rules alone."""

from edge.domain.events import EndReason
from edge.domain.meter import Kind, Signal
from edge.domain.track import Stay
from edge.domain.turn import Turn
from edge.domain.values import evolve


def known_until(turn: Turn) -> float:
    """The last good fix, or a tap soon after it up to which time was counted, POSIX seconds."""
    track = turn.state.track
    assert track.last is not None  # noqa: S101 - the caller has a position, lost or not
    return track.last.utc if track.restarted else turn.state.utc(max(track.last.mono, track.counted))


def end_visit(turn: Turn, reason: EndReason, at: float) -> None:
    """End the visit now; where the car was not found since a restart, at the last known second."""
    ended = known_until(turn) if turn.state.track.restarted else turn.state.utc(at)
    turn.signal(Signal(Kind.ENDED, ended, reason=reason), at)


def end_suppressed(turn: Turn, at: float) -> None:
    """End the visit in a box that the plan in force suppresses."""
    plan, visit = turn.state.plan, turn.state.visit
    listed = plan.listed(visit.cell) if plan is not None and visit is not None else None
    if listed is not None and listed.suppressed:
        end_visit(turn, "suppressed", at)


def end_lost_stay(turn: Turn, stay: Stay, at: float) -> None:
    """A stay that was lost, and was not found again, ended at the last good fix; so did a visit paused in it."""
    track = turn.state.track
    ended = known_until(turn)
    if track.stay is stay:
        turn.set(track=evolve(track, stay=None))
    turn.signal(Signal(Kind.MOVED, ended, reason="lost"), at)
    turn.end_stay(stay, ended, at)
