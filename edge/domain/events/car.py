"""Kinds of record: the car itself; its daemon, clock, position, shifts, and where it was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from edge.domain.events.kind import ClockState, EventKind, FlaggedTime, Unknown

__all__ = ["ClockStepped", "GpsFound", "GpsLost", "PresenceRecorded", "ShiftBegan", "Started", "Stopped"]


@dataclass(frozen=True, slots=True)
class Started(EventKind):
    """The daemon started. ``gap_s``: since the last instant the ledger knows, None where there is none."""

    OF_INSTANT = True
    ON_DUTY = False
    GAPS = ("gap_s",)

    software: str
    gap_s: float | None = None
    type: Literal["started"] = "started"


@dataclass(frozen=True, slots=True)
class Stopped(EventKind):
    """The daemon was asked to end."""

    OF_INSTANT = True

    type: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class ClockStepped(EventKind):
    """UTC moved: add ``step_s`` to the UTC of this boot's earlier records to mend them."""

    before: ClockState | Unknown
    after: ClockState | Unknown
    step_s: float
    type: Literal["clock_stepped"] = "clock_stepped"


@dataclass(frozen=True, slots=True)
class ShiftBegan(EventKind):
    """A shift began, by trusted time."""

    ON_DUTY = False

    starts: datetime
    ends: datetime
    type: Literal["shift_began"] = "shift_began"


@dataclass(frozen=True, slots=True)
class GpsLost(EventKind):
    """No good fix for 10 s; ``since`` the last good one. ``flags``: what the fixes since had against them."""

    INSTANTS = ("since",)
    SPARSE = ("flags",)

    since: datetime
    flags: tuple[str, ...] = ()
    type: Literal["gps_lost"] = "gps_lost"


@dataclass(frozen=True, slots=True)
class GpsFound(EventKind):
    """The first good fix after a loss (None: the first ever)."""

    gap_s: float | None
    type: Literal["gps_found"] = "gps_found"


@dataclass(frozen=True, slots=True)
class PresenceRecorded(EventKind):
    """One stay in a box ended (``box`` None: outside the agency); ``seconds`` are those with trusted positions.

    ``flags``: how many of them were by positions with a flag, and which.
    """

    INSTANTS = ("began", "ended")
    SPARSE = ("flags",)

    box: str | None
    began: datetime
    ended: datetime
    seconds: float
    at_cap: bool
    flags: tuple[FlaggedTime, ...] = ()
    type: Literal["presence"] = "presence"


OfCar: TypeAlias = Started | Stopped | ClockStepped | ShiftBegan | GpsLost | GpsFound | PresenceRecorded
