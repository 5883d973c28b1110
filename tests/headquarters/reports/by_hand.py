"""Records written by hand for the Shift Report's tests: a visit in few words, and the report of some ledgers."""

import csv
import io

from edge.contract.agency import Agency
from edge.domain.events import (
    EndReason,
    PresenceRecorded,
    Segment,
    VisitClosed,
    VisitCounted,
    VisitOpened,
)
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Prescription
from edge.headquarters.reports.formats import as_csv
from edge.headquarters.reports.model import ShiftReport, UnitReport
from edge.headquarters.reports.reading import Cover
from edge.headquarters.reports.shift_report import REPORT, Answer, rows
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
