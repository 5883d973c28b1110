"""The Shift Report's place in the register: asked for by a shift; a row for each visit, stay and other record.

Must not compute any figure: `edge.headquarters.reports.shift` does.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias

from edge.contract.agency import Agency
from edge.domain.grid import parse_box_id
from edge.headquarters.reports.formats import plain
from edge.headquarters.reports.model import OtherLine, RemarkLine, ShiftReport, Span, StayLine, VisitLine
from edge.headquarters.reports.reading import Cover, read_report
from edge.headquarters.reports.register import Column, Filter, Question, Report, Table

Values: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A Shift Report and its cover."""

    report: ShiftReport
    cover: Cover


def make(question: Question) -> Answer:
    """The report of the shift that is asked for."""
    return Answer(*read_report(question.store, question.agency, question.values["shift"], question.now))


def document(answer: Answer) -> Values:
    """All values: the cover, the report."""
    return {"cover": cover_json(answer.cover), "report": as_json(answer.report)}


def as_json(report: ShiftReport) -> Values:
    """The report's values; instants as ISO 8601 with ``Z``."""
    values = asdict(report)
    for unit, made in zip(values["units"], report.units, strict=True):
        del unit["stay_rows"]
        unit["stays"] = [asdict(stay) for stay in made.stays]
    return dict(plain(values))


def cover_json(cover: Cover) -> Values:
    """The data behind the report; a signed plan's bytes stay out."""
    values = plain({**asdict(cover), "complete": cover.complete, "lacking": cover.lacking, "retired": cover.retired})
    for made, ledger in zip(values["ledgers"], cover.ledgers, strict=True):
        made["missing"] = ledger.missing
    for plan in values["plans"]:
        del plan["body"]
    return dict(values)


def rows(answer: Answer, agency: Agency) -> Table:
    """By vehicle and beginning; ``kind`` says of what."""
    found: list[Values] = []
    for unit in answer.report.units:
        lines = [_visit(visit) for visit in unit.visits] + [_stay(stay) for stay in unit.stays]
        lines += [_pause(unit.unit, span) for span in unit.spans if span.kind == "paused"]
        lines += [_remark(remark) for remark in unit.remarks] + [_other(other) for other in unit.others]
        found += sorted(lines, key=lambda line: line["began"])
    shown = {box: _shown(agency, box) for box in {line["box"] for line in found if "box" in line}}
    return [{**line, **shown.get(line.get("box", ""), {})} for line in found]


def _shown(agency: Agency, box: str) -> Values:
    """What screens call a box id: its number and its place; nothing of a box the agency no longer has."""
    try:
        found = agency.grid.boxes.get(parse_box_id(box))
    except ValueError:
        found = None
    return {} if found is None else {"number": found.number, "place": agency.place(found.cell)}


def _visit(visit: VisitLine) -> Values:
    return {
        "kind": "visit",
        "unit": visit.unit,
        "box": visit.box,
        "began": visit.opened,
        "ended": visit.ended,
        "minutes": visit.dosage_s,
        "weak_gps": visit.weak_gps_s,
        "counted": visit.counted,
        "early": visit.early,
        "overstayed": visit.overstayed,
        "self_tasked": visit.tasked,
        "reason": visit.reason or "open",
        "officers": " ".join(f"{part.officer}:{_minutes(part.seconds)}" for part in visit.officers),
        "tactics": " ".join(
            part.tactic if part.seconds is None else f"{part.tactic}:{_minutes(part.seconds)}" for part in visit.tactics
        ),
        "id": visit.id,
    }


def _stay(stay: StayLine) -> Values:
    values = {
        "unit": stay.unit,
        "began": stay.began,
        "ended": stay.ended,
        "minutes": stay.seconds,
        "weak_gps": stay.weak_gps_s,
    }
    return {"kind": "presence", "box": stay.box or "outside", "at_cap": stay.at_cap, **values}


def _pause(unit: str, span: Span) -> Values:
    values = {"began": span.began, "ended": span.ended, "minutes": span.seconds, "tapped": span.tapped}
    return {"kind": "pause", "unit": unit, "reason": span.detail, **values}


def _remark(remark: RemarkLine) -> Values:
    values = {"unit": remark.unit, "box": remark.box, "began": remark.at, "reason": remark.remark, "id": remark.id}
    return {"kind": remark.kind, **values}


def _other(other: OtherLine) -> Values:
    kind = "unreadable record" if other.problem else "other record"
    return {"kind": kind, "unit": other.unit, "began": other.at, "reason": other.kind, "id": other.id}


def _minutes(seconds: float) -> str:
    return f"{seconds / 60.0:.2f}"


REPORT: Final = Report(
    name="shift",
    title="Shift Report",
    columns=(
        *(Column("kind", "Kind"), Column("unit", "Vehicle"), Column("box", "Box id"), Column("number", "Box")),
        *(Column("began", "From", "moment"), Column("ended", "To", "moment"), Column("minutes", "Minutes", "minutes")),
        *(Column("counted", "Counted"), Column("early", "Early"), Column("overstayed", "Overstay")),
        *(Column("at_cap", "At cap"), Column("reason", "Ended by"), Column("officers", "Officers, minutes")),
        *(Column("tactics", "Tactics, minutes"), Column("id", "Id")),
        *(Column("weak_gps", "Weak GPS, minutes", "minutes"), Column("self_tasked", "Self-tasked")),
        *(Column("tapped", "Back on patrol tapped", "moment"), Column("place", "Place")),
    ),
    make=make,
    rows=rows,
    document=document,
    subject=Filter("shift", "Shift"),
)
