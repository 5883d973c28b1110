"""What happened: the records of the ledger.

Each kind is a frozen value with a ``type``; `Event` is the envelope that numbers it. Instants are aware UTC datetimes
(ISO 8601 on the wire), durations seconds. Must not hold a name of a person: an officer is a roster id.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

ClockState: TypeAlias = Literal["none", "saved", "ntp", "gps"]
"""Where UTC comes from, least trusted first. ``none`` and ``saved`` are not trusted."""

AwayReason: TypeAlias = Literal["left", "lost", "restart"]
EndReason: TypeAlias = Literal[
    "left", "lost", "restart", "moved_on", "paused", "suppressed", "signed_out", "shift_ended"
]


def instant(utc: float) -> datetime:
    """POSIX seconds as an aware datetime, to the millisecond."""
    return datetime.fromtimestamp(round(utc, 3), UTC)


@dataclass(frozen=True, slots=True)
class Started:
    """The daemon started. ``gap_s``: since the last instant the ledger knows, None where there is none."""

    software: str
    gap_s: float | None = None
    type: Literal["started"] = "started"


@dataclass(frozen=True, slots=True)
class Stopped:
    """The daemon was asked to end."""

    type: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class ClockStepped:
    """UTC moved: add ``step_s`` to the UTC of this boot's earlier records to mend them."""

    before: ClockState
    after: ClockState
    step_s: float
    type: Literal["clock_stepped"] = "clock_stepped"


@dataclass(frozen=True, slots=True)
class ShiftBegan:
    """A shift began, by trusted time."""

    starts: datetime
    ends: datetime
    type: Literal["shift_began"] = "shift_began"


@dataclass(frozen=True, slots=True)
class PlanAdopted:
    """A plan took force. ``digest``: SHA-256 of its signed document; ``suppressed``: box ids with the reason."""

    plan_shift: str
    district: str
    version: int
    source: Literal["approved", "vehicle"]
    digest: str
    boxes: tuple[str, ...]
    suppressed: tuple[tuple[str, str], ...] = ()
    type: Literal["plan_adopted"] = "plan_adopted"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An officer took the vehicle."""

    type: Literal["signed_in"] = "signed_in"


@dataclass(frozen=True, slots=True)
class SignedOut:
    """The officer left the vehicle."""

    type: Literal["signed_out"] = "signed_out"


@dataclass(frozen=True, slots=True)
class MeteringPaused:
    """Metering rests."""

    reason: Literal["call", "break", "station"]
    type: Literal["paused"] = "paused"


@dataclass(frozen=True, slots=True)
class MeteringResumed:
    """Back on patrol after ``paused_s``."""

    paused_s: float
    type: Literal["resumed"] = "resumed"


@dataclass(frozen=True, slots=True)
class GpsLost:
    """No good fix for 10 s; ``since`` the last good one."""

    since: datetime
    type: Literal["gps_lost"] = "gps_lost"


@dataclass(frozen=True, slots=True)
class GpsFound:
    """The first good fix after a loss (None: the first ever)."""

    gap_s: float | None
    type: Literal["gps_found"] = "gps_found"


@dataclass(frozen=True, slots=True)
class VisitOpened:
    """A visit opened; the event's id is the visit's."""

    box: str
    opened: datetime
    crime_types: tuple[str, ...]
    prescribed_s: float
    early: bool
    type: Literal["visit_opened"] = "visit_opened"


@dataclass(frozen=True, slots=True)
class VisitCounted:
    """The visit has lasted long enough to count."""

    visit: str
    box: str
    type: Literal["visit_counted"] = "visit_counted"


@dataclass(frozen=True, slots=True)
class PrescribedReached:
    """The prescribed time is up: the officer is prompted to move on."""

    visit: str
    box: str
    type: Literal["prescribed_reached"] = "prescribed_reached"


@dataclass(frozen=True, slots=True)
class Overstayed:
    """Still there well past the prescribed time."""

    visit: str
    box: str
    type: Literal["overstayed"] = "overstayed"


@dataclass(frozen=True, slots=True)
class VisitLeft:
    """The car went away, ``at``; the visit may yet resume."""

    visit: str
    box: str
    at: datetime
    reason: AwayReason
    type: Literal["visit_left"] = "visit_left"


@dataclass(frozen=True, slots=True)
class VisitResumed:
    """The car came back, ``at``, in time; the time away is not dosage."""

    visit: str
    box: str
    at: datetime
    away_s: float
    type: Literal["visit_resumed"] = "visit_resumed"


@dataclass(frozen=True, slots=True)
class Segment:
    """One officer's part of a visit."""

    officer: str
    dosage_s: float


@dataclass(frozen=True, slots=True)
class VisitClosed:
    """A visit ended: its whole account."""

    visit: str
    box: str
    opened: datetime
    ended: datetime
    dosage_s: float
    counted: bool
    early: bool
    reason: EndReason
    segments: tuple[Segment, ...]
    type: Literal["visit_closed"] = "visit_closed"


@dataclass(frozen=True, slots=True)
class TacticUsed:
    """The officer began a tactic; it lasts until the next one or the visit's end."""

    visit: str
    box: str
    tactic: str
    type: Literal["tactic_used"] = "tactic_used"


@dataclass(frozen=True, slots=True)
class TacticUndone:
    """The tap recorded as event ``undone`` was a mistake."""

    visit: str
    tactic: str
    undone: str
    type: Literal["tactic_undone"] = "tactic_undone"


@dataclass(frozen=True, slots=True)
class PresenceRecorded:
    """One stay in a box ended (``box`` None: outside the agency); ``seconds`` are those with trusted positions."""

    box: str | None
    began: datetime
    ended: datetime
    seconds: float
    at_cap: bool
    type: Literal["presence"] = "presence"


@dataclass(frozen=True, slots=True)
class ForecastMade:
    """Risk was computed for a shift. ``models``: each crime type's model by its SHA-256.

    ``inputs``: SHA-256 of all it was made of: bundle, context (number ``context``, 0 for none), shift; ``output``: of
    every box's risk, in units of 10⁻⁶ incidents; ``refused``: a sentence for each model that was not used.
    """

    forecast_shift: str
    models: tuple[tuple[str, str], ...]
    context: int
    inputs: str
    output: str
    refused: tuple[str, ...] = ()
    type: Literal["forecast_made"] = "forecast_made"


@dataclass(frozen=True, slots=True)
class PlanComputed:
    """The vehicle drew a plan from its own forecast. ``inputs``: SHA-256 of all that the draw was made of.

    ``seed``: the draw's, which agency, date, shift and district give; ``boxes``: each box drawn, and with what
    probability, in units of 10⁻⁶.
    """

    plan_shift: str
    district: str
    seed: str
    inputs: str
    boxes: tuple[tuple[str, int], ...]
    type: Literal["plan_computed"] = "plan_computed"


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
)


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
    clock: ClockState
    shift: str | None
    officer: str | None
    data: EventData
