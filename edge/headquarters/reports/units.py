"""One vehicle's shift, from the rows of its ledgers. Must not look at other vehicles."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from operator import attrgetter
from typing import TypeVar

from edge.headquarters.projections.rows import (
    LedgerRow,
    OtherRow,
    PlanRow,
    RemarkRow,
    Rows,
    RunRow,
    SpanKind,
    SpanRow,
    StayRow,
    TacticRow,
    UnplacedRow,
    VisitRow,
)
from edge.headquarters.reports.model import (
    OfficerPart,
    OtherLine,
    PlanInForce,
    RemarkLine,
    Span,
    TacticPart,
    Totals,
    UnitReport,
    VisitLine,
    moment,
)

RowT = TypeVar("RowT", bound=StayRow | SpanRow | PlanRow | RunRow | UnplacedRow | RemarkRow | OtherRow)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A shift, and how far its report knows it: POSIX seconds."""

    shift: str
    starts: float
    until: float

    def hold(self, row: StayRow | VisitRow | RemarkRow | OtherRow) -> bool:
        """Whether a row is of the shift: by its name, or by its time where it names none."""
        return row.shift == self.shift or (row.shift is None and self.contain(row.time))

    def contain(self, at: float) -> bool:
        """Whether an instant lies in the shift, as far as it is known."""
        return self.starts <= at < self.until

    def clip(self, at: float) -> datetime:
        """The nearest instant within the shift, as far as it is known."""
        return moment(min(max(at, self.starts), self.until))


def unit_report(unit: str, rows: Rows, bounds: Bounds) -> UnitReport | None:
    """A vehicle's part of a report, None where it has no record of the shift."""
    runs = [run for run in rows.runs if run.shift == bounds.shift]
    unplaced = [one for one in rows.unplaced if bounds.contain(one.time)]
    if not runs and not unplaced:
        return None
    order = _Order(rows.ledgers)
    known = [at for run in runs for at in (run.first, run.last) if at is not None] + [one.time for one in unplaced]
    times = [bounds.clip(at) for at in known] or [moment(bounds.until)]
    visits = _visits(rows, bounds)
    stays = tuple(order.sorted([row for row in rows.stays if row.shift == bounds.shift or bounds.hold(row)]))
    spans = _spans(order, rows.spans, bounds)
    return UnitReport(
        unit=unit,
        first=min(times),
        last=max(times),
        officers=_officers(order, runs, unplaced),
        plans=tuple(
            PlanInForce(row.version, row.district, row.source, row.digest, moment(row.time))
            for row in order.sorted(rows.plans)
            if row.plan_shift == bounds.shift
        ),
        visits=visits,
        stay_rows=stays,
        spans=spans,
        remarks=tuple(_remark(row) for row in order.sorted(rows.remarks) if bounds.hold(row)),
        others=tuple(_other(row) for row in order.sorted(rows.others) if bounds.hold(row)),
        totals=_totals(visits, stays, spans),
    )


class _Order:
    """A vehicle's ledgers, the older first."""

    def __init__(self, ledgers: Iterable[LedgerRow]) -> None:
        self._began = {row.ledger: row.began for row in ledgers}

    def sorted(self, rows: Iterable[RowT]) -> list[RowT]:
        """Rows in the order of their records."""
        if len(self._began) < 2:  # noqa: PLR2004 - one ledger alone, as most vehicles have
            return sorted(rows, key=attrgetter("seq"))
        return sorted(rows, key=lambda row: (self._began.get(row.ledger, inf), row.ledger, row.seq))

    def ended(self, ledger: str) -> float:
        """When the vehicle began its next ledger: nothing of this one goes on."""
        own = self._began.get(ledger, inf)
        return min((began for other, began in self._began.items() if other != ledger and began > own), default=inf)


def _officers(order: _Order, runs: Sequence[RunRow], unplaced: Sequence[UnplacedRow]) -> tuple[str, ...]:
    rows: list[RunRow | UnplacedRow] = [*runs, *unplaced]
    named: dict[str, None] = {}
    for row in order.sorted(rows):
        named |= dict.fromkeys(row.officers if isinstance(row, RunRow) else [row.officer] if row.officer else [])
    return tuple(named)


def _visits(rows: Rows, bounds: Bounds) -> tuple[VisitLine, ...]:
    """The visits of the shift, by their opening."""
    tactics: dict[str, list[TacticRow]] = defaultdict(list)
    for tactic in rows.tactics:
        if not tactic.undone:
            tactics[tactic.visit].append(tactic)
    held = _once([row for row in rows.visits if bounds.hold(row)])
    lines = [_visit(row, tactics.get(row.id, []), bounds) for row in held]
    return tuple(sorted(lines, key=lambda line: (line.opened, line.id)))


def _once(rows: Iterable[VisitRow]) -> Iterable[VisitRow]:
    """Each visit once: one that is of two ledgers, as its vehicle left the first, is that which ended, or the first."""
    found: dict[str, VisitRow] = {}
    for row in sorted(rows, key=lambda row: (row.ended is None, f":{row.ledger}:" not in row.id)):
        found.setdefault(row.id, row)
    return found.values()


def _visit(row: VisitRow, tactics: list[TacticRow], bounds: Bounds) -> VisitLine:
    parts = list(row.parts)
    if row.running is not None and row.running < bounds.until:
        parts.append((row.running, bounds.until))
    opened = moment(row.opened)
    return VisitLine(
        id=row.id,
        unit=row.unit,
        box=row.box,
        opened=opened,
        ended=None if row.ended is None else moment(row.ended),
        dosage_s=row.dosage_s,
        counted=bool(row.counted),
        early=bool(row.early) and row.tasked is None,
        overstayed=bool(row.overstayed),
        continued=opened == moment(bounds.starts),
        reason=row.reason,
        crime_types=row.crime_types,
        prescribed_s=row.prescribed_s,
        officers=tuple(OfficerPart(officer, seconds) for officer, seconds in row.officers),
        tactics=tuple(
            TacticPart(one.tactic, moment(one.began), one.seconds) for one in sorted(tactics, key=lambda one: one.seq)
        ),
        parts=tuple((moment(began), moment(ended)) for began, ended in parts),
        weak_gps_s=row.weak_gps_s,
        tasked=row.tasked,
    )


def _remark(row: RemarkRow) -> RemarkLine:
    id_ = f"{row.unit}:{row.ledger}:{row.seq}"
    return RemarkLine(id_, row.unit, moment(row.time), row.box, row.kind, row.remark)


def _other(row: OtherRow) -> OtherLine:
    return OtherLine(f"{row.unit}:{row.ledger}:{row.seq}", row.unit, moment(row.time), row.kind, row.problem)


def _spans(order: _Order, rows: Iterable[SpanRow], bounds: Bounds) -> tuple[Span, ...]:
    """What reaches into the shift, within it, by its beginning; what lasts ends with its ledger."""
    spans = []
    for row in order.sorted(rows):
        ended = min(order.ended(row.ledger), bounds.until) if row.ended is None else row.ended
        tapped = None if row.tapped is None else moment(row.tapped)
        span = Span(row.kind, bounds.clip(row.began), bounds.clip(ended), row.detail, tapped)
        if span.ended > span.began:
            spans.append(span)
    return tuple(sorted(spans, key=lambda span: span.began))


def _totals(visits: Sequence[VisitLine], stays: Sequence[StayRow], spans: Sequence[Span]) -> Totals:
    def spent(kind: SpanKind) -> float:
        return round(sum(span.seconds for span in spans if span.kind == kind), 3)

    return Totals(
        visits=len(visits),
        counted=sum(visit.counted for visit in visits),
        tasked=sum(visit.counted and visit.tasked is not None for visit in visits),
        dosage_s=round(sum(visit.dosage_s or 0.0 for visit in visits if visit.counted), 3),
        weak_gps_s=round(sum(visit.weak_gps_s for visit in visits if visit.counted), 3),
        presence_s=round(sum(stay.seconds for stay in stays), 3),
        paused_s=spent("paused"),
        gps_lost_s=spent("gps_lost"),
        down_s=spent("down"),
    )
