"""Kinds of record: who is signed in, and whether they are on patrol."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from edge.domain.events.kind import EventKind, Role, Unknown

__all__ = [
    "DrivingOverridden",
    "MeteringPaused",
    "MeteringResumed",
    "PauseReason",
    "PausedBy",
    "ResumeBackdated",
    "SecondSignedIn",
    "SecondSignedOut",
    "SignedIn",
    "SignedOut",
]

PauseReason: TypeAlias = Literal["call", "backing_up", "break", "station", "fuel"]
PausedBy: TypeAlias = Literal["dispatch"]


@dataclass(frozen=True, slots=True)
class SignedIn(EventKind):
    """An officer took the vehicle. ``role``: by the roster, None where there is none."""

    OF_INSTANT = True
    SPARSE = ("role",)

    role: Role | Unknown | None = None
    type: Literal["signed_in"] = "signed_in"


@dataclass(frozen=True, slots=True)
class SignedOut(EventKind):
    """The officer left the vehicle."""

    OF_INSTANT = True
    ON_DUTY = False

    type: Literal["signed_out"] = "signed_out"


@dataclass(frozen=True, slots=True)
class SecondSignedIn(EventKind):
    """A second officer is beside the first: the record's envelope names both. ``role``: by the roster."""

    OF_INSTANT = True
    SPARSE = ("role",)

    role: Role | Unknown | None = None
    type: Literal["second_signed_in"] = "second_signed_in"


@dataclass(frozen=True, slots=True)
class SecondSignedOut(EventKind):
    """The second officer has left; the first goes on."""

    OF_INSTANT = True

    type: Literal["second_signed_out"] = "second_signed_out"


@dataclass(frozen=True, slots=True)
class MeteringPaused(EventKind):
    """Metering rests. ``by``: who paused it, None: the officer.

    Dispatch's word may be late: ``since`` when the call began, by dispatch's clock, and ``taken_back_s`` of the open
    visit's dosage.
    """

    OF_INSTANT = True
    SPARSE = ("by", "since", "taken_back_s")

    reason: PauseReason | Unknown
    by: PausedBy | Unknown | None = None
    since: datetime | None = None
    taken_back_s: float = 0.0
    type: Literal["paused"] = "paused"


@dataclass(frozen=True, slots=True)
class MeteringResumed(EventKind):
    """Back on patrol after ``paused_s``. ``by``: who said so, None: the officer."""

    OF_INSTANT = True
    SPARSE = ("by",)

    paused_s: float
    by: PausedBy | Unknown | None = None
    type: Literal["resumed"] = "resumed"


@dataclass(frozen=True, slots=True)
class ResumeBackdated(EventKind):
    """The officer who is now back on patrol was so ``since``, for ``back_s``, and had forgotten to say so.

    It follows the record of the resume. Nothing that was recorded meanwhile is changed by it.
    """

    OF_INSTANT = True
    INSTANTS = ("since",)

    since: datetime
    back_s: float
    type: Literal["resume_backdated"] = "resume_backdated"


@dataclass(frozen=True, slots=True)
class DrivingOverridden(EventKind):
    """A passenger uses the screen while the car is driven. ``speed``: m/s, None where it is not known."""

    OF_INSTANT = True

    speed: float | None
    type: Literal["driving_overridden"] = "driving_overridden"


OfDuty: TypeAlias = (
    SignedIn
    | SignedOut
    | SecondSignedIn
    | SecondSignedOut
    | MeteringPaused
    | MeteringResumed
    | ResumeBackdated
    | DrivingOverridden
)
