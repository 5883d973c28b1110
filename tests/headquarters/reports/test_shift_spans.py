"""What a vehicle's shift was beside its visits, in the Shift Report: gaps, steps of its clock, ledgers, plans."""

from edge.contract.agency import Agency
from edge.domain.events import (
    ClockStepped,
    GpsFound,
    GpsLost,
    MeteringPaused,
    PlanAdopted,
    PresenceRecorded,
    SignedIn,
    SignedOut,
    Started,
    Stopped,
    VisitLeft,
)
from tests.headquarters.ledgers import SHIFT, Ledger, at
from tests.headquarters.reports.by_hand import BOX, OTHER, a_visit, closed, opened, report, the_unit


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
