"""The Shift Report's figures, from records written by hand and added up by hand."""

from datetime import timedelta

import pytest

from edge.contract.agency import Agency
from edge.domain.events import (
    FlaggedTime,
    MeteringPaused,
    MeteringResumed,
    Overstayed,
    PresenceRecorded,
    Segment,
    ShiftBegan,
    TacticUndone,
    TacticUsed,
    VisitCounted,
    VisitLeft,
    VisitResumed,
)
from tests.headquarters.drives import two_cars
from tests.headquarters.ledgers import SHIFT, Ledger, at
from tests.headquarters.projected import report_on
from tests.headquarters.reports.by_hand import BOX, a_visit, closed, csv_of, opened, report, the_unit


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


def test_minutes_on_weak_gps_are_told(square_agency: Agency) -> None:
    """Of 15 min 4 with an assumed accuracy, 2 of these beyond 20 m, too: 4 min; of a visit too short to count none.

    A record that claims more than its own minutes has those. A stay has its own.
    """
    flags = (FlaggedTime("accuracy_assumed", 240.0), FlaggedTime("accuracy_over_20_m", 120.0))
    ledger = Ledger()
    visit = ledger.add(0, opened(0)).id
    ledger.add(15, closed(visit, 0, 15, 15.0, flags=flags))
    ledger.add(15, PresenceRecorded(BOX, at(0), at(15), 900.0, False, flags[1:]))
    short = ledger.add(20, opened(20)).id
    ledger.add(20.5, closed(short, 20, 20.5, 0.5, counted=False, flags=(FlaggedTime("few_satellites", 9000.0),)))
    made = report(square_agency, ledger)
    unit = the_unit(made)
    assert [line.weak_gps_s for line in unit.visits] == [240.0, 30.0]
    assert [stay.weak_gps_s for stay in unit.stays] == [120.0]
    assert made.totals.weak_gps_s == unit.totals.weak_gps_s == 240.0
    assert [(row["kind"], row["weak_gps"]) for row in csv_of(square_agency, made)] == [
        ("visit", "4.00"),
        ("presence", "2.00"),
        ("visit", "0.50"),
    ]
