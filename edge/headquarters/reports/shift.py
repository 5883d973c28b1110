"""The Shift Report: where each unit was and what it did, from the projections' rows and the published plans.

Its minutes are those the vehicles metered; nothing is metered again here. Dosage is the minutes of counted visits: one
too short to count is listed, and its time is presence. Must not read a clock or a database.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime

from edge.domain.clock import STEP_S
from edge.domain.events import instant
from edge.domain.plan import Plan
from edge.domain.shift import Shift
from edge.headquarters.projections.rows import Rows
from edge.headquarters.reports.boxes import boxes_of
from edge.headquarters.reports.model import ShiftReport, Totals
from edge.headquarters.reports.units import Bounds, unit_report


def make_report(shift: Shift, rows: Rows, plans: Sequence[Plan], now: datetime) -> ShiftReport:
    """The report of one shift.

    ``rows``: those of the shift, and those around it that reach into it; others do no harm; ``plans``: the published
    ones of the shift, in the order they were published.
    """
    starts, ends = instant(shift.starts), instant(shift.ends)
    until = min(ends, max(now, starts))
    bounds = Bounds(shift.id, starts.timestamp(), until.timestamp())
    made = (unit_report(unit, own, bounds) for unit, own in sorted(_by_unit(rows).items()))
    units = tuple(report for report in made if report is not None)
    newest = {plan.district: plan for plan in plans if plan.shift == shift.id}
    steps = [row for row in rows.steps if row.shift == shift.id or shift.starts <= row.time < shift.ends]
    return ShiftReport(
        shift=shift.id,
        starts=starts,
        ends=ends,
        until=until,
        units=units,
        boxes=boxes_of(units, list(newest.values())),
        totals=_sum(unit.totals for unit in units),
        clock_steps=sum(abs(row.step_s) > STEP_S for row in steps),
        repaired=sum(row.repaired for row in steps),
    )


def _by_unit(rows: Rows) -> dict[str, Rows]:
    units: dict[str, Rows] = defaultdict(Rows)
    for kind in (one.name for one in fields(Rows)):
        for row in getattr(rows, kind):
            getattr(units[row.unit], kind).append(row)
    return units


def _sum(each: Iterable[Totals]) -> Totals:
    parts = list(each)
    return Totals(
        visits=sum(one.visits for one in parts),
        counted=sum(one.counted for one in parts),
        tasked=sum(one.tasked for one in parts),
        dosage_s=round(sum(one.dosage_s for one in parts), 3),
        weak_gps_s=round(sum(one.weak_gps_s for one in parts), 3),
        presence_s=round(sum(one.presence_s for one in parts), 3),
        paused_s=round(sum(one.paused_s for one in parts), 3),
        gps_lost_s=round(sum(one.gps_lost_s for one in parts), 3),
        down_s=round(sum(one.down_s for one in parts), 3),
    )
