"""A Shift Report as JSON and CSV: the same values as the page, for other programs. Must not compute any figure anew."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from edge.headquarters.reports.model import OtherLine, ShiftReport, StayLine, VisitLine
from edge.headquarters.reports.reading import Cover

BoxNumber = Callable[[str], int | None]

COLUMNS: Final = (
    "kind", "unit", "box", "number", "began", "ended", "minutes", "counted", "early", "overstayed", "at_cap",
    "reason", "officers", "tactics", "id",
)  # fmt: skip


def as_json(report: ShiftReport) -> dict[str, Any]:
    """The report's values; instants as ISO 8601 with ``Z``."""
    plain = _plain(asdict(report))
    assert isinstance(plain, dict)  # noqa: S101 - a dataclass is a dict
    return plain


def cover_json(cover: Cover) -> dict[str, Any]:
    """What the report rests on; a signed plan's bytes stay out."""
    plain = _plain({**asdict(cover), "complete": cover.complete})
    assert isinstance(plain, dict)  # noqa: S101 - a mapping is a dict
    for plan in plain["plans"]:
        del plan["body"]
    return plain


def as_csv(report: ShiftReport, number: BoxNumber) -> str:
    """One row a visit, a stay, and a record in no figure (``kind`` says which), by vehicle and beginning."""
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    rows.writeheader()
    for unit in report.units:
        lines = [_visit(visit, number) for visit in unit.visits] + [_stay(stay, number) for stay in unit.stays]
        lines += [_other(other) for other in unit.others]
        for line in sorted(lines, key=lambda line: str(line["began"])):
            rows.writerow({key: _safe(value) for key, value in line.items()})
    return text.getvalue()


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with ``Z``, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _visit(visit: VisitLine, number: BoxNumber) -> dict[str, Any]:
    return {
        "kind": "visit",
        "unit": visit.unit,
        "box": visit.box,
        "number": number(visit.box),
        "began": iso(visit.opened),
        "ended": "" if visit.ended is None else iso(visit.ended),
        "minutes": "" if visit.dosage_s is None else _minutes(visit.dosage_s),
        "counted": _yes(visit.counted),
        "early": _yes(visit.early),
        "overstayed": _yes(visit.overstayed),
        "reason": visit.reason or "open",
        "officers": " ".join(f"{part.officer}:{_minutes(part.seconds)}" for part in visit.officers),
        "tactics": " ".join(
            part.tactic if part.seconds is None else f"{part.tactic}:{_minutes(part.seconds)}" for part in visit.tactics
        ),
        "id": visit.id,
    }


def _stay(stay: StayLine, number: BoxNumber) -> dict[str, Any]:
    return {
        "kind": "presence",
        "unit": stay.unit,
        "box": stay.box or "outside",
        "number": number(stay.box) if stay.box else "",
        "began": iso(stay.began),
        "ended": iso(stay.ended),
        "minutes": _minutes(stay.seconds),
        "at_cap": _yes(stay.at_cap),
    }


def _other(other: OtherLine) -> dict[str, Any]:
    return {
        "kind": "unreadable record" if other.problem else "other record",
        "unit": other.unit,
        "began": iso(other.at),
        "reason": other.kind,
        "id": other.id,
    }


def _minutes(seconds: float) -> str:
    return f"{seconds / 60.0:.2f}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _safe(value: object) -> object:
    """A text that a spreadsheet would take for a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
