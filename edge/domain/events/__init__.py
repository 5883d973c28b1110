"""What happened: the records of the ledger.

Each kind is a frozen value with a ``type`` and the facts of `EventKind`; `Event` is the envelope that numbers it.
Instants are aware UTC datetimes (ISO 8601 on the wire), durations seconds. A new kind is a class in one of this
folder's files and a name in `EventData` and `__all__`. The rules write the kinds and values that are listed here; who
reads may meet those of newer software: an `OtherRecord`, an `Unknown` value. Must not hold a name of a person: an
officer is a roster id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias, get_args

from edge.domain.events.car import ClockStepped, GpsFound, GpsLost, PresenceRecorded, ShiftBegan, Started, Stopped
from edge.domain.events.duty import MeteringPaused, MeteringResumed, PauseReason, SignedIn, SignedOut
from edge.domain.events.kind import ClockState, EventKind, Unknown, instant
from edge.domain.events.other import OtherRecord, UnreadableRecord
from edge.domain.events.plans import (
    ChangeEnd,
    ChangeEnded,
    ChangeReason,
    ForecastMade,
    PatrolAdded,
    PatrolSuppressed,
    PlanAdopted,
    PlanComputed,
    PlanSource,
    Role,
)
from edge.domain.events.visits import (
    AwayReason,
    EndReason,
    Overstayed,
    PrescribedReached,
    Segment,
    TacticUndone,
    TacticUsed,
    VisitClosed,
    VisitCounted,
    VisitLeft,
    VisitOpened,
    VisitResumed,
)

__all__ = [
    "KINDS", "AwayReason", "ChangeEnd", "ChangeEnded", "ChangeReason", "ClockState", "ClockStepped", "EndReason",
    "Event", "EventData", "EventKind", "ForecastMade", "GpsFound", "GpsLost", "MeteringPaused", "MeteringResumed",
    "OtherRecord", "Overstayed", "PatrolAdded", "PatrolSuppressed", "PauseReason", "PlanAdopted", "PlanComputed",
    "PlanSource", "PrescribedReached", "PresenceRecorded", "RecordData", "Role", "Segment", "ShiftBegan", "SignedIn",
    "SignedOut", "Started", "Stopped", "TacticUndone", "TacticUsed", "Unknown", "UnreadableRecord", "VisitClosed",
    "VisitCounted", "VisitLeft", "VisitOpened", "VisitResumed", "instant",
]  # fmt: skip

EventData: TypeAlias = (
    Started
    | Stopped
    | ClockStepped
    | ShiftBegan
    | PlanAdopted
    | SignedIn
    | SignedOut
    | MeteringPaused
    | MeteringResumed
    | GpsLost
    | GpsFound
    | VisitOpened
    | VisitCounted
    | PrescribedReached
    | Overstayed
    | VisitLeft
    | VisitResumed
    | VisitClosed
    | TacticUsed
    | TacticUndone
    | PresenceRecorded
    | ForecastMade
    | PlanComputed
    | PatrolAdded
    | PatrolSuppressed
    | ChangeEnded
)
"""What the rules record."""

RecordData: TypeAlias = EventData | OtherRecord | UnreadableRecord
"""What may be read of a record."""

KINDS: Final[Mapping[str, type[EventKind]]] = {
    kind.__dataclass_fields__["type"].default: kind for kind in get_args(EventData)
}
"""Every kind by its name on the wire."""


@dataclass(frozen=True, slots=True)
class Event:
    """One record of the ledger. ``id`` is ``{unit}:{ledger}:{seq}``, ``seq`` without gaps from 1; ``mono`` seconds."""

    id: str
    unit: str
    ledger: str
    seq: int
    boot: str
    mono: float
    time: datetime
    clock: ClockState | Unknown
    shift: str | None
    officer: str | None
    data: RecordData
