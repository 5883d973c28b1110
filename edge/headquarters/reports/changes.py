"""Changes from cars: what supervisors and analysts added or suppressed in their own car, for analysts to decide on.

No other car obeys one: an analyst who agrees publishes a new version of the plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from edge.contract.agency import Agency
from edge.headquarters.reports.days import beat_of, date_of, over_days
from edge.headquarters.reports.register import Column, Question, Report, Table


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``what``: added or suppressed; ``at``: POSIX seconds."""

    at: float
    unit: str
    shift: str
    box: str
    beat: str
    what: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The newest first. ``since``, ``until``: ISO dates, both included."""

    since: str
    until: str
    changes: tuple[Change, ...]


def make(question: Question) -> Changes:
    """What the ledgers received so far come to."""
    since, until = (date_of(question.values[name], name) for name in ("since", "until"))
    found = []
    for row in question.store.remarks(since, until):
        if row.kind == "change":
            said = row.remark.split(".", 2)
            found.append(Change(row.time, row.unit, row.shift or "", row.box, beat_of(question.agency, row.box), *said))
    return Changes(since, until, tuple(sorted(found, key=lambda one: (-one.at, one.unit, one.box))))


def rows(made: Changes, _agency: Agency) -> Table:
    """One row a change."""
    return [{column.name: getattr(one, column.name) for column in COLUMNS} for one in made.changes]


def document(made: Changes) -> Mapping[str, Any]:
    """The same, with the days."""
    changes = [{column.name: getattr(one, column.name) for column in COLUMNS} for one in made.changes]
    return {"since": made.since, "until": made.until, "changes": changes}


COLUMNS: Final = (
    Column("at", "At", "moment"),
    Column("unit", "Vehicle"),
    Column("shift", "Shift"),
    Column("box", "Box", "box"),
    Column("beat", "Beat"),
    Column("what", "Change"),
    Column("role", "Role"),
    Column("reason", "Reason"),
)

REPORT: Final = Report(
    name="changes",
    title="Changes from cars",
    columns=COLUMNS,
    make=make,
    rows=rows,
    document=document,
    filters=over_days(),
    notes=(
        "What a supervisor or an analyst added or suppressed in their own car, at the latest to the end of its shift.",
        "No other car obeys it: publish a new version of the plan where you agree.",
    ),
)
