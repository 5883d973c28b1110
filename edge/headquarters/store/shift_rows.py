"""What reports read of the projections. Must not write."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, FromClause, Table, and_, func, literal, or_, select, true, union_all

from edge.headquarters.projections.rows import (
    LedgerRow,
    OtherRow,
    PlanRow,
    RemarkRow,
    Row,
    Rows,
    RunRow,
    SpanKind,
    SpanRow,
    StayRow,
    StepRow,
    TacticRow,
    UnplacedRow,
    VisitRow,
)
from edge.headquarters.store.projections import (
    Projections,
    box_days,
    box_remarks,
    clock_steps,
    ledger_starts,
    other_records,
    plans_adopted,
    projections,
    shift_runs,
    spans,
    stays,
    tactics,
    unplaced_records,
    visits,
)

RowT = TypeVar("RowT", bound=Row)
KINDS: Final[tuple[SpanKind, ...]] = ("paused", "gps_lost", "down", "stopped", "signed_out")
PARTS: Final = frozenset({"officers", "crime_types", "parts"})
"""What is JSON in its column."""


@dataclass(frozen=True, slots=True)
class BoxSum:
    """One box over some days: stays, seconds of presence, days and vehicles with any."""

    box: str
    stays: int
    presence_s: float
    days: int
    vehicles: int


class ShiftRows(Projections):
    """The rows of a shift, and of some days."""

    def shift_rows(self, shift: str, starts: float, until: float) -> Rows:
        """The rows of a shift that is known up to an instant (POSIX seconds), and those that reach into it."""
        rows = Rows(
            runs=self._all(RunRow, shift_runs, shift_runs.c.shift == shift),
            unplaced=self._all(UnplacedRow, unplaced_records, unplaced_records.c.time.between(starts, until)),
            visits=self._all(VisitRow, visits, _of(visits, visits.c.time, shift, starts, until)),
            tactics=self._all(TacticRow, tactics, _of(tactics, tactics.c.began, shift, starts, until)),
            stays=self._all(StayRow, stays, _of(stays, stays.c.time, shift, starts, until)),
            remarks=self._all(RemarkRow, box_remarks, _of(box_remarks, box_remarks.c.time, shift, starts, until)),
            plans=self._all(PlanRow, plans_adopted, plans_adopted.c.plan_shift == shift),
            others=self._all(OtherRow, other_records, _of(other_records, other_records.c.time, shift, starts, until)),
        )
        units = {row.unit for row in rows.runs} | {row.unit for row in rows.unplaced}
        rows.ledgers = self._all(LedgerRow, ledger_starts, ledger_starts.c.unit.in_(units))
        within = or_(clock_steps.c.shift == shift, clock_steps.c.time.between(starts, until))
        rows.steps = [row for row in self._all(StepRow, clock_steps, within) if row.unit in units]
        rows.spans = self._spans(units, starts, until)
        return rows

    def shifts(self, limit: int = 60, before: str = "~") -> list[tuple[str, int]]:
        """The latest shifts with records, newest first, and of how many vehicles. Goes by the index, from id to id.

        ``before``: of those whose ids come before it.
        """
        highest = select(func.max(shift_runs.c.shift).label("shift")).where(shift_runs.c.shift < before)
        latest = highest.cte("latest", recursive=True)
        other = shift_runs.alias()
        lower = select(func.max(other.c.shift)).where(other.c.shift < latest.c.shift).scalar_subquery()
        latest = latest.union_all(select(lower).where(latest.c.shift.is_not(None)))
        some = (
            select(latest.c.shift).where(latest.c.shift.is_not(None)).order_by(latest.c.shift.desc()).limit(limit)
        ).subquery()
        units = func.count(shift_runs.c.unit.distinct())
        joined = some.join(shift_runs, shift_runs.c.shift == some.c.shift)
        query = select(some.c.shift, units).select_from(joined).group_by(some.c.shift)
        return [(shift, count) for shift, count in self.rows(query.order_by(func.min(shift_runs.c.first).desc()))]

    def vehicles_of(self, shifts: Sequence[str]) -> dict[str, int]:
        """Of some shifts those with records, and of how many vehicles."""
        query = select(shift_runs.c.shift, func.count(shift_runs.c.unit.distinct()))
        found = self.rows(query.where(shift_runs.c.shift.in_(shifts)).group_by(shift_runs.c.shift))
        return dict(map(tuple, found))

    def counted_visits(self, since: float, until: float) -> list[VisitRow]:
        """The counted visits that opened in a time (POSIX seconds)."""
        return self._all(VisitRow, visits, and_(visits.c.opened.between(since, until), visits.c.counted == 1))

    def visits_of(self, unit: str, since: float) -> list[VisitRow]:
        """The visits of a vehicle that opened since an instant (POSIX seconds), whichever ledger they are in."""
        return self._all(VisitRow, visits, and_(visits.c.opened >= since, visits.c.unit == unit))

    def officer_visits(self, officer: str, since: float) -> list[VisitRow]:
        """The visits in which an officer had a part, that opened since an instant (POSIX seconds)."""
        named = visits.c.officers.contains(json.dumps(officer), autoescape=True)
        found = self._all(VisitRow, visits, and_(visits.c.opened >= since, named))
        return [visit for visit in found if any(one == officer for one, _ in visit.officers)]

    def known_visits(self, ids: Iterable[str]) -> set[str]:
        """Which of some visits are in a ledger."""
        return {row[0] for row in self.rows(select(visits.c.id).where(visits.c.id.in_(sorted(ids))))}

    def box_sums(self, since: str, until: str) -> list[BoxSum]:
        """Presence by box over some days (ISO dates, both included)."""
        sums = (
            func.sum(box_days.c.stays), func.sum(box_days.c.presence_ms),
            func.count(box_days.c.day.distinct()), func.count(box_days.c.unit.distinct()),
        )  # fmt: skip
        query = select(box_days.c.box, *sums).where(box_days.c.day.between(since, until)).group_by(box_days.c.box)
        return [BoxSum(box, stays, int(ms) / 1000.0, days, units) for box, stays, ms, days, units in self.rows(query)]

    def remarks(self, since: str, until: str) -> list[RemarkRow]:
        """What officers said of boxes over some days (ISO dates, both included)."""
        return self._all(RemarkRow, box_remarks, box_remarks.c.day.between(since, until))

    def visit_sums(self, since: str, until: str) -> dict[str, tuple[int, float]]:
        """Counted visits and their dosage by box, over the shifts of some days (ISO dates, both included)."""
        of_days = and_(visits.c.shift >= since, visits.c.shift < f"{until}0")  # "0" follows "/"
        query = select(visits.c.box, func.count(), func.sum(visits.c.dosage_s)).where(of_days, visits.c.counted == 1)
        return {box: (count, dosage) for box, count, dosage in self.rows(query.group_by(visits.c.box))}

    def _spans(self, units: Collection[str], starts: float, until: float) -> list[SpanRow]:
        """Those that began in the time, and the last of each ledger and kind that began before."""
        kinds = union_all(*(select(literal(kind).label("kind")) for kind in KINDS)).subquery()
        own = select(projections.c.unit, projections.c.ledger, kinds.c.kind).where(projections.c.unit.in_(units))
        each, other = own.join_from(projections, kinds, true()).subquery(), spans.alias()
        last = select(other.c.seq).where(_same(other, each), other.c.began < starts)
        last = last.order_by(other.c.began.desc(), other.c.seq.desc()).limit(1).correlate(each)
        latest = select(each, last.scalar_subquery().label("seq")).cte("latest")
        latest = latest.prefix_with("MATERIALIZED")  # else PostgreSQL looks for the last one of each span there is
        same = and_(_same(spans, latest), spans.c.seq == latest.c.seq)
        before = self.rows(select(spans).join_from(latest, spans, same))
        within = self.rows(select(spans).where(spans.c.began >= starts, spans.c.began < until))
        return [_row(SpanRow, row) for row in (*before, *within) if row[0] in units]

    def _all(self, kind: type[RowT], of: Table, where: ColumnElement[bool]) -> list[RowT]:
        rows = self.rows(select(of).where(where))
        return [_row(kind, row) for row in rows]


def _of(of: Table, at: ColumnElement[float], shift: str, starts: float, until: float) -> ColumnElement[bool]:
    """Of a shift, or of none and within a time."""
    return or_(of.c.shift == shift, and_(of.c.shift.is_(None), at.between(starts, until)))


def _same(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Of the same ledger and kind."""
    return and_(*(one.c[name] == other.c[name] for name in ("unit", "ledger", "kind")))


@cache
def _parts(names: tuple[str, ...]) -> tuple[int, ...]:
    """Where a row's JSON stands."""
    return tuple(at for at, name in enumerate(names) if name in PARTS)


def _row(kind: type[RowT], stored: Sequence[Any]) -> RowT:
    parts = _parts(kind._fields)
    if not parts:
        return kind(*stored)
    made = list(stored)
    for at in parts:
        made[at] = tuple(tuple(one) if isinstance(one, list) else one for one in json.loads(made[at]))
    return kind(*made)
