"""The Shift Report's figures, from records written by hand and added up by hand."""

import csv
import io
import json
from datetime import timedelta

import pytest

from edge.contract.agency import Agency
from edge.domain.events import (
    ClockStepped,
    EndReason,
    GpsFound,
    GpsLost,
    MeteringPaused,
    MeteringResumed,
    Overstayed,
    PlanAdopted,
    PresenceRecorded,
    Segment,
    ShiftBegan,
    SignedIn,
    SignedOut,
    Started,
    Stopped,
    TacticUndone,
    TacticUsed,
    VisitClosed,
    VisitCounted,
    VisitLeft,
    VisitOpened,
    VisitResumed,
)
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Prescription
from edge.headquarters.reports.formats import as_csv
from edge.headquarters.reports.model import ShiftReport, UnitReport
from edge.headquarters.reports.reading import Cover
from edge.headquarters.reports.shift_report import REPORT, Answer, as_json, rows
from tests.headquarters.drives import two_cars
from tests.headquarters.ledgers import SHIFT, Ledger, at
from tests.headquarters.projected import report_on

BOX, OTHER = "10-20", "11-20"
PLAN = Plan(
    SHIFT,
    "1",
    2,
    (
        DirectedPatrol((10, 20), ("robbery",), Prescription(minutes=15.0, visits=2)),
        DirectedPatrol((30, 30), ("theft",), Prescription(minutes=10.0, visits=1)),
    ),
)


def report(agency: Agency, *ledgers: Ledger, now: float = 600.0, plan: Plan | None = PLAN) -> ShiftReport:
    events = [event for ledger in ledgers for event in ledger.events]
    return report_on(agency.calendar.shift(SHIFT), events, [plan] if plan else [], at(now))


def csv_of(agency: Agency, made: ShiftReport) -> list[dict[str, str]]:
    """The rows of a report's CSV."""
    cover = Cover(agency.name, at(0), True, (), (), 0, ())
    text = as_csv(REPORT.columns, rows(Answer(made, cover), agency))
    return list(csv.DictReader(io.StringIO(text)))


def the_unit(made: ShiftReport) -> UnitReport:
    (unit,) = made.units
    return unit


def opened(minutes: float, box: str = BOX, *, early: bool = False) -> VisitOpened:
    return VisitOpened(box, at(minutes), ("robbery",), 900.0, early)


def closed(visit: str, began: float, ended: float, dosage: float, **changes: object) -> VisitClosed:
    values: dict[str, object] = {"box": BOX, "counted": True, "early": False, "reason": "left"}
    values |= {"segments": (Segment("117", dosage * 60.0),), **changes}
    return VisitClosed(visit=visit, opened=at(began), ended=at(ended), dosage_s=dosage * 60.0, **values)  # type: ignore[arg-type]


def a_visit(ledger: Ledger, began: float, ended: float, box: str = BOX, reason: EndReason = "left") -> None:
    visit = ledger.add(began, opened(began, box)).id
    ledger.add(began + 1, VisitCounted(visit, box))
    ledger.add(ended, closed(visit, began, ended, ended - began, box=box, reason=reason))
    ledger.add(ended, PresenceRecorded(box, at(began), at(ended), (ended - began) * 60.0, False))


def test_minutes_tactics_and_officers_of_a_visit(square_agency: Agency) -> None:
    """A visit 10–40, away 20–22, paused 25–30: 30 − 2 − 5 = 23 min.

    Foot patrol tapped at 15, business check at 32: foot patrol has 15–32 less 2 away less 5 paused = 10 min, the
    check 32–40 = 8 min. The tap at 16, undone, is none. Officer 117 has 9 min of it, 204 has 14.
    """
    ledger = Ledger()
    visit = ledger.add(10, opened(10)).id
    ledger.add(11, VisitCounted(visit, BOX))
    ledger.add(15, TacticUsed(visit, BOX, "foot-patrol"))
    tap = ledger.add(16, TacticUsed(visit, BOX, "talk"))
    ledger.add(16.05, TacticUndone(visit, "talk", tap.id))
    ledger.add(20.2, VisitLeft(visit, BOX, at(20), "left"))
    ledger.add(22.1, VisitResumed(visit, BOX, at(22), 120.0))
    ledger.add(25, MeteringPaused("call"))
    ledger.add(30, MeteringResumed(300.0))
    ledger.add(32, TacticUsed(visit, BOX, "business-check"))
    ledger.add(38, Overstayed(visit, BOX))
    parts = (Segment("117", 540.0), Segment("204", 840.0))
    ledger.add(40, closed(visit, 10, 40, 23.0, segments=parts))
    made = report(square_agency, ledger)
    unit = the_unit(made)
    (line,) = unit.visits
    assert line.dosage_s == 23 * 60
    assert [(part.tactic, part.seconds) for part in line.tactics] == [("foot-patrol", 600.0), ("business-check", 480.0)]
    assert [(part.officer, part.seconds) for part in line.officers] == [("117", 540.0), ("204", 840.0)]
    assert line.overstayed
    assert line.parts == ((at(10), at(20)), (at(22), at(25)), (at(30), at(40)))
    assert [(span.kind, span.detail, span.seconds) for span in unit.spans] == [("paused", "call", 300.0)]
    assert made.totals.dosage_s == 23 * 60


def test_two_vehicles_in_one_box_are_two_visits_and_shared_minutes_count_once(square_agency: Agency) -> None:
    """Car 1 there 0–20, car 2 10–40: 20 + 30 = 50 vehicle-minutes; by the wall clock 0–40 = 40."""
    one, two = Ledger(), Ledger(unit="car-2", id="ledger-b")
    a_visit(one, 0, 20)
    a_visit(two, 10, 40)
    made = report(square_agency, one, two)
    line = made.boxes[0]
    assert (line.box, line.counted, line.done, line.prescribed, line.met) == (BOX, 2, 2, 2, True)
    assert (line.dosage_vehicle_s / 60, line.dosage_union_s / 60) == (50.0, 40.0)
    assert (line.presence_vehicle_s / 60, line.presence_union_s / 60) == (50.0, 40.0)
    assert made.totals.dosage_s / 60 == 50.0


def test_one_vehicle_alone_has_the_same_minutes_both_ways(square_agency: Agency) -> None:
    """20 min by the clock, 17 of them trusted: the union is 17 too, not more than the sum."""
    ledger = Ledger()
    visit = ledger.add(0, opened(0)).id
    ledger.add(20, closed(visit, 0, 20, 17.0))
    line = report(square_agency, ledger).boxes[0]
    assert (line.dosage_vehicle_s / 60, line.dosage_union_s / 60) == (17.0, 17.0)


def test_too_short_and_early_visits_do_not_fulfil_the_prescription(square_agency: Agency) -> None:
    """One good visit of 15 min, an early one of 15, one of half a minute: counted 2, done 1 of 2; dosage 30 min."""
    ledger = Ledger()
    a_visit(ledger, 0, 15)
    early = ledger.add(60, opened(60, early=True)).id
    ledger.add(75, closed(early, 60, 75, 15.0, early=True))
    short = ledger.add(200, opened(200)).id
    ledger.add(200.5, closed(short, 200, 200.5, 0.5, counted=False))
    made = report(square_agency, ledger)
    line, untouched = made.boxes
    assert (line.visits, line.counted, line.done, line.met) == (3, 2, 1, False)
    assert (untouched.box, untouched.prescribed, untouched.done) == ("30-30", 1, 0)
    assert (made.totals.visits, made.totals.counted, made.totals.dosage_s / 60) == (3, 2, 30.0)


def test_a_visit_over_the_shifts_end_is_two_and_each_shift_has_its_part(square_agency: Agency) -> None:
    """Opened 470, closed by the boundary at 480, reopened: this shift has 10 min, the next one what follows."""
    ledger = Ledger()
    visit = ledger.add(470, opened(470)).id
    ledger.add(480, closed(visit, 470, 480, 10.0, reason="shift_ended"))
    ledger.add(480, PresenceRecorded(BOX, at(470), at(480), 600.0, False))
    ledger.shift = "2026-11-23/day"
    ledger.add(480, ShiftBegan(at(480), at(1440)))
    again = ledger.add(480, opened(480)).id
    ledger.add(490, closed(again, 480, 490, 10.0))
    night = the_unit(report(square_agency, ledger, now=500))
    assert [(line.id, line.reason, line.continued) for line in night.visits] == [(visit, "shift_ended", False)]
    day = report_on(square_agency.calendar.shift("2026-11-23/day"), ledger.events, [], at(1500))
    assert [(line.id, line.reason, line.continued) for line in the_unit(day).visits] == [(again, "left", True)]
    assert night.totals.dosage_s + day.totals.dosage_s == 20 * 60


def test_an_open_visit_is_told_without_minutes(square_agency: Agency) -> None:
    """The ledger gives a visit's minutes when it ends; until then it is not counted, and there are none to add."""
    ledger = Ledger()
    visit = ledger.add(10, opened(10)).id
    ledger.add(11, VisitCounted(visit, BOX))
    ledger.add(12, TacticUsed(visit, BOX, "foot-patrol"))
    made = report(square_agency, ledger, now=20)
    (line,) = the_unit(made).visits
    assert (line.ended, line.dosage_s, line.counted, line.reason) == (None, None, False, None)
    assert [(part.tactic, part.seconds) for part in line.tactics] == [("foot-patrol", None)]
    assert line.parts == ((at(10), at(20)),)
    assert (made.totals.visits, made.totals.counted, made.totals.dosage_s) == (1, 0, 0.0)


def test_gaps_are_told_apart_and_clipped_to_the_shift(square_agency: Agency) -> None:
    """Signed out until 5; no position 50–60; no power 100–115, a position again at 116; off from 470 on (10 min)."""
    ledger = Ledger(officer=None)
    ledger.add(-10, Started("1", None))
    ledger.add(-9, GpsFound(None))
    ledger.officer = "117"
    ledger.add(5, SignedIn())
    ledger.add(50.2, GpsLost(at(50)))
    ledger.add(60, GpsFound(600.0))
    ledger.boot = "boot-2"
    ledger.add(115, Started("1", 900.0))
    ledger.add(116, GpsFound(960.0))
    ledger.officer = None
    ledger.add(465, SignedOut())
    ledger.add(470, Stopped())
    unit = the_unit(report(square_agency, ledger, now=900))
    assert [(span.kind, span.began, span.ended) for span in unit.spans] == [
        ("signed_out", at(0), at(5)),
        ("gps_lost", at(50), at(60)),
        ("down", at(100), at(115)),
        ("gps_lost", at(115), at(116)),
        ("signed_out", at(465), at(480)),
        ("stopped", at(470), at(480)),
    ]
    assert (unit.totals.gps_lost_s, unit.totals.down_s) == (660.0, 900.0)


def test_a_running_shift_is_told_up_to_now(square_agency: Agency) -> None:
    """A pause under way at 30, asked for at 40, is 10 min so far."""
    ledger = Ledger()
    ledger.add(30, MeteringPaused("break"))
    made = report(square_agency, ledger, now=40)
    assert made.until == at(40)
    assert the_unit(made).totals.paused_s == 600.0


def test_utc_is_mended_by_the_appended_step(square_agency: Agency) -> None:
    """Booted with the saved clock 30 min slow: records before the step move by 30 min, also the instants in them.

    The earlier boot's record at 0 stays, and so does the instant 1 of that life in a record of the new one. The gap
    was 0 by the slow clock; truly it was the 30 min from 1 to 31.
    """
    ledger = Ledger()
    first = ledger.add(0, opened(0))
    ledger.boot, ledger.clock = "boot-2", "saved"
    ledger.add(1, Started("1", 0.0))
    ledger.add(1, VisitLeft(first.id, BOX, at(0.5), "restart"))
    ledger.add(2, PresenceRecorded(OTHER, at(1.5), at(2), 30.0, False))
    ledger.clock = "gps"
    ledger.add(33, ClockStepped("saved", "gps", 1800.0))
    ledger.add(33, closed(first.id, 0, 0.5, 0.5, counted=False, reason="restart"))
    made = report(square_agency, ledger)
    unit = the_unit(made)
    (stay,) = unit.stays
    assert (stay.began, stay.ended) == (at(31.5), at(32))
    assert unit.visits[0].parts == ((at(0), at(0.5)),)
    assert [(span.kind, span.began, span.ended) for span in unit.spans][:1] == [("down", at(1), at(31))]
    assert (made.clock_steps, made.repaired) == (1, 3)


def test_a_record_without_a_shift_belongs_where_its_mended_time_lies(square_agency: Agency) -> None:
    """Before the first position the vehicle knows no shift: its sign-in, an hour slow, is in this one all the same."""
    ledger = Ledger(clock="none", shift=None, officer=None)
    ledger.add(-55, Started("1", None))
    ledger.officer = "117"
    ledger.add(-54, SignedIn())
    ledger.clock = "gps"
    ledger.add(8, ClockStepped("none", "gps", 3600.0))
    unit = the_unit(report(square_agency, ledger))
    assert unit.officers == ("117",)
    assert unit.first == at(5)
    assert [(span.kind, span.began, span.ended) for span in unit.spans][:1] == [("signed_out", at(5), at(6))]


def test_two_ledgers_of_a_unit_are_one_report(square_agency: Agency) -> None:
    """A ledger set aside and its successor: the older first, minutes added up."""
    old, new = Ledger(id="zz"), Ledger(id="aa")
    a_visit(old, 0, 15)
    a_visit(new, 200, 215)
    unit = the_unit(report(square_agency, new, old))
    assert [line.opened for line in unit.visits] == [at(0), at(200)]
    assert unit.totals.dosage_s == 30 * 60


def test_the_plan_in_force_is_the_one_the_vehicle_took(square_agency: Agency) -> None:
    """Version 1 at first, 2 later; one for another shift is not of this report."""
    ledger = Ledger()
    for minutes, version, shift in ((-5, 1, SHIFT), (30, 2, SHIFT), (40, 1, "2026-11-23/day")):
        ledger.add(minutes, PlanAdopted(shift, "1", version, "approved", "d" * 64, (BOX,)))
    assert [(plan.version, plan.since) for plan in the_unit(report(square_agency, ledger)).plans] == [
        (1, at(-5)),
        (2, at(30)),
    ]


def test_csv_has_a_row_for_each_visit_and_stay(square_agency: Agency) -> None:
    """The minutes of its rows add up to the report's totals."""
    ledger = Ledger()
    a_visit(ledger, 0, 15)
    a_visit(ledger, 200, 215, OTHER)
    known = next(box for box in square_agency.grid.boxes.values())
    a_visit(ledger, 300, 315, known.id)
    made = report(square_agency, ledger)
    found = csv_of(square_agency, made)
    assert [(row["kind"], row["box"], row["number"], row["minutes"]) for row in found] == [
        ("visit", BOX, "", "15.00"),
        ("presence", BOX, "", "15.00"),
        ("visit", OTHER, "", "15.00"),
        ("presence", OTHER, "", "15.00"),
        ("visit", known.id, str(known.number), "15.00"),
        ("presence", known.id, str(known.number), "15.00"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=1+1",
            "+1",
            "@x",
            "-x",
            "\tx",
            "\rx",
            " =1",
            "\n=1",
            "\u00a0=1",
            "\u3000=1",
            "\t =1",
            "\u200b=1",
            "\ufeff=1",
        ),
        *(
            "\uff1d1",
            "\uff0b1",
            "\uff0d1",
            "\uff20x",
            " \uff1d1",
            "\ufe661",
            "\ufe62x",
            "\ufe63x",
            "\ufe6bx",
            "\u22121",
        ),
        *("\u202e=1", "\x00=1", "\x1b=1", "\u0301=1"),
    ],
)
def test_csv_cells_are_no_formulas(text: str, square_agency: Agency) -> None:
    """A spreadsheet must not compute what a vehicle sent."""
    ledger = Ledger()
    visit = ledger.add(0, opened(0)).id
    ledger.add(1, TacticUsed(visit, BOX, text))
    ledger.add(15, closed(visit, 0, 15, 15.0))
    (row,) = csv_of(square_agency, report(square_agency, ledger))
    assert row["tactics"].startswith("'")


@pytest.mark.parametrize("text", ["foot-patrol", " a=b", "1-2", "7 + 1", "'=1", "", "Ünïcode", "北"])
def test_csv_cells_of_other_text_are_as_they_are(text: str, square_agency: Agency) -> None:
    """Nothing is changed that is no formula."""
    ledger = Ledger()
    visit = ledger.add(0, opened(0)).id
    ledger.add(1, TacticUsed(visit, BOX, text))
    ledger.add(15, closed(visit, 0, 15, 15.0))
    (row,) = csv_of(square_agency, report(square_agency, ledger))
    assert row["tactics"] == f"{text}:14.00"


def test_json_has_instants_with_z(square_agency: Agency) -> None:
    """Every value is plain JSON."""
    ledger = Ledger()
    a_visit(ledger, 0, 15)
    plain = json.loads(json.dumps(as_json(report(square_agency, ledger))))
    assert plain["units"][0]["visits"][0]["opened"] == "2026-11-23T04:00:00.000Z"


def test_an_empty_shift_still_tells_what_was_prescribed(square_agency: Agency) -> None:
    """No vehicle: no minutes, and the plan's boxes undone."""
    made = report(square_agency)
    assert made.units == ()
    assert [line.done for line in made.boxes] == [0, 0]


def test_the_reports_minutes_are_those_of_the_rules(square_agency: Agency) -> None:
    """Two driven cars: counted minutes are the meter's own; presence and gaps together fill the shift."""
    cars, plan = two_cars(square_agency)
    made = report(square_agency, *(car.ledger for car in cars), plan=plan, now=600)
    for car, unit in zip(cars, made.units, strict=True):
        own = [visit for visit in car.state.visits.all() if visit.unit == car.unit and visit.shift == SHIFT]
        assert unit.totals.counted == sum(visit.counted for visit in own)
        assert unit.totals.dosage_s == pytest.approx(sum(visit.dosage_s for visit in own if visit.counted), abs=0.1)
        off = sum(span.seconds for span in unit.spans if span.kind == "stopped")
        known = unit.totals.presence_s + unit.totals.gps_lost_s + unit.totals.down_s + off
        assert known == pytest.approx(timedelta(hours=8).total_seconds(), abs=15.0)
    assert any(line.dosage_union_s < line.dosage_vehicle_s for line in made.boxes)
