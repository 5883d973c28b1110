"""What a screen may know: the values of one immutable snapshot, the body of ``GET /api/state``.

What is to be said is a `Notice`: a code with values and a severity; the catalogue (`edge.text.words`) has the words.
The parts of the vehicle share this and `edge.vehicle.inbox`, and nothing else of each other. `edge.vehicle.view.make`
makes it. Must not compute anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from edge.domain.events import ClockState, Role
from edge.domain.plan import BoxStatus
from edge.domain.track import Quality
from edge.text.words import Notice

Mode: TypeAlias = Literal[
    "signed_out", "starting", "no_plan", "paused", "lost", "uncertain", "visit", "move_on", "over_stay", "away",
    "at_cap", "patrol",
]  # fmt: skip
"""The one thing the screen says; `edge.vehicle.view.headline` has their order of weight."""


@dataclass(frozen=True, slots=True)
class VisitView:
    """The open visit, in seconds. ``id``: its arrival's record; ``running``: the timer counts.

    ``done``: visits that fulfil the prescription. ``runs_on_s``: how long its dosage goes on from here until the next
    position is due, and then waits for it. ``counts_in_s``: dosage that is lacking until the visit counts;
    ``place``: as `BoxView`'s. ``tasked``: why the officer chose the box, else None.
    """

    id: str
    box: str
    number: int
    place: str | None
    crime_types: tuple[str, ...]
    dosage_s: float
    prescribed_s: float
    running: bool
    runs_on_s: float
    phase: str
    counted: bool
    counts_in_s: float
    early: bool
    done: int
    prescribed_visits: int
    away_left_s: float | None
    why: Notice | None
    tasked: str | None


@dataclass(frozen=True, slots=True)
class PositionView:
    """The last good position: degrees, metres of the plane. ``age_s`` seconds since; ``quality`` now."""

    quality: Quality
    lat: float | None
    lon: float | None
    east: float | None
    north: float | None
    accuracy: float | None
    age_s: float | None


@dataclass(frozen=True, slots=True)
class BoxView:
    """One box of the plan, or of a self-tasked visit.

    ``distance_m`` and ``bearing`` (degrees from north) are from the car to its middle.
    ``place``: where it is by the agency's street names, ``Main / 4th``; None where there are none.
    ``risk``: expected incidents in the shift, of all types that have a model; None where no forecast explains the box.
    ``explained``: whether ``GET /api/why/{box}`` has more to say. ``others``: other cars' counted visits of this shift
    that are over; ``others_now``: whether another car is in a visit of it. ``feedback``: what was said of it here this
    shift.
    """

    id: str
    number: int
    place: str | None
    crime_types: tuple[str, ...]
    status: BoxStatus
    done: int
    prescribed_visits: int
    minutes: float
    why: Notice | None
    risk: float | None
    explained: bool
    distance_m: float | None
    bearing: float | None
    others: int
    others_now: bool
    feedback: str | None


@dataclass(frozen=True, slots=True)
class PartView:
    """A group of a model's features (the catalogue has its words), and the factor by which it raises or lowers risk."""

    name: str
    factor: float


@dataclass(frozen=True, slots=True)
class RiskView:
    """One crime type in a box: expected incidents in the shift, × the average box, how many of 100 boxes have less."""

    crime_type: str
    expected: float
    times: float
    percentile: float
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class DataView:
    """The last day (ISO) whose incidents a plan was made from, and how many days before its shift's date that was."""

    to: str
    age_days: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one box: the plan's reason, and the forecast's; whose plan has it (``source``), and why it is ``suppressed``.

    ``known_to``: the ISO date to which the forecast's incidents are counted, ``age_days`` before the shift's; None
    where no forecast has the box. ``plan_data``: the same of the approved plan, where it says so; ``place``: as
    `BoxView`'s. ``add``, ``suppress``: why it may not be now (a key of ``not_now``), None where it may.
    """

    box: str
    number: int
    place: str | None
    why: Notice | None
    source: Literal["approved", "vehicle"] | None
    suppressed: str | None
    known_to: str | None
    age_days: int | None
    plan_data: DataView | None
    types: tuple[RiskView, ...]
    add: str | None
    suppress: str | None


@dataclass(frozen=True, slots=True)
class ForecastView:
    """The forecast in force. ``context``: the number of the context it was made with, 0 for none."""

    shift: str
    context: int
    known_to: str


@dataclass(frozen=True, slots=True)
class TacticView:
    """One tactic button. ``undo_left_s``: how long its tap can still be taken back, None where it cannot.

    ``labels``: its words in other languages.
    """

    id: str
    label: str
    active: bool
    undo_left_s: float | None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Whether a pause still lasts.

    ``over_s``: how long ago it may have been over, by dispatch's word, else by when the car was driven off; None where
    neither is known.
    """

    over_s: float | None


@dataclass(frozen=True, slots=True)
class SignInView:
    """What is asked of who signs in. ``open``: somebody may; ``pin``: with a PIN; ``letters``: of the roster's ids."""

    open: bool = True
    pin: bool = False
    letters: str = ""


ANYBODY: Final = SignInView()
"""Without a roster, as most policies have it."""


@dataclass(frozen=True, slots=True)
class GpsView:
    """The receiver: how it stands, fixes accepted so far, and what was refused, counted by reason."""

    notice: Notice | None = None
    fixes: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkView:
    """The link. ``queue``: records that headquarters does not hold yet; ``notice``: what is the matter, if anything.

    ``off``: the car is configured to work alone, which is no fault.
    """

    state: Literal["connected", "connecting", "offline", "off"] = "offline"
    queue: int = 0
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class DisplayView:
    """How the page is to look; the vehicle decides. ``shade``: how much black lies over it, 0 to 1.

    ``power``: a dim or a blank page is only woken by the first tap. ``volume``: of its sounds, 0 to 1; less by night.
    ``choice``, ``brightness``, ``muted``: the officer's own.
    """

    theme: Literal["day", "night"] = "night"
    power: Literal["on", "dim", "blank"] = "on"
    shade: float = 0.0
    choice: Literal["auto", "day", "night"] = "auto"
    brightness: int = 0
    muted: bool = False
    volume: float = 0.15
    language: str = "en"


@dataclass(frozen=True, slots=True)
class BasemapView:
    """The offline basemap: the version of the file that may be shown, None where none may; ``notice``: why not."""

    version: str | None = None
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a screen shows. Times are seconds; ``utc`` POSIX. ``plan``: who made it; nobody reviewed a vehicle's.

    ``target``: the one box that sentence, card, compass and map lead to. ``driving``: whether the screen must suit
    glances alone, or a passenger uses it; ``still_paused``: what to ask of a pause that may be forgotten. ``not_now``:
    the taps that are not offered, by name, and why (a key of the catalogue's group).
    """

    unit: str
    agency: str
    mode: Mode
    headline: Notice
    utc: float
    clock: ClockState
    shift: str | None
    shift_ends_in_s: float | None
    officer: str | None
    role: Role | None
    second: str | None
    sign_in: SignInView
    driving: Literal["parked", "driving", "overridden"]
    paused: str | None
    paused_s: float | None
    paused_by_dispatch: bool
    still_paused: QuestionView | None
    visit: VisitView | None
    position: PositionView
    box: str | None
    box_number: int | None
    plan: Literal["approved", "vehicle"] | None
    forecast: ForecastView | None
    next: BoxView | None
    target: BoxView | None
    boxes: tuple[BoxView, ...]
    tactics: tuple[TacticView, ...]
    not_now: Mapping[str, str]
    link: LinkView
    gps: GpsView
    notices: tuple[Notice, ...]
    recorded: int
    display: DisplayView
    basemap: BasemapView
