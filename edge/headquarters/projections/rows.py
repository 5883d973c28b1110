"""The rows of the projections. Instants are POSIX seconds, durations seconds; a database has 0 and 1 for truths.

Every row belongs to one ledger and is made from that ledger's records alone. Its fields are the columns of its table;
`id`, or `seq` (of a span with `kind`), names it within its ledger. Must not compute anything.
"""

from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple, TypeAlias

from edge.domain.events import EndReason, Feedback, PlanSource, SkipReason, TaskReason, Unknown

SpanKind: TypeAlias = Literal["paused", "gps_lost", "down", "stopped", "signed_out"]
RemarkKind: TypeAlias = Literal["feedback", "skip", "change"]
"""``change``: what a car changed of its plan; its remark is such as ``added.supervisor.recent_crime``."""
Remark: TypeAlias = Feedback | SkipReason | Unknown
Interval: TypeAlias = tuple[float, float]


class LedgerRow(NamedTuple):
    """A ledger and when it began, by a trusted or repaired clock."""

    unit: str
    ledger: str
    began: float


class RunRow(NamedTuple):
    """Consecutive records of one shift, None: of none. ``officers``: roster ids of who was on duty, in order."""

    unit: str
    ledger: str
    seq: int
    last_seq: int
    shift: str | None
    first: float | None
    last: float | None
    officers: tuple[str, ...]


class UnplacedRow(NamedTuple):
    """A record that names no shift: the calendar says which one its ``time`` lies in. ``officer``: who is on duty."""

    unit: str
    ledger: str
    seq: int
    time: float
    officer: str | None


class VisitRow(NamedTuple):
    """One visit. ``parts``: when it was neither away nor paused; ``running``: since when it is that now.

    ``time``: of its first record; ``ended``, ``dosage_s`` None: it is open. ``weak_gps_s``: seconds of its dosage.
    ``tasked``: why the officer chose a box of no plan; None where a plan assigned it.
    """

    unit: str
    ledger: str
    id: str
    shift: str | None
    time: float
    box: str
    opened: float
    ended: float | None
    dosage_s: float | None
    counted: bool
    early: bool
    overstayed: bool
    reason: EndReason | Unknown | None
    crime_types: tuple[str, ...]
    prescribed_s: float | None
    officers: tuple[tuple[str, float], ...]
    parts: tuple[Interval, ...]
    running: float | None
    weak_gps_s: float
    tasked: TaskReason | Unknown | None


class TacticRow(NamedTuple):
    """A tactic of a visit. ``seconds`` None: it lasts; ``undone``: the tap was a mistake."""

    unit: str
    ledger: str
    seq: int
    visit: str
    shift: str | None
    tactic: str
    began: float
    seconds: float | None
    undone: bool


class StayRow(NamedTuple):
    """One stay in a box, counted or not; ``box`` None: outside the agency. ``seconds``: with trusted positions.

    ``weak_gps_s``: of these, by weak GPS. ``day``: the date its shift is named by, else its own in UTC.
    """

    unit: str
    ledger: str
    seq: int
    shift: str | None
    time: float
    day: str
    box: str | None
    began: float
    ended: float
    seconds: float
    at_cap: bool
    weak_gps_s: float


class SpanRow(NamedTuple):
    """A time that was no patrol; ``ended`` None: it lasts. ``detail``: a pause's reason.

    ``tapped``: when the officer said that the pause had ended before, at ``ended``; None where nobody said so.
    """

    unit: str
    ledger: str
    seq: int
    kind: SpanKind
    began: float
    ended: float | None
    detail: str
    tapped: float | None


class RemarkRow(NamedTuple):
    """What was said of a box in a car: feedback, why it was skipped, or that the plan was changed there."""

    unit: str
    ledger: str
    seq: int
    shift: str | None
    time: float
    day: str
    box: str
    kind: RemarkKind
    remark: Remark


class PlanRow(NamedTuple):
    """A plan as a vehicle adopted it, and when."""

    unit: str
    ledger: str
    seq: int
    plan_shift: str
    time: float
    district: str
    version: int
    source: PlanSource | Unknown
    digest: str


class StepRow(NamedTuple):
    """A step of a vehicle's clock, and how many earlier records it moved."""

    unit: str
    ledger: str
    seq: int
    shift: str | None
    time: float
    step_s: float
    repaired: int


class OtherRow(NamedTuple):
    """A record that is in no figure: of a kind that only newer software knows, or with a ``problem``, unreadable."""

    unit: str
    ledger: str
    seq: int
    shift: str | None
    time: float
    kind: str
    problem: str


Row: TypeAlias = (
    LedgerRow
    | RunRow
    | UnplacedRow
    | VisitRow
    | TacticRow
    | StayRow
    | SpanRow
    | RemarkRow
    | PlanRow
    | StepRow
    | OtherRow
)


@dataclass(slots=True)
class Rows:
    """Rows by kind: those of some ledgers, or those that changed."""

    ledgers: list[LedgerRow] = field(default_factory=list)
    runs: list[RunRow] = field(default_factory=list)
    unplaced: list[UnplacedRow] = field(default_factory=list)
    visits: list[VisitRow] = field(default_factory=list)
    tactics: list[TacticRow] = field(default_factory=list)
    stays: list[StayRow] = field(default_factory=list)
    spans: list[SpanRow] = field(default_factory=list)
    remarks: list[RemarkRow] = field(default_factory=list)
    plans: list[PlanRow] = field(default_factory=list)
    steps: list[StepRow] = field(default_factory=list)
    others: list[OtherRow] = field(default_factory=list)

    def add(self, more: "Rows") -> None:
        """Some more rows, of other keys."""
        for one in fields(self):
            getattr(self, one.name).extend(getattr(more, one.name))
