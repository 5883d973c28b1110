"""The Shift Report: where each unit was and what it did, from the ledgers' records and the published plans.

Its minutes are those the vehicles metered; nothing is metered again here. Dosage is the minutes of counted visits: one
too short to count is listed, and its time is presence. Must not read a clock or a database.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from edge.domain.clock import STEP_S
from edge.domain.events import ClockStepped, Event, OtherRecord, PlanAdopted, RecordData, UnreadableRecord, instant
from edge.domain.plan import Plan
from edge.domain.shift import Shift
from edge.headquarters.reports.boxes import boxes_of
from edge.headquarters.reports.mending import mend
from edge.headquarters.reports.model import (
    OtherLine,
    PlanInForce,
    ShiftReport,
    Span,
    SpanKind,
    StayLine,
    Totals,
    UnitReport,
    VisitLine,
)
from edge.headquarters.reports.spans import spans_of
from edge.headquarters.reports.visits import stays_of, visits_of

DAYS: Final = timedelta(days=2)
"""How far around a shift a record may still reach into it."""


def make_report(shift: Shift, events: Iterable[Event], plans: Sequence[Plan], now: datetime) -> ShiftReport:
    """The report of one shift.

    ``events``: the shift's records, and those around it that reach into it, each ledger's in order; ``plans``: the
    published ones of the shift, in the order they were published.
    """
    starts, ends = instant(shift.starts), instant(shift.ends)
    until = min(ends, max(now, starts))
    ledgers: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        ledgers[event.unit, event.ledger].append(event)
    mended = {key: _mended(ledger) for key, ledger in ledgers.items()}
    around = {key: [one for one in ledger if _near(one, shift.id, starts, ends)] for key, ledger in mended.items()}
    units = tuple(
        report
        for unit in sorted({unit for unit, _ in around})
        if (report := _unit(unit, _in_order(unit, around), shift.id, starts, until)) is not None
    )
    newest = {plan.district: plan for plan in plans if plan.shift == shift.id}
    return ShiftReport(
        shift=shift.id,
        starts=starts,
        ends=ends,
        until=until,
        units=units,
        boxes=boxes_of(units, list(newest.values())),
        totals=_sum(unit.totals for unit in units),
        clock_steps=sum(_is_step(event.data) for ledger in ledgers.values() for event in ledger),
        mended=sum(
            one.time != other.time and _near(other, shift.id, starts, ends)
            for key, ledger in ledgers.items()
            for one, other in zip(ledger, mended[key], strict=True)
        ),
    )


def _mended(ledger: list[Event]) -> list[Event]:
    """A ledger's records with their instants mended; one that is unreadable stays where it is, and moves no other."""
    unreadable = [event for event in ledger if isinstance(event.data, UnreadableRecord)]
    readable = [event for event in ledger if not isinstance(event.data, UnreadableRecord)]
    return sorted([*mend(readable), *unreadable], key=lambda event: event.seq)


def _near(event: Event, shift: str, starts: datetime, ends: datetime) -> bool:
    """Whether a record is of a shift or of the days around it: one without a shift may be of any day, once mended."""
    return event.shift == shift or starts - DAYS <= event.time <= ends + DAYS


def _is_step(data: RecordData) -> bool:
    return isinstance(data, ClockStepped) and abs(data.step_s) > STEP_S


def _in_order(unit: str, mended: dict[tuple[str, str], list[Event]]) -> list[Event]:
    """A vehicle's records over all its ledgers, the older ledger first."""
    own = [ledger for (of, _), ledger in mended.items() if of == unit and ledger]
    return [event for ledger in sorted(own, key=lambda ledger: ledger[0].time) for event in ledger]


def _unit(unit: str, events: list[Event], shift: str, starts: datetime, until: datetime) -> UnitReport | None:
    own = [event for event in events if event.shift == shift or (event.shift is None and starts <= event.time < until)]
    if not own:
        return None
    visits = visits_of(own, starts, until)
    stays = stays_of(own)
    spans = spans_of(events, starts, until)
    inside = [event for event in own if starts <= event.time <= until]
    officers = dict.fromkeys(event.officer for event in inside if event.officer and event.data.ON_DUTY)
    times = [event.time for event in inside] or [until]
    return UnitReport(
        unit=unit,
        first=min(times),
        last=max(times),
        officers=tuple(officers),
        plans=_plans(events, shift),
        visits=tuple(visits),
        stays=tuple(stays),
        spans=spans,
        others=_others(own),
        totals=_totals(visits, stays, spans),
    )


def _others(events: Iterable[Event]) -> tuple[OtherLine, ...]:
    return tuple(
        OtherLine(event.id, event.unit, event.time, data.type, getattr(data, "problem", ""))
        for event in events
        if isinstance(data := event.data, OtherRecord | UnreadableRecord)
    )


def _plans(events: Iterable[Event], shift: str) -> tuple[PlanInForce, ...]:
    return tuple(
        PlanInForce(data.version, data.district, data.source, data.digest, event.time)
        for event in events
        if isinstance(data := event.data, PlanAdopted) and data.plan_shift == shift
    )


def _totals(visits: Sequence[VisitLine], stays: Sequence[StayLine], spans: Sequence[Span]) -> Totals:
    def spent(kind: SpanKind) -> float:
        return round(sum(span.seconds for span in spans if span.kind == kind), 3)

    return Totals(
        visits=len(visits),
        counted=sum(visit.counted for visit in visits),
        dosage_s=round(sum(visit.dosage_s or 0.0 for visit in visits if visit.counted), 3),
        presence_s=round(sum(stay.seconds for stay in stays), 3),
        paused_s=spent("paused"),
        gps_lost_s=spent("gps_lost"),
        down_s=spent("down"),
    )


def _sum(each: Iterable[Totals]) -> Totals:
    parts = list(each)
    return Totals(
        visits=sum(one.visits for one in parts),
        counted=sum(one.counted for one in parts),
        dosage_s=round(sum(one.dosage_s for one in parts), 3),
        presence_s=round(sum(one.presence_s for one in parts), 3),
        paused_s=round(sum(one.paused_s for one in parts), 3),
        gps_lost_s=round(sum(one.gps_lost_s for one in parts), 3),
        down_s=round(sum(one.down_s for one in parts), 3),
    )
