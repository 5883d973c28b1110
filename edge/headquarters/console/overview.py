"""The first page: which shifts there are, and how each vehicle stands. Must not show where a vehicle is."""

from collections import Counter
from datetime import datetime
from typing import Final

from flask import Blueprint, render_template, url_for

from edge.contract.retirement import RetirementDoc
from edge.domain.events import instant
from edge.headquarters.console.briefing import links
from edge.headquarters.console.context import context
from edge.headquarters.console.table import Cell, Head, Line, Link, Note, PageTable
from edge.headquarters.console.wording import Wording
from edge.headquarters.held_status import HeldStatus
from edge.headquarters.publish.retirement import retirements
from edge.headquarters.reports.latest import latest_shifts
from edge.headquarters.reports.reading import statuses
from edge.headquarters.store import Finding, Store
from edge.text.plain import plain

blueprint = Blueprint("overview", __name__)

MOST_FINDINGS: Final = 100
LONGEST: Final = 60
"""Characters of a word that a vehicle chose, such as its software's version."""

OF_EACH: Final = 10
"""Findings of one vehicle: one that sends nothing but what is refused hides nobody else's."""


@blueprint.get("/")
def index() -> str:
    """Shifts, vehicles, and what was rejected."""
    here = context()
    say = Wording(here.agency)
    with Store(here.database, make=False) as store, store.snapshot():
        held = {(ledger.unit, ledger.id): ledger.head.seq for ledger in store.ledgers()}
        retired = retirements(store, here.agency).in_force
        missing = _missing(store)
        units = [
            _unit(
                status,
                received,
                held.get((status.unit, status.ledger), 0),
                missing[status.unit],
                retired.get(status.unit),
                say,
            )
            for status, received in statuses(store)
        ]
        shifts = [_shift(shift, vehicles) for shift, vehicles in latest_shifts(store, here.agency, here.now())]
        today = datetime.fromtimestamp(here.now(), here.agency.calendar.zone)
        plans = links(store, today) if here.viewer().may("briefings.read") else []
        findings = [_finding(finding, say) for finding in store.findings_of_each(OF_EACH, MOST_FINDINGS)]
    return render_template(
        "overview.html",
        shifts=_table(SHIFTS, shifts, ""),
        units=_table(UNITS, units, "wide"),
        plans=plans,
        findings=_table(FINDINGS, findings, "wide"),
        troubles=here.troubles(),
    )


SHIFTS: Final = (Head("Shift"), Head("Vehicles", "num"), Head("Report"))
UNITS: Final = (
    *map(Head, ("Vehicle", "Link", "GPS", "Clock")),
    *(Head(text, "num") for text in ("Plan", "Recorded", "Received")),
    *map(Head, ("Last heard", "Software")),
)
FINDINGS: Final = (*map(Head, ("Kind", "Vehicle", "What")), Head("Times", "num"), Head("Last"))


def _table(heads: tuple[Head, ...], lines: list[Line], css: str) -> PageTable | None:
    return PageTable((heads,), tuple(lines), css=css) if lines else None


def _shift(shift: str, vehicles: int) -> Line:
    day, name = shift.split("/")
    may = context().viewer().may
    links = tuple(
        Link(text, url_for("reports.show", name="shift", subject=shift, form=form), f"{text} of {shift}")
        for text, form in (("Report", None), ("JSON", "json"), ("CSV", "csv"))
        if may("export" if form else "reports.read")
    )
    return Line((Cell(f"{day} · {name}"), Cell(str(vehicles), "num"), Cell("", links=links)))


def _missing(store: Store) -> Counter[str]:
    """By vehicle: records of all its ledgers that were reported and are not held."""
    found: Counter[str] = Counter()
    for one in store.behind():
        found[one.unit] += one.missing
    return found


def _unit(
    status: HeldStatus, received: float, held: int, missing: int, retired: RetirementDoc | None, say: Wording
) -> Line:
    """A vehicle's standing; ``held``: records of its present ledger at headquarters; ``missing``: of all of them."""
    online = Note("online", "chip good") if status.online else Note("retired" if retired else "offline")
    lack = f"retired, {missing} never received" if retired else f"{missing} missing"
    return Line(
        (
            Cell(status.unit),
            Cell("", note=online),
            Cell(plain(say.state(status.gps), LONGEST)),
            Cell(plain(say.state(status.clock), LONGEST)),
            Cell(str(status.plan_version or "–"), "num"),
            Cell(str(status.recorded), "num"),
            Cell(str(held), "num", Note(lack, "chip warn") if missing else None),
            Cell(say.moment(instant(received))),
            Cell(plain(status.software, LONGEST)),
        )
    )


def _finding(finding: Finding, say: Wording) -> Line:
    return Line(
        (
            Cell(finding.kind),
            Cell(finding.unit),
            Cell(finding.detail),
            Cell(str(finding.times), "num"),
            Cell(say.posix(finding.last)),
        )
    )
