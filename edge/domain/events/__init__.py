"""What happened: the records of the ledger.

Each kind is a frozen value with a ``type`` and the facts of `EventKind`; `Event` is the envelope that numbers it.
Instants are aware UTC datetimes (ISO 8601 on the wire), durations seconds. A new kind is a class in one of this
folder's files, and its name in that file's union and `__all__`. The rules write the kinds and values that are listed
here; who reads may meet those of newer software: an `OtherRecord`, an `Unknown` value. Must not hold a name of a
person: an officer is a roster id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, TypeAlias, get_args

from edge.domain.events import car, duty, plans, visits
from edge.domain.events.car import *
from edge.domain.events.duty import *
from edge.domain.events.kind import ClockState, EventKind, FlaggedTime, Unknown, instant
from edge.domain.events.other import OtherRecord, UnreadableRecord
from edge.domain.events.plans import *
from edge.domain.events.visits import *

__all__ = [
    "KINDS",
    "ClockState",
    "Event",
    "EventData",
    "EventKind",
    "FlaggedTime",
    "OtherRecord",
    "RecordData",
    "Unknown",
]
__all__ += ["UnreadableRecord", "instant"]
__all__ += car.__all__
__all__ += duty.__all__
__all__ += plans.__all__
__all__ += visits.__all__

EventData: TypeAlias = car.OfCar | duty.OfDuty | plans.OfPlans | visits.OfVisits
"""What the rules record."""

RecordData: TypeAlias = EventData | OtherRecord | UnreadableRecord
"""What may be read of a record."""

KINDS: Final[Mapping[str, type[EventKind]]] = {
    kind.__dataclass_fields__["type"].default: kind for kind in get_args(EventData)
}
"""Every kind by its name on the wire."""


@dataclass(frozen=True, slots=True)
class Event:
    """One record of the ledger. ``id`` is ``{unit}:{ledger}:{seq}``, ``seq`` without gaps from 1; ``mono`` seconds.

    ``second``: the officer beside, where there are two in the car; as a kind's ``SPARSE`` field it is else not written.
    """

    SPARSE: ClassVar[tuple[str, ...]] = ("second",)

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
    second: str | None = None
