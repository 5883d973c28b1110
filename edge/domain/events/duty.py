"""Kinds of record: who is signed in, and whether they are on patrol."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from edge.domain.events.kind import EventKind, Unknown

__all__ = ["MeteringPaused", "MeteringResumed", "PauseReason", "SignedIn", "SignedOut"]

PauseReason: TypeAlias = Literal["call", "break", "station", "fuel"]


@dataclass(frozen=True, slots=True)
class SignedIn(EventKind):
    """An officer took the vehicle."""

    OF_INSTANT = True

    type: Literal["signed_in"] = "signed_in"


@dataclass(frozen=True, slots=True)
class SignedOut(EventKind):
    """The officer left the vehicle."""

    OF_INSTANT = True
    ON_DUTY = False

    type: Literal["signed_out"] = "signed_out"


@dataclass(frozen=True, slots=True)
class MeteringPaused(EventKind):
    """Metering rests."""

    OF_INSTANT = True

    reason: PauseReason | Unknown
    type: Literal["paused"] = "paused"


@dataclass(frozen=True, slots=True)
class MeteringResumed(EventKind):
    """Back on patrol after ``paused_s``."""

    OF_INSTANT = True

    paused_s: float
    type: Literal["resumed"] = "resumed"


OfDuty: TypeAlias = SignedIn | SignedOut | MeteringPaused | MeteringResumed
