"""The Shift Report as values. Instants are aware UTC datetimes, durations seconds. Must not compute anything."""

from dataclasses import dataclass
from datetime import UTC, datetime

from edge.domain.events import EndReason, PlanSource, TaskReason, Unknown
from edge.headquarters.projections.rows import Remark, RemarkKind, SpanKind, StayRow


def moment(posix: float) -> datetime:
    """POSIX seconds as an aware datetime."""
    return datetime.fromtimestamp(posix, UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """A time of a vehicle's shift that was no patrol; ``detail``: the reason of a pause, else empty.

    ``stopped``: it was asked to end; ``down``: it did not run, and nobody had asked. ``tapped``: when the officer said
    that the pause had been over since ``ended``; None where it ended by the tap.
    """

    kind: SpanKind
    began: datetime
    ended: datetime
    detail: str = ""
    tapped: datetime | None = None

    @property
    def seconds(self) -> float:
        """How long."""
        return (self.ended - self.began).total_seconds()


@dataclass(frozen=True, slots=True)
class OfficerPart:
    """One officer's part of a visit; ``officer`` is a roster id."""

    officer: str
    seconds: float


@dataclass(frozen=True, slots=True)
class TacticPart:
    """A tactic of a visit, from its tap to the next or to the visit's end; None while the visit is open."""

    tactic: str
    began: datetime
    seconds: float | None


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit. ``parts``: the times it was neither away nor paused. ``ended``, ``dosage_s`` None: it is still open.

    ``continued``: it was opened at the shift's start, by the boundary; ``reason`` "shift_ended": it goes on after it.
    ``counted``: as its end says; an open one is not counted yet, however long it is. ``tasked``: why the officer chose
    a box of no plan; like an early one such a visit fulfils no prescription.
    """

    id: str
    unit: str
    box: str
    opened: datetime
    ended: datetime | None
    dosage_s: float | None
    counted: bool
    early: bool
    overstayed: bool
    continued: bool
    reason: EndReason | Unknown | None
    crime_types: tuple[str, ...]
    prescribed_s: float | None
    officers: tuple[OfficerPart, ...]
    tactics: tuple[TacticPart, ...]
    parts: tuple[tuple[datetime, datetime], ...]
    weak_gps_s: float
    tasked: TaskReason | Unknown | None


@dataclass(frozen=True, slots=True)
class StayLine:
    """One stay in a box, counted or not; ``box`` None: outside the agency. ``seconds``: with trusted positions."""

    unit: str
    box: str | None
    began: datetime
    ended: datetime
    seconds: float
    at_cap: bool
    weak_gps_s: float


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """What an officer said of a box: feedback for analysts, or why it was skipped."""

    id: str
    unit: str
    at: datetime
    box: str
    kind: RemarkKind
    remark: Remark


@dataclass(frozen=True, slots=True)
class OtherLine:
    """A record that is in no figure: of a kind that only newer software knows, or with a ``problem``, unreadable."""

    id: str
    unit: str
    at: datetime
    kind: str
    problem: str


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """A plan as a vehicle took it: since when it held."""

    version: int
    district: str
    source: PlanSource | Unknown
    digest: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums: counted visits, seconds of dosage and presence, of pauses and of gaps (GPS lost or not running).

    ``weak_gps_s``: of the dosage, seconds by positions that satellites did not give alone, or not within 10 m.
    ``tasked``: of the counted visits, those that officers chose.
    """

    visits: int
    counted: int
    tasked: int
    dosage_s: float
    weak_gps_s: float
    presence_s: float
    paused_s: float
    gps_lost_s: float
    down_s: float


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One vehicle's shift. ``first``, ``last``: the instants of its first and last record of it.

    ``stay_rows``: its stays as the projections have them: there are many, and few readers want each.
    """

    unit: str
    first: datetime
    last: datetime
    officers: tuple[str, ...]
    plans: tuple[PlanInForce, ...]
    visits: tuple[VisitLine, ...]
    stay_rows: tuple[StayRow, ...]
    spans: tuple[Span, ...]
    remarks: tuple[RemarkLine, ...]
    others: tuple[OtherLine, ...]
    totals: Totals

    @property
    def stays(self) -> tuple[StayLine, ...]:
        """Its stays, in order."""
        return tuple(
            StayLine(
                row.unit, row.box, moment(row.began), moment(row.ended), row.seconds, bool(row.at_cap), row.weak_gps_s
            )
            for row in self.stay_rows
        )


@dataclass(frozen=True, slots=True)
class BoxLine:
    """One box over all vehicles.

    ``done``: counted visits that were neither early nor self-tasked; ``prescribed`` None: no plan held here says.
    ``…_vehicle_s`` adds the vehicles up, ``…_union_s`` counts time that vehicles shared once. ``said``: what officers
    said of it, and how often.
    """

    box: str
    crime_types: tuple[str, ...]
    prescribed: int | None
    prescribed_s: float | None
    done: int
    counted: int
    visits: int
    dosage_vehicle_s: float
    dosage_union_s: float
    presence_vehicle_s: float
    presence_union_s: float
    suppressed: str | None
    said: tuple[tuple[str, int], ...]

    @property
    def met(self) -> bool:
        """All prescribed visits were made."""
        return self.prescribed is not None and self.done >= self.prescribed

    @property
    def listed(self) -> bool:
        """Prescribed, visited or spoken of: more than passed through."""
        return self.prescribed is not None or self.visits > 0 or bool(self.said)


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """Where each unit was in a shift and what it did."""

    shift: str
    starts: datetime
    ends: datetime
    until: datetime
    units: tuple[UnitReport, ...]
    boxes: tuple[BoxLine, ...]
    totals: Totals
    clock_steps: int
    repaired: int

    @property
    def open(self) -> int:
        """Visits that are still open."""
        return sum(visit.ended is None for unit in self.units for visit in unit.visits)

    @property
    def short(self) -> int:
        """Visits too short to count."""
        return sum(visit.ended is not None and not visit.counted for unit in self.units for visit in unit.visits)

    @property
    def planned(self) -> int:
        """Boxes prescribed and not suppressed."""
        return len(self._planned())

    @property
    def met(self) -> int:
        """Those of them with every prescribed visit."""
        return sum(line.met for line in self._planned())

    def _planned(self) -> list[BoxLine]:
        return [line for line in self.boxes if line.prescribed is not None and not line.suppressed]
