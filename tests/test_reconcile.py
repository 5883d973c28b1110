"""The Shift Report's minutes against the raw fixes, counted as plainly as can be: one second a fix in a box."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.demo.city import make_city
from edge.demo.drive import drive as demo_drive
from edge.domain.events import Event
from edge.domain.inputs import Fix
from edge.domain.plan import DirectedPatrol
from edge.domain.policy import Prescription
from edge.domain.state import Setting
from edge.headquarters.reports.model import ShiftReport
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from tests.headquarters.projected import report_on
from tests.metering import drive
from tests.traces import fixes, interpolate_1hz, trips
from tests.vehicle.touchscreen.town import SHIFT, build_town

pytestmark = pytest.mark.timeout(600)  # hours of driving at 1 Hz

WITHIN = 0.01


def report_of(agency: Agency, driven: list[Fix], patrols: list[DirectedPatrol]) -> ShiftReport:
    """The report of the shift in which a drive began."""
    setting = Setting(agency.grid, agency.policy, agency.calendar, ())
    events: tuple[Event, ...] = drive(setting, patrols, driven).events
    shift = agency.calendar.shift_at(driven[0].utc)
    return report_on(shift, events, [], datetime.fromtimestamp(shift.ends, UTC))


def seconds_in_boxes(agency: Agency, driven: list[Fix]) -> Counter[str]:
    """Raw seconds by box: each fix that is followed by another within 3 s stands for the time up to that one."""
    seconds: Counter[str] = Counter()
    for fix, following in pairwise(driven):
        box = agency.grid.box_of(fix.lat, fix.lon)
        if box is not None and following.mono - fix.mono <= 3.0:
            seconds[box.id] += round(following.mono - fix.mono)
    return seconds


def seconds_of_visits(agency: Agency, driven: list[Fix], report: ShiftReport) -> float:
    """Raw seconds in the box of each counted visit, while the report says it ran."""
    raw = 0.0
    for visit in (visit for unit in report.units for visit in unit.visits if visit.counted):
        for began, ended in visit.parts:
            there = [fix for fix in driven if began.timestamp() <= fix.utc <= ended.timestamp()]
            raw += seconds_in_boxes(agency, there)[visit.box]
    return raw


def test_a_demo_cars_minutes_reconcile_within_a_hundredth(tmp_path: Path) -> None:
    """Two hours with noise and a tunnel: presence over all boxes, and dosage over all visits."""
    town = build_town(tmp_path)
    start = town.agency.calendar.shift(SHIFT).starts + 60.0
    driven = list(fixes_of((epoch for _, epoch in demo_drive(make_city(), 1, start, 7200)), Pipeline()))
    report = report_of(town.agency, driven, list(town.plan.patrols))
    totals = report.units[0].totals
    assert totals.presence_s == pytest.approx(sum(seconds_in_boxes(town.agency, driven).values()), rel=WITHIN)
    assert totals.counted >= 5
    assert totals.dosage_s == pytest.approx(seconds_of_visits(town.agency, driven, report), rel=WITHIN)


def test_real_drives_minutes_reconcile_within_a_hundredth(chicago_agency: Agency, shared_data: Path) -> None:
    """The three hundred longest real trips at 1 Hz, every box that they touch assigned."""
    agency = chicago_agency
    longest = sorted(trips(shared_data).values(), key=len, reverse=True)[:300]
    raw = counted = presence = raw_presence = 0.0
    for trip in longest:
        driven = fixes(interpolate_1hz(trip))
        cells = {box.cell for fix in driven if (box := agency.grid.box_of(fix.lat, fix.lon)) is not None}
        report = report_of(agency, driven, [DirectedPatrol(cell, ("robbery",), Prescription()) for cell in cells])
        for unit in report.units:
            presence += unit.totals.presence_s
            counted += unit.totals.dosage_s
        shift = agency.calendar.shift_at(driven[0].utc)
        within = [fix for fix in driven if fix.utc <= shift.ends]
        raw += seconds_of_visits(agency, within, report)
        raw_presence += sum(seconds_in_boxes(agency, within).values())
    assert presence == pytest.approx(raw_presence, rel=WITHIN)
    assert counted > 3600.0
    assert counted == pytest.approx(raw, rel=WITHIN)
