"""The Shift Report as its page shows it: every text and every choice of looks. Must not compute a figure of the report.

What the template does not find here it does not show.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from edge.contract.agency import Agency
from edge.headquarters.console.chart import charts
from edge.headquarters.console.map import draw_map
from edge.headquarters.console.table import Cell, Head, Line, Note, PageTable
from edge.headquarters.console.wording import Wording
from edge.headquarters.publish.plan import plan_of
from edge.headquarters.reports.model import BoxLine, ShiftReport, Span, UnitReport, VisitLine
from edge.headquarters.reports.reading import Cover, LedgerState
from edge.headquarters.store import StoredPlan
from edge.plans.ground import Layers
from edge.plans.words import data_words

LEAST_SPAN_S: Final = 6.0
"""A shorter gap is drawn, and not listed."""

MOST_NAMED: Final = 3
"""Ledgers that lack records which the headline names; the last section has all."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its name."""

    name: str
    value: str
    of: str
    small: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitSection:
    """One vehicle's part of the page."""

    name: str
    facts: str
    visits: PageTable | None
    spans: PageTable | None
    remarks: tuple[str, ...]
    others: tuple[str, ...]


def shift_page(report: ShiftReport, cover: Cover, agency: Agency, layers: Layers) -> dict[str, Any]:
    """All that the page shows."""
    say = Wording(agency)
    return {
        "shift": f"{report.shift.split('/')[1].capitalize()} of {say.date(report.starts)},"
        f" {say.clock(report.starts)}–{say.clock(report.ends)} {say.local(report.starts).tzname()}",
        "generated": say.moment(cover.generated),
        "state": _state(cover),
        "tiles": _tiles(report, say),
        "charts": charts(report, say),
        "open": report.open > 0,
        "tasked": any(visit.tasked is not None for unit in report.units for visit in unit.visits),
        "map": draw_map(report, agency, layers),
        "boxes": _boxes([line for line in report.boxes if line.listed], say),
        "passed": _passed([line for line in report.boxes if not line.listed], say),
        "units": [_unit(unit, report, say) for unit in report.units],
        "ledgers": _ledgers(cover, say),
        "plans": _plans(cover, say),
        "notes": list(_notes(report, cover)),
    }


def _state(cover: Cover) -> Note:
    if not cover.ledgers:
        return Note("no records for this shift", "chip bad")
    if cover.complete:
        retired = (
            f", except records that retired vehicles never sent: {_named(never)}"
            if (never := _never_sent(cover))
            else ""
        )
        return Note(f"complete{retired}", "chip good")
    if not cover.final:
        return Note("preliminary: shift in progress", "chip warn")
    if cover.lacking:
        return Note(f"incomplete: {_named(cover.lacking)}", "chip bad")
    return Note("incomplete: see the last section", "chip bad")


def _never_sent(cover: Cover) -> list[str]:
    return [ledger.lack for ledger in cover.ledgers if ledger.missing and ledger.retired is not None]


def _named(sentences: Sequence[str]) -> str:
    """The first of some sentences, and how many there are more."""
    more = f"; and {len(sentences) - MOST_NAMED} more ledgers" if len(sentences) > MOST_NAMED else ""
    return f"{'; '.join(sentences[:MOST_NAMED])}{more}"


def _tiles(report: ShiftReport, say: Wording) -> list[Tile]:
    totals = report.totals
    still = (f"{report.open} still open",) if report.open else ()
    weak = (f"{say.minutes(totals.weak_gps_s)} min on weak GPS",) if totals.weak_gps_s else ()
    own = (f"{totals.tasked} self-tasked",) if totals.tasked else ()
    unknown = say.hours(totals.gps_lost_s + totals.down_s)
    return [
        Tile("Counted visits", str(totals.counted), "", (f"{report.short} too short to count", *own, *still)),
        Tile("Boxes completed", str(report.met), f"of {report.planned}", ("boxes with every prescribed visit",)),
        Tile("Dosage", say.minutes(totals.dosage_s), "min", ("minutes of counted visits", *weak)),
        Tile("Presence", say.hours(totals.presence_s), "", ("time in any box",)),
        Tile("Vehicles", str(len(report.units)), "", (f"paused {say.hours(totals.paused_s)}",)),
        Tile("Unknown", unknown, "", ("no position or not running",)),
    ]


def _boxes(told: Sequence[BoxLine], say: Wording) -> PageTable | None:
    groups = (
        *(Head(text, rows=2) for text in ("Box", "Beat", "For")),
        *(Head("Visits", "mid", 2), Head("Dosage, minutes", "mid", 3), Head("Presence, minutes", "mid", 2)),
    )
    names = ("done / prescribed", "counted", "prescribed a visit", "vehicles", "wall clock", "vehicles", "wall clock")
    heads = (groups, tuple(Head(name, "num") for name in names))
    return PageTable(heads, tuple(_box(line, say) for line in told)) if told else None


def _box(line: BoxLine, say: Wording) -> Line:
    prescribed = "–" if line.prescribed is None else line.prescribed
    said = [f"suppressed: {line.suppressed}"] if line.suppressed else []
    said += [f"{say.remark(remark)}{f' ({times}×)' if times > 1 else ''}" for remark, times in line.said]
    met = Note("✓", "met", "met") if line.met else Note("\N{NO-BREAK SPACE}", "met")
    minutes = (
        "–" if line.prescribed_s is None else say.whole(line.prescribed_s),
        *map(say.minutes, (line.dosage_vehicle_s, line.dosage_union_s)),
        *map(say.minutes, (line.presence_vehicle_s, line.presence_union_s)),
    )
    place = say.place(line.box)
    return Line(
        (
            Cell(say.box(line.box), "num"),
            Cell(say.beat(line.box), "", Note(place) if place else None),
            Cell(say.types(line.crime_types), "", Note("; ".join(said)) if said else None),
            Cell(f"{line.done} / {prescribed}", "num", met),
            Cell(str(line.counted), "num"),
            *(Cell(text, "num") for text in minutes),
        )
    )


def _passed(passed: Sequence[BoxLine], say: Wording) -> str:
    """What the table leaves out."""
    if not passed:
        return ""
    minutes = say.minutes(sum(line.presence_vehicle_s for line in passed))
    boxes = "1 other box" if len(passed) == 1 else f"{len(passed):,} other boxes"
    return f"Vehicles were also present in {boxes} for {minutes} min; each is in the CSV and JSON."


def _unit(unit: UnitReport, report: ShiftReport, say: Wording) -> UnitSection:
    return UnitSection(
        unit.unit,
        _facts(unit, report, say),
        _visits(unit, say),
        _spans(unit, say),
        tuple(f"{say.clock(one.at)} box {say.box(one.box)}: {say.remark(one.remark)}" for one in unit.remarks),
        tuple(_others(unit, say)),
    )


def _facts(unit: UnitReport, report: ShiftReport, say: Wording) -> str:
    plans = [
        f"plan {plan.version} ({say.source(plan.source)}, district {plan.district})"
        f" since {say.clock(max(plan.since, report.starts))}"
        for plan in unit.plans
    ]
    officers = [f"Officer{'s' if len(unit.officers) > 1 else ''} {', '.join(unit.officers)}"] if unit.officers else []
    totals = unit.totals
    figures = (
        f"{totals.counted} counted, {say.minutes(totals.dosage_s)} min dosage, {say.hours(totals.presence_s)} presence"
    )
    return " · ".join(
        [*officers, f"records {say.clock(unit.first)}–{say.clock(unit.last)}", *(plans or ["no plan"]), figures]
    )


def _visits(unit: UnitReport, say: Wording) -> PageTable | None:
    heads = (
        Head("Box", "num"), *map(Head, ("Beat", "From", "To")), Head("Minutes", "num"),
        Head("Weak GPS", "num"), *map(Head, ("Visit", "Ended by", "Officer", "Tactics, minutes")),
    )  # fmt: skip
    lines = tuple(_visit(visit, say) for visit in unit.visits)
    return PageTable((heads,), lines, f"Visits of {unit.unit}") if lines else None


def _visit(visit: VisitLine, say: Wording) -> Line:
    kind = "open" if visit.ended is None else "counted" if visit.counted else "too short"
    marks = [
        name
        for name, holds in (
            ("early", visit.early), ("overstay", visit.overstayed), ("from the shift before", visit.continued)
        )
        if holds
    ]  # fmt: skip
    marks += [say.task(visit.tasked)] if visit.tasked is not None else []
    several = len(visit.officers) > 1
    officers = [f"{one.officer} {say.minutes(one.seconds)}" if several else one.officer for one in visit.officers]
    tactics = [f"{say.tactic(one.tactic)} {say.minutes(one.seconds)}" for one in visit.tactics]
    return Line(
        (
            Cell(say.box(visit.box), "num"),
            Cell(say.beat(visit.box)),
            Cell(say.clock(visit.opened)),
            Cell(say.clock(visit.ended)),
            Cell(say.minutes(visit.dosage_s), "num"),
            Cell(say.minutes(visit.weak_gps_s) if visit.weak_gps_s else "", "num"),
            Cell(", ".join([kind, *marks])),
            Cell("" if visit.ended is None else say.reason(visit.reason)),
            Cell(", ".join(officers)),
            Cell(", ".join(tactics)),
        ),
        "dim" if kind != "counted" else "",
    )


def _spans(unit: UnitReport, say: Wording) -> PageTable | None:
    lines = tuple(
        Line(
            (
                Cell(say.span(span.kind, span.detail), "", _backdated(span, say)),
                Cell(say.clock(span.began)),
                Cell(say.clock(span.ended)),
                Cell(say.minutes(span.seconds), "num"),
            )
        )
        for span in unit.spans
        if span.seconds >= LEAST_SPAN_S
    )
    heads = (*map(Head, ("What", "From", "To")), Head("Minutes", "num"))
    return PageTable((heads,), lines, f"Pauses and gaps of {unit.unit}", "narrow") if lines else None


def _backdated(span: Span, say: Wording) -> Note | None:
    return None if span.tapped is None else Note(f"backdated; tapped at {say.clock(span.tapped)}")


def _others(unit: UnitReport, say: Wording) -> Iterator[str]:
    for other in unit.others:
        problem = f" ({other.problem})" if other.problem else ""
        yield f"{say.clock(other.at)} {say.record(other.kind, other.problem)}{problem}"


def _ledgers(cover: Cover, say: Wording) -> PageTable | None:
    heads = (
        *map(Head, ("Vehicle", "Ledger")), Head("Received up to", "num"), Head("Vehicle reports", "num"),
        Head("Hash chain"),
    )  # fmt: skip
    lines = tuple(_ledger(ledger, cover, say) for ledger in cover.ledgers)
    return PageTable((heads,), lines) if lines else None


def _ledger(ledger: LedgerState, cover: Cover, say: Wording) -> Line:
    reported = "–" if ledger.recorded is None else str(ledger.recorded)
    silent = " (not heard from since the shift)" if cover.final and not ledger.settled else ""
    if ledger.retired is not None:
        to_come = f" (retired, {_records(ledger.missing)} never received: {ledger.retired})"
    else:
        to_come = f" ({ledger.missing} missing)" if ledger.missing else silent
    return Line(
        (
            Cell(ledger.unit),
            Cell(ledger.ledger, "mono"),
            Cell(f"record {ledger.head_seq}", "num"),
            Cell(reported + to_come, "num"),
            _chain(ledger, say),
        )
    )


def _chain(ledger: LedgerState, say: Wording) -> Cell:
    """What can be said of a chain without walking it now."""
    if ledger.problem is not None:
        return Cell("", "", Note(ledger.problem, "chip bad"))
    if ledger.head_seq == 0:
        return Cell("–")
    again = "not yet rechecked in the database"
    if ledger.rechecked is not None:
        again = f"rechecked in the database up to record {ledger.rechecked_to} on {say.moment(ledger.rechecked)}"
    return Cell(f"each record verified on receipt; {again}")


def _plans(cover: Cover, say: Wording) -> PageTable | None:
    heads = tuple(map(Head, ("Plan", "District", "Approved by", "Reason", "Data", "Published", "SHA-256")))
    lines = tuple(
        Line(
            (
                *map(Cell, (f"version {plan.version}", plan.district, plan.role, plan.reason)),
                Cell(_data(plan)),
                Cell(say.posix(plan.published or 0.0)),
                Cell(f"{plan.digest[:16]}…", "mono"),
            )
        )
        for plan in cover.plans
    )
    return PageTable((heads,), lines, "Published plans") if lines else None


def _data(stored: StoredPlan) -> str:
    """How old the data are that the plan was made from; a dash where it does not say."""
    plan = plan_of(stored)
    return "–" if plan.data_to is None else data_words(plan.data_to, plan.shift)


def _notes(report: ShiftReport, cover: Cover) -> Iterator[str]:
    others = sum(not other.problem for unit in report.units for other in unit.others)
    if others:
        yield (
            f"{_records(others)} from newer software, of an unknown kind: listed by vehicle, not counted in any figure."
        )
    if cover.unreadable:
        yield f"{_records(cover.unreadable)} that cannot be read: listed by vehicle, not counted in any figure."
    if any(span.tapped is not None for unit in report.units for span in unit.spans):
        yield (
            "Some pauses were over before BACK ON PATROL was tapped: they end when the officer was back, by a record of"
            " its own. Presence after that is shown as presence; no dosage is added."
        )
    if report.clock_steps:
        times = "once" if report.clock_steps == 1 else f"{report.clock_steps} times"
        yield (
            f"Vehicle clocks were corrected {times}; {_records(report.repaired)} made before that"
            f" {'is' if report.repaired == 1 else 'are'} shown at the corrected time."
        )
    for void in cover.void_retirements:
        yield f"A vehicle's retirement is not valid: {void}."
    for finding in cover.findings:
        yield f"{finding.unit}: {finding.detail} ({finding.times}×)"


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"
