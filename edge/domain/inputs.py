"""What the patrol rules are told: fixes, seconds, taps, plans, forecasts and other vehicles' visits.

Every input carries ``mono``, the monotonic second at which the vehicle learned of it. Taps have a folder of their own,
`edge.domain.taps`. Nothing here decides anything, and nothing here names a person: an officer is a roster id.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from edge.domain.change_inputs import AddPatrol, SuppressPatrol
from edge.domain.events import ForecastMade, PlanComputed
from edge.domain.outlook import Outlook
from edge.domain.plan import Plan
from edge.domain.taps import Pause, Resume, SignIn, SignOut, Tap, UndoTactic, UseTactic
from edge.domain.unit_status import UnitStatus
from edge.domain.visits import VisitSummary, Void

__all__ = [
    "AddPatrol", "AdoptPlan", "Fix", "HearStatus", "Input", "MergeVisits", "Pause", "Resume", "SignIn", "SignOut",
    "Start", "Stop", "SuppressPatrol", "TakeForecast", "Tick", "UndoTactic", "UseTactic", "VoidVisits",
]  # fmt: skip

NOT_BY_SATELLITES: Final = frozenset({"dead_reckoning", "manual", "simulated", "no_satellites"})
"""The flags of a position that is never a good one, however small an error it claims."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One accepted position.

    ``utc`` POSIX seconds by the satellites; ``mono`` monotonic seconds of receipt; ``lat``, ``lon`` degrees WGS 84;
    ``speed`` m/s, None where the receiver gives none; ``accuracy`` metres, 68 % horizontal; ``quality`` the GGA
    quality (1 GPS, 2 DGPS, 4 RTK, 5 float RTK, 6 dead reckoning); ``flags`` what is worth knowing of it
    ("no_satellites", "rollover", …); ``course`` degrees from true north, None where the receiver gives none.
    """

    utc: float
    mono: float
    lat: float
    lon: float
    speed: float | None
    accuracy: float
    quality: int = 1
    flags: tuple[str, ...] = ()
    course: float | None = None

    @property
    def by_satellites(self) -> bool:
        """Whether satellites gave it: not a position that was estimated, entered by hand or simulated."""
        return NOT_BY_SATELLITES.isdisjoint(self.flags)


@dataclass(frozen=True, slots=True)
class Tick:
    """A second has passed. ``system_utc``: the computer's own clock, and whether NTP disciplines it."""

    mono: float
    system_utc: float
    ntp: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """The daemon (re)started; ``boot`` is the kernel's boot id, ``software`` the version.

    ``earliest``: POSIX seconds before which no clock can be right; None for a recording, whose dates are its own.
    """

    mono: float
    boot: str
    system_utc: float
    software: str
    earliest: float | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """The daemon is asked to end."""

    mono: float


@dataclass(frozen=True, slots=True)
class AdoptPlan:
    """A verified plan or a change of it takes force."""

    mono: float
    plan: Plan


@dataclass(frozen=True, slots=True)
class MergeVisits:
    """What another vehicle says of its own visits. ``unit``: whose report it is, also where it has none."""

    mono: float
    visits: tuple[VisitSummary, ...]
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class VoidVisits:
    """What headquarters says is void, instead of what it said before."""

    mono: float
    void: Void


@dataclass(frozen=True, slots=True)
class HearStatus:
    """What dispatch says of this unit, verified."""

    mono: float
    status: UnitStatus


@dataclass(frozen=True, slots=True)
class TakeForecast:
    """The vehicle's own forecast of a shift is there; with it, where one was drawn, its own plan.

    ``made`` and ``computed`` are what the ledger says of them; ``plan`` and ``computed`` come together or not at all.
    """

    mono: float
    made: ForecastMade
    outlook: Outlook
    plan: Plan | None = None
    computed: PlanComputed | None = None


Input: TypeAlias = (
    Fix
    | Tick
    | Start
    | Stop
    | Tap
    | AdoptPlan
    | AddPatrol
    | SuppressPatrol
    | MergeVisits
    | VoidVisits
    | TakeForecast
    | HearStatus
)
