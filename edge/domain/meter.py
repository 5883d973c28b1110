"""The patrol meter: one visit at a time, from opening to its account.

Theory of operation
===================
A visit is in one of four phases, and a dozen signals move it. What each signal means (how long outside is *left*, which
fix brings a car *back*, when a visit may open) is judged before it gets here, by `edge.domain.presence` and
`edge.domain.patrol`, after the rules in this folder's README. What is decided here is only what follows:

    phase, signal    entered      left     lost     back     expired  paused  resumed  moved    ended
    none             open         .        .        .        .        .       .        .        .
    open             close,open   go away  go away  .        .        pause   .        .        close
    paused           .            close    .        .        .        .       resume   close    close
    away             close,open   .        .        return   close    close   .        .        close

A dot is a signal that changes nothing in that phase. *Ended* is a suppression, a sign-out or the end of the shift.
A visit that is away has already stopped its dosage, so whatever closes it closes it at the instant it went away.
Seconds in a run outside the box are *pending*: dosage once the car is back inside, nothing if it leaves.

`TRANSITIONS` is that table as data. Must not look at positions or plans, and must not read a clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from edge.domain.events import (
    AwayReason,
    EndReason,
    EventData,
    Overstayed,
    PrescribedReached,
    Segment,
    SelfTasked,
    TaskReason,
    VisitClosed,
    VisitCounted,
    VisitLeft,
    VisitOpened,
    VisitResumed,
    instant,
)
from edge.domain.flagged import Flagged, account, more
from edge.domain.grid import Cell, box_id
from edge.domain.plan import DirectedPatrol
from edge.domain.policy import Metering
from edge.domain.values import evolve
from edge.domain.visits import VisitSummary


class Phase(StrEnum):
    """Where a visit stands."""

    NONE = "none"
    OPEN = "open"
    PAUSED = "paused"
    AWAY = "away"


class Kind(StrEnum):
    """What can happen to a visit."""

    ENTERED = "entered"
    LEFT = "left"
    LOST = "lost"
    BACK = "back"
    EXPIRED = "expired"
    PAUSED = "paused"
    RESUMED = "resumed"
    MOVED = "moved"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Opening:
    """All that a new visit needs. ``opened``: POSIX seconds; ``dosage_s``: trusted seconds since.

    ``tasked``: why the officer patrols a box that no plan assigns, None where one does.
    """

    id: str
    patrol: DirectedPatrol
    shift: str
    officer: str
    second: str | None
    opened: float
    dosage_s: float
    early: bool
    flagged: Flagged = None
    tasked: TaskReason | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that happened, ``utc`` (POSIX seconds), with what it brings: the reason, the window, a new visit.

    ``dosage_s``: trusted seconds since a car that comes back was inside; below 0 what a late pause takes back.
    """

    kind: Kind
    utc: float
    reason: EndReason = "left"
    away: AwayReason = "left"
    away_until: float = 0.0  # monotonic seconds
    dosage_s: float = 0.0
    flagged: Flagged = None  # of these
    opening: Opening | None = None


@dataclass(frozen=True)  # no slots: it evolves
class Visit:
    """The one visit. UTC instants are POSIX seconds; ``away_until`` is monotonic."""

    id: str
    cell: Cell
    shift: str
    crime_types: tuple[str, ...]
    prescribed_s: float
    early: bool
    opened: float
    dosage_s: float
    segments: tuple[Segment, ...]  # the last one is the present officer's; its dosage is filled in when it ends
    pending_s: float = 0.0
    phase: Phase = Phase.OPEN
    counted: bool = False
    prompted: bool = False
    overstayed: bool = False
    away_at: float = 0.0
    away_until: float = 0.0
    away_reason: AwayReason = "left"
    flagged: Flagged = None  # of its dosage
    pending_flagged: Flagged = None
    tasked: TaskReason | None = None
    running: float = 0.0  # since when its dosage runs without a break

    @property
    def box(self) -> str:
        """The box's id."""
        return box_id(self.cell)

    def summary(self, unit: str, ended: float | None = None) -> VisitSummary:
        """What the fleet is told."""
        return VisitSummary(
            self.id, unit, self.box, self.shift, self.opened, ended, self.dosage_s, self.counted, self.early
        )


Outcome: TypeAlias = tuple[Visit | None, tuple[EventData, ...]]
Action: TypeAlias = Callable[[Visit | None, Signal], Outcome]


def _open(_: Visit | None, signal: Signal) -> Outcome:
    new = signal.opening
    assert new is not None  # noqa: S101 - only ENTERED opens, and it brings an opening
    visit = Visit(
        id=new.id,
        cell=new.patrol.cell,
        shift=new.shift,
        crime_types=new.patrol.crime_types,
        prescribed_s=new.patrol.prescription.minutes * 60.0,
        early=new.early,
        opened=new.opened,
        dosage_s=new.dosage_s,
        segments=(Segment(new.officer, 0.0, new.second),),
        flagged=new.flagged,
        tasked=new.tasked,
        running=new.opened,
    )
    opened = VisitOpened(visit.box, instant(new.opened), visit.crime_types, visit.prescribed_s, new.early)
    return visit, (opened,) if new.tasked is None else (opened, SelfTasked(visit.id, visit.box, new.tasked))


def _close(visit: Visit | None, signal: Signal) -> Outcome:
    assert visit is not None  # noqa: S101 - the table closes no visit that is not there
    ended = visit.away_at if visit.phase is Phase.AWAY else signal.utc
    reason = visit.away_reason if signal.kind is Kind.EXPIRED else signal.reason
    closed = VisitClosed(
        visit=visit.id,
        box=visit.box,
        opened=instant(visit.opened),
        ended=instant(max(ended, visit.opened)),
        dosage_s=round(visit.dosage_s, 3),
        counted=visit.counted,
        early=visit.early,
        reason=reason,
        segments=_ended_segments(visit),
        flags=account(visit.flagged),
    )
    return None, (closed,)


def _go_away(visit: Visit | None, signal: Signal) -> Outcome:
    assert visit is not None  # noqa: S101 - as above
    too_early = max(0.0, visit.opened - signal.utc)  # opened at a shift boundary, after what is now known as its end
    away = evolve(
        visit,
        phase=Phase.AWAY,
        pending_s=0.0,
        pending_flagged=None,
        away_at=max(signal.utc, visit.opened),
        away_until=signal.away_until + too_early,
        away_reason=signal.away,
    )
    return away, (VisitLeft(visit.id, visit.box, instant(away.away_at), signal.away),)


def _return(visit: Visit | None, signal: Signal) -> Outcome:
    assert visit is not None  # noqa: S101 - as above
    away_s = round(signal.utc - visit.away_at, 3)
    dosage_s, flagged = visit.dosage_s + signal.dosage_s, more(visit.flagged, signal.flagged)
    back = evolve(visit, phase=Phase.OPEN, dosage_s=dosage_s, flagged=flagged, running=signal.utc)
    return back, (VisitResumed(visit.id, visit.box, instant(signal.utc), away_s),)


def _pause(visit: Visit | None, signal: Signal) -> Outcome:
    assert visit is not None  # noqa: S101 - as above
    return evolve(visit, phase=Phase.PAUSED, dosage_s=visit.dosage_s + signal.dosage_s), ()


def _resume(visit: Visit | None, signal: Signal) -> Outcome:
    assert visit is not None  # noqa: S101 - as above
    return evolve(visit, phase=Phase.OPEN, running=signal.utc), ()


def _close_and_open(visit: Visit | None, signal: Signal) -> Outcome:
    _, closed = _close(visit, signal)
    new, opened = _open(None, signal)
    return new, closed + opened


TRANSITIONS: Final[Mapping[Phase, Mapping[Kind, Action]]] = {
    Phase.NONE: {Kind.ENTERED: _open},
    Phase.OPEN: {
        Kind.ENTERED: _close_and_open,
        Kind.LEFT: _go_away,
        Kind.LOST: _go_away,
        Kind.PAUSED: _pause,
        Kind.ENDED: _close,
    },
    Phase.PAUSED: {
        Kind.LEFT: _close,
        Kind.RESUMED: _resume,
        Kind.MOVED: _close,
        Kind.ENDED: _close,
    },
    Phase.AWAY: {
        Kind.ENTERED: _close_and_open,
        Kind.BACK: _return,
        Kind.EXPIRED: _close,
        Kind.PAUSED: _close,
        Kind.ENDED: _close,
    },
}


def step(visit: Visit | None, signal: Signal) -> Outcome:
    """The visit after a signal, and what is to be recorded. A signal without an entry in the table changes nothing."""
    phase = Phase.NONE if visit is None else visit.phase
    action = TRANSITIONS[phase].get(signal.kind)
    return (visit, ()) if action is None else action(visit, signal)


def accrue(visit: Visit, seconds: float, flagged: Flagged, *, outside: bool) -> Visit:
    """Count some trusted seconds, and how they are ``flagged``, to an open visit; those outside the box are pending."""
    if visit.phase is not Phase.OPEN or seconds <= 0.0:
        return visit
    if outside:
        visit = evolve(visit, pending_s=visit.pending_s + seconds)
        return evolve(visit, pending_flagged=more(visit.pending_flagged, flagged)) if flagged else visit
    visit = evolve(visit, dosage_s=visit.dosage_s + seconds)
    return evolve(visit, flagged=more(visit.flagged, flagged)) if flagged else visit


def inside_again(visit: Visit) -> Visit:
    """The run outside ended inside: its seconds are dosage."""
    if not visit.pending_s:
        return visit
    dosage_s, flagged = visit.dosage_s + visit.pending_s, more(visit.flagged, visit.pending_flagged)
    return evolve(visit, dosage_s=dosage_s, flagged=flagged, pending_s=0.0, pending_flagged=None)


def milestones(visit: Visit, rules: Metering) -> Outcome:
    """What the dosage has reached: counted, the prescribed time, an over-stay. Each is said once."""
    dosage = visit.dosage_s
    said: list[EventData] = []
    if not visit.counted and dosage >= rules.counts_from_s:
        visit = evolve(visit, counted=True)
        said.append(VisitCounted(visit.id, visit.box))
    if not visit.prompted and dosage >= visit.prescribed_s:
        visit = evolve(visit, prompted=True)
        said.append(PrescribedReached(visit.id, visit.box))
    if not visit.overstayed and dosage >= visit.prescribed_s + rules.overstay_s:
        visit = evolve(visit, overstayed=True)
        said.append(Overstayed(visit.id, visit.box))
    return visit, tuple(said)


def change_officer(visit: Visit, officer: str, second: str | None = None) -> Visit:
    """Another officer takes over, or ``second`` comes beside or leaves: a new segment of the same visit."""
    return evolve(visit, segments=(*_ended_segments(visit), Segment(officer, 0.0, second)))


def abandoned(visit: Visit, utc: float, mono: float) -> Visit:
    """A visit that cannot be gone on with: it ended ``utc``, its last known second, and closes next, ``mono`` over."""
    if visit.phase is Phase.AWAY:
        return evolve(visit, away_until=mono)
    away_at = max(utc, visit.opened)
    return evolve(
        visit, phase=Phase.AWAY, pending_s=0.0, away_at=away_at, away_until=mono, away_reason="restart"
    )  # as the loss of a restart whose window is over


def _ended_segments(visit: Visit) -> tuple[Segment, ...]:
    *before, last = visit.segments
    dosage = max(0.0, visit.dosage_s - sum(segment.dosage_s for segment in before))
    return (*before, Segment(last.officer, round(dosage, 3), last.second))
