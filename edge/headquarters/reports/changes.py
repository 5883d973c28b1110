"""Changes from cars: what supervisors and analysts added or suppressed in their own car, for analysts to decide on.

No other car obeys one: an analyst who agrees publishes a new version of the plan.
"""

from dataclasses import dataclass
from typing import Final

from edge.headquarters.reports.days import beat_of, over_days
from edge.headquarters.reports.register import Column, Question


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


def lines(question: Question, since: str, until: str) -> list[Change]:
    """What the ledgers received so far come to, the newest first."""
    found = []
    for row in question.store.remarks(since, until):
        if row.kind == "change":
            said = row.remark.split(".", 2)
            found.append(Change(row.time, row.unit, row.shift or "", row.box, beat_of(question.agency, row.box), *said))
    return sorted(found, key=lambda one: (-one.at, one.unit, one.box))


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

REPORT: Final = over_days(
    name="changes",
    title="Changes from cars",
    columns=COLUMNS,
    lines=lines,
    of="changes",
    notes=(
        "Boxes that a supervisor or analyst added or suppressed in their own car, at most until the shift ends.",
        "A change applies to that car only. To apply it to all cars, publish a new version of the plan.",
    ),
)
