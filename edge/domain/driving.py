"""Whether the car is being driven, so that its screen may ask for glances alone: the rule, and its table.

Theory of operation
===================
A car is parked until a good fix is faster than 2.2 m/s. It is then driving until it has stood for 5 s, or until nothing
good was heard of it for 2 min; a position that is lost ends nothing by itself, for the car may be in a tunnel. A
passenger may override it, for as long as this drive lasts and the same officer is signed in.

    motion, happening   moved     stood    silent   overridden   changed
    parked              driving   .        .        .            .
    driving             .         parked   parked   overridden   .
    overridden          .         parked   parked   .            driving

A dot changes nothing. *Changed* is a sign-in or a sign-out. *Stood*: fixes slower than 0.5 m/s for 5 s, of which no
interval is too long to be trusted; any other fix begins them afresh. A restart goes on as it was, and waits anew.

`TRANSITIONS` is that table as data. Must not look at positions or plans, and must not read a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.domain.values import evolve

MOVING_SPEED: Final = 2.2
"""m/s (5 mph): the speed above which NHTSA's guidelines on driver distraction (2013, V.B) lock what is no glance."""

STANDING_SPEED: Final = 0.5
"""m/s: the default of the policy's ``parked_speed``."""

STOOD_S: Final = 5.0
SILENT_S: Final = 120.0


class Motion(StrEnum):
    """What the screen goes by."""

    PARKED = "parked"
    DRIVING = "driving"
    OVERRIDDEN = "overridden"


class Happening(StrEnum):
    """What can happen to it."""

    MOVED = "moved"
    STOOD = "stood"
    SILENT = "silent"
    OVERRIDDEN = "overridden"
    CHANGED = "changed"


TRANSITIONS: Final[Mapping[Motion, Mapping[Happening, Motion]]] = {
    Motion.PARKED: {Happening.MOVED: Motion.DRIVING},
    Motion.DRIVING: {
        Happening.STOOD: Motion.PARKED,
        Happening.SILENT: Motion.PARKED,
        Happening.OVERRIDDEN: Motion.OVERRIDDEN,
    },
    Motion.OVERRIDDEN: {
        Happening.STOOD: Motion.PARKED,
        Happening.SILENT: Motion.PARKED,
        Happening.CHANGED: Motion.DRIVING,
    },
}


@dataclass(frozen=True)  # no slots: it evolves
class Driving:
    """How the car moves, and since which ``mono`` it stands, None where it does not, or is parked anyway."""

    motion: Motion = Motion.PARKED
    standing: float | None = None


PARKED: Final = Driving()


def happen(driving: Driving, what: Happening) -> Driving:
    """How it is after something has happened. What has no entry in the table changes nothing."""
    motion = TRANSITIONS[driving.motion].get(what)
    return driving if motion is None else Driving(motion)


def heed(driving: Driving, mono: float, speed: float | None, *, trusted: bool) -> Driving:
    """How it is after a good fix with a speed, m/s. ``trusted``: no gap lies between it and the fix before."""
    if speed is not None and speed > MOVING_SPEED:
        return happen(_stirred(driving), Happening.MOVED)
    if speed is None or speed >= STANDING_SPEED:
        return _stirred(driving)
    if driving.motion is Motion.PARKED:
        return driving
    since = driving.standing if driving.standing is not None and trusted else mono
    return happen(driving, Happening.STOOD) if mono - since >= STOOD_S else evolve(driving, standing=since)


def silent_at(driving: Driving, last_fix: float | None) -> float | None:
    """When the car is held to be parked, unless a good fix comes before; None where it is. ``last_fix``: mono."""
    return None if driving.motion is Motion.PARKED or last_fix is None else last_fix + SILENT_S


def restarted(driving: Driving) -> Driving:
    """How it is in another life of the daemon."""
    return _stirred(driving)


def _stirred(driving: Driving) -> Driving:
    return driving if driving.standing is None else evolve(driving, standing=None)
