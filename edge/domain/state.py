"""All that a vehicle's patrol is at one instant, and the fixed setting it is judged in. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.domain.driving import PARKED, Driving
from edge.domain.events import ClockState, Feedback, Role
from edge.domain.forgotten import PauseState
from edge.domain.grid import Cell, Grid
from edge.domain.lived import LEAP_S, Marks, earliest, past
from edge.domain.meter import Visit
from edge.domain.outlook import Outlook
from edge.domain.plan import Change, Plan, in_force
from edge.domain.policy import Policy
from edge.domain.shift import Calendar, Shift
from edge.domain.skipping import Skips
from edge.domain.track import NO_TRACK, Track
from edge.domain.unit_status import UnitStatus
from edge.domain.visits import NOTHING_VOID, Refused, VisitBook, VisitSummary, Void

TRUSTED: tuple[ClockState, ...] = ("ntp", "gps")


@dataclass(frozen=True, slots=True)
class Setting:
    """What does not change while a vehicle patrols: its agency's grid, policy, shifts and approved tactics (ids)."""

    grid: Grid
    policy: Policy
    calendar: Calendar
    tactics: tuple[str, ...]


@dataclass(frozen=True)  # no slots: it evolves
class Rival:
    """An offset that a receiver gives and that is not believed (yet): unbroken from one ``mono`` to another."""

    offset: float
    since: float
    until: float


@dataclass(frozen=True)  # no slots: it evolves
class Clock:
    """UTC (POSIX seconds) is ``mono + offset``; ``state``: where that comes from; ``since``: from which ``mono`` on.

    ``steady``: since which ``mono`` it has not leapt. ``network``: the offset that NTP gives, None while it disciplines
    nothing; ``computer``: the offset of the computer's own clock when the daemon started in this boot.
    """

    offset: float = 0.0
    state: ClockState = "none"
    since: float = 0.0
    steady: float = 0.0
    network: float | None = None
    computer: float | None = None
    rival: Rival | None = None

    @property
    def trusted(self) -> bool:
        """Whether shift boundaries may follow this clock."""
        return self.state in TRUSTED


NO_CLOCK = Clock()


@dataclass(frozen=True)  # no slots: it evolves
class Duty:
    """The officer signed in at ``since``; the car was not in use since ``off_since``, not judged yet. POSIX seconds.

    ``carried``: they signed in in an earlier boot, so no step of this one's clock moves ``since``.
    """

    since: float
    off_since: float | None = None
    carried: bool = False


@dataclass(frozen=True)  # no slots: it evolves
class ActiveTactic:
    """The tactic in use: its id, the monotonic second and the event of its tap, and the one it took over from."""

    id: str
    since: float
    event: str
    before: "ActiveTactic | None" = None


@dataclass(frozen=True)  # no slots: it evolves
class State:
    """Everything `decide` needs to go on. ``mono`` is the latest input's; ``seq`` the last ledger number given out.

    ``lived`` and ``marks``: the time lived through, as `edge.domain.lived` has it; ``earliest``: POSIX seconds before
    which no clock can be right, None where any date may be (a recording). ``ticks``: a clock has ticked in this life.
    ``visits``: this car's own, and what is believed of the others'; ``waiting``: by unit, those that wait for the time;
    ``refused``: by unit, of its last message, how many are not believed and why; ``void``: by headquarters' word.
    ``role``: the officer's, by the roster. ``second``: the officer beside.
    ``tapped``: POSIX seconds of an officer's last word on a pause; ``dispatch``: what dispatch said last of this unit.
    ``lapsed``: changes that ended because the clock leapt over their end.
    ``feedback``: what was said of boxes in this shift, the last by box.
    """

    unit: str
    ledger: str
    seq: int = 0
    boot: str = ""
    mono: float = 0.0
    ticks: bool = field(default=False, compare=False)  # tells of the engine, not of the patrol
    clock: Clock = NO_CLOCK
    lived: float = 0.0
    marks: Marks = ()
    earliest: float | None = None
    shift: Shift | None = None
    plans: tuple[Plan, ...] = ()
    officer: str | None = None
    role: Role | None = None
    second: str | None = None
    second_role: Role | None = None
    duty: Duty | None = None
    pause: PauseState | None = None
    tapped: float | None = None
    dispatch: UnitStatus | None = None
    driving: Driving = PARKED
    track: Track = NO_TRACK
    visit: Visit | None = None
    tactic: ActiveTactic | None = None
    visits: VisitBook = field(default_factory=VisitBook)
    waiting: Mapping[str, tuple[VisitSummary, ...]] = field(default_factory=dict, compare=False)  # comes again
    refused: Mapping[str, Refused] = field(default_factory=dict, compare=False)
    void: Void = NOTHING_VOID
    outlooks: tuple[Outlook, ...] = ()
    changes: tuple[Change, ...] = ()
    lapsed: tuple[Change, ...] = ()
    skips: Skips = ()
    feedback: tuple[tuple[Cell, Feedback], ...] = ()

    @property
    def issued(self) -> Plan | None:
        """The plan of the shift that runs as it was issued: signed by headquarters, or computed here."""
        if self.shift is None:
            return None
        return next((plan for plan in self.plans if plan.shift == self.shift.id), None)

    @property
    def plan(self) -> Plan | None:
        """The plan in force in this car: the one issued, with the car's own changes on top."""
        return None if self.shift is None else in_force(self.issued, self.changes, self.shift.id)

    @property
    def outlook(self) -> Outlook | None:
        """The forecast of the shift that runs."""
        if self.shift is None:
            return None
        return next((one for one in self.outlooks if one.shift == self.shift.id), None)

    def utc(self, mono: float) -> float:
        """POSIX seconds of a monotonic instant of this boot."""
        return mono + self.clock.offset

    def sure_utc(self, age: float) -> float:
        """What it is now at the least, whether or not the clock leapt in the last ``age`` lived seconds.

        The clock's own UTC, where NTP says the same.
        """
        utc = self.utc(self.mono)
        seconded = self.clock.network is not None and abs(self.clock.network - self.clock.offset) < LEAP_S
        return utc if seconded else min(utc, earliest(self.marks, self.lived, age))

    def past(self, age: float) -> float:
        """The lowest instant that a trusted clock has shown in the last ``age`` lived seconds: it is past for sure."""
        return past(self.marks, self.lived, age)
