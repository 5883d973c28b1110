"""My record of the shift: what the ledger says an officer did, with minutes that are theirs."""

from dataclasses import replace

import pytest

from edge.contract.agency import Agency
from edge.contract.records import encode_event
from edge.domain.events import (
    MeteringPaused,
    MeteringResumed,
    Segment,
    TacticUndone,
    TacticUsed,
    VisitClosed,
    VisitCounted,
)
from edge.domain.state import State
from edge.text.coded import CodedError
from edge.vehicle.own_record import OwnRecord, OwnRecords, OwnVisit, own_record
from tests.headquarters.ledgers import SHIFT, Ledger, at


def closed(visit: str, box: str, began: float, minutes: float, *segments: Segment, counted: bool = True) -> VisitClosed:
    return VisitClosed(visit, box, at(began), at(began + minutes), minutes * 60.0, counted, False, "left", segments)


def a_shift(agency: Agency) -> Ledger:
    """117: 15 min alone, then 6 of 16 min with 204 beside; 204 goes on; a tactic undone, a call of 12 min."""
    first, second = [box.id for box in agency.grid.boxes.values()][:2]
    ledger = Ledger()
    ledger.add(1, VisitCounted("v1", first))
    ledger.add(2, TacticUsed("v1", first, agency.tactics[0].id))
    tap = ledger.add(3, TacticUsed("v1", first, agency.tactics[0].id))
    ledger.add(3.05, TacticUndone("v1", agency.tactics[0].id, tap.id))
    ledger.add(15, closed("v1", first, 0, 15, Segment("117", 900.0)))
    ledger.add(20, MeteringPaused("call"))
    ledger.add(32, MeteringResumed(720.0))
    parts = (Segment("117", 360.0, "204"), Segment("204", 600.0))
    ledger.add(56, closed("v2", second, 40, 16, *parts))
    ledger.events[-1] = replace(ledger.events[-1], officer="204")
    ledger.add(60, closed("v3", first, 59, 0.5, Segment("204", 30.0), counted=False))
    ledger.events[-1] = replace(ledger.events[-1], officer="204")
    return ledger


def test_each_has_their_own_minutes_and_a_shared_visit_is_both_s(square_agency: Agency) -> None:
    """117: 15 + 6 = 21 min in 2 visits; 204: 6 + 10 = 16 min in one, and one too short to count."""
    one, other = [box.number for box in square_agency.grid.boxes.values()][:2]
    events = a_shift(square_agency).events
    mine = own_record(events, "117", SHIFT, square_agency)
    assert (mine.officer, mine.shift, mine.minutes) == ("117", SHIFT, 21)
    assert [(visit.number, visit.minutes, visit.counted) for visit in mine.visits] == [
        (one, 15, True),
        (other, 6, True),
    ]
    assert mine.tactics == {square_agency.tactics[0].label: 1}
    assert mine.pauses == {"call": 12}
    theirs = own_record(events, "204", SHIFT, square_agency)
    assert (theirs.minutes, [(visit.number, visit.minutes, visit.counted) for visit in theirs.visits]) == (
        16,
        [(other, 16, True), (one, 1, False)],
    )
    assert (theirs.tactics, theirs.pauses) == ({}, {})


def test_another_shift_and_another_officer_are_no_part_of_it(square_agency: Agency) -> None:
    events = a_shift(square_agency).events
    nobody = own_record(events, "999", SHIFT, square_agency)
    assert nobody == OwnRecord("999", SHIFT, 0, (), {}, {})
    assert own_record(events, "117", "2030-01-01/night", square_agency).visits == ()


def test_times_are_local(square_agency: Agency) -> None:
    (first, _) = own_record(a_shift(square_agency).events, "117", SHIFT, square_agency).visits
    local = at(0).astimezone(square_agency.calendar.zone)
    assert first == OwnVisit(first.number, f"{local:%H:%M}", 15, True)


def test_it_is_read_from_the_ledger_of_the_shift_that_runs(square_agency: Agency) -> None:
    """The newest records alone; without a shift there is none."""
    events = a_shift(square_agency).events
    state = State("car-1", "ledger-a", seq=7_000, shift=square_agency.calendar.shift(SHIFT))
    asked: list[tuple[int, int]] = []

    def after(seq: int, most: int) -> list[tuple[int, bytes, bytes]]:
        asked.append((seq, most))
        return [(event.seq, encode_event(event), b"") for event in events]

    (mine,) = OwnRecords(square_agency, lambda: state, after).of(["117"])
    assert (mine.minutes, asked) == (21, [(2_000, 5_000)])
    with pytest.raises(CodedError, match="The shift is not known yet"):
        OwnRecords(square_agency, lambda: State("car-1", "ledger-a"), after).of(["117"])
