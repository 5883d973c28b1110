"""Kinds of record: a visit, from its opening to its account, and what was done in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from edge.domain.events.kind import EventKind, FlaggedTime, Unknown

__all__ = [
    "AwayReason",
    "EndReason",
    "Overstayed",
    "PrescribedReached",
    "Segment",
    "SelfTasked",
    "TacticUndone",
    "TacticUsed",
    "TaskReason",
    "VisitClosed",
    "VisitCounted",
    "VisitLeft",
    "VisitOpened",
    "VisitResumed",
]

AwayReason: TypeAlias = Literal["left", "lost", "restart"]
EndReason: TypeAlias = Literal[
    "left", "lost", "restart", "moved_on", "paused", "suppressed", "signed_out", "shift_ended"
]

TaskReason: TypeAlias = Literal["request", "recent_crime", "supervisor", "event", "local_knowledge"]
"""Why an officer patrols a box that no plan assigns; a resident or a business made the ``request``."""


@dataclass(frozen=True, slots=True)
class VisitOpened(EventKind):
    """A visit opened; the event's id is the visit's. ``early``: it counts to the caps, not to a prescription."""

    INSTANTS = ("opened",)

    box: str
    opened: datetime
    crime_types: tuple[str, ...]
    prescribed_s: float
    early: bool
    type: Literal["visit_opened"] = "visit_opened"


@dataclass(frozen=True, slots=True)
class SelfTasked(EventKind):
    """The visit that has just opened is in a box that no plan assigns: the officer chose it, for a reason."""

    visit: str
    box: str
    reason: TaskReason | Unknown
    type: Literal["self_tasked"] = "self_tasked"


@dataclass(frozen=True, slots=True)
class VisitCounted(EventKind):
    """The visit has lasted long enough to count."""

    visit: str
    box: str
    type: Literal["visit_counted"] = "visit_counted"


@dataclass(frozen=True, slots=True)
class PrescribedReached(EventKind):
    """The prescribed time is up: the officer is prompted to move on."""

    visit: str
    box: str
    type: Literal["prescribed_reached"] = "prescribed_reached"


@dataclass(frozen=True, slots=True)
class Overstayed(EventKind):
    """Still there well past the prescribed time."""

    visit: str
    box: str
    type: Literal["overstayed"] = "overstayed"


@dataclass(frozen=True, slots=True)
class VisitLeft(EventKind):
    """The car went away, ``at``; the visit may yet resume."""

    INSTANTS = ("at",)

    visit: str
    box: str
    at: datetime
    reason: AwayReason | Unknown
    type: Literal["visit_left"] = "visit_left"


@dataclass(frozen=True, slots=True)
class VisitResumed(EventKind):
    """The car came back, ``at``, in time; the time away is not dosage."""

    INSTANTS = ("at",)

    visit: str
    box: str
    at: datetime
    away_s: float
    type: Literal["visit_resumed"] = "visit_resumed"


@dataclass(frozen=True, slots=True)
class Segment:
    """One officer's part of a visit; with ``second`` beside, the same seconds are both's."""

    SPARSE: ClassVar[tuple[str, ...]] = ("second",)

    officer: str
    dosage_s: float
    second: str | None = None


@dataclass(frozen=True, slots=True)
class VisitClosed(EventKind):
    """A visit ended: its whole account. ``flags``: how much of its dosage was by positions with a flag, and which."""

    INSTANTS = ("opened", "ended")
    SPARSE = ("flags",)

    visit: str
    box: str
    opened: datetime
    ended: datetime
    dosage_s: float
    counted: bool
    early: bool
    reason: EndReason | Unknown
    segments: tuple[Segment, ...]
    flags: tuple[FlaggedTime, ...] = ()
    type: Literal["visit_closed"] = "visit_closed"


@dataclass(frozen=True, slots=True)
class TacticUsed(EventKind):
    """The officer began a tactic; it lasts until the next one or the visit's end."""

    visit: str
    box: str
    tactic: str
    type: Literal["tactic_used"] = "tactic_used"


@dataclass(frozen=True, slots=True)
class TacticUndone(EventKind):
    """The tap recorded as event ``undone`` was a mistake."""

    visit: str
    tactic: str
    undone: str
    type: Literal["tactic_undone"] = "tactic_undone"


OfVisits: TypeAlias = (
    VisitOpened
    | SelfTasked
    | VisitCounted
    | PrescribedReached
    | Overstayed
    | VisitLeft
    | VisitResumed
    | VisitClosed
    | TacticUsed
    | TacticUndone
)
