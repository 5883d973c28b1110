"""Feedback on boxes: what officers said of them, by box and shift of the day, for analysts to read.

A forecast or a plan changes by nothing here, and nothing of it is ever a training label.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Final

from edge.contract.agency import Agency
from edge.headquarters.projections.rows import RemarkRow
from edge.headquarters.reports.days import beat_of, over_days
from edge.headquarters.reports.register import Column, Question


@dataclass(frozen=True, slots=True)
class BoxFeedback:
    """One box in one shift of the day: how often officers said what of it; ``last``: POSIX seconds."""

    box: str
    beat: str
    shift: str
    wrong_hour: int
    quiet: int
    blocked: int
    skipped: int
    other: int
    last: float


def lines(question: Question, since: str, until: str) -> list[BoxFeedback]:
    """What the ledgers received so far come to, what was said most first."""
    said: dict[tuple[str, str], list[RemarkRow]] = defaultdict(list)
    for row in question.store.remarks(since, until):
        if row.kind == "change":
            continue  # a report of its own
        said[row.box, (row.shift or "/").partition("/")[2]].append(row)
    boxes = [_line(question.agency, box, shift, rows) for (box, shift), rows in said.items()]
    return sorted(boxes, key=lambda one: (-_all(one), one.box, one.shift))


def _line(agency: Agency, box: str, shift: str, rows: list[RemarkRow]) -> BoxFeedback:
    count = Counter("skipped" if row.kind == "skip" else row.remark for row in rows)
    known = {name: count.pop(name, 0) for name in ("wrong_hour", "quiet", "blocked", "skipped")}
    return BoxFeedback(
        box, beat_of(agency, box), shift, **known, other=count.total(), last=max(row.time for row in rows)
    )


def _all(one: BoxFeedback) -> int:
    return one.wrong_hour + one.quiet + one.blocked + one.skipped + one.other


COLUMNS: Final = (
    Column("box", "Box", "box"),
    Column("beat", "Beat"),
    Column("shift", "Shift"),
    Column("wrong_hour", "Wrong hour", "count"),
    Column("quiet", "Quiet", "count"),
    Column("blocked", "Blocked", "count"),
    Column("skipped", "Skipped, with a reason", "count"),
    Column("other", "Other", "count"),
    Column("last", "Last", "moment"),
)

REPORT: Final = over_days(
    name="feedback",
    title="Feedback on boxes",
    columns=COLUMNS,
    lines=lines,
    of="boxes",
    notes=(
        "What officers tapped: wrong hour, quiet, blocked, or a skip with a reason. Each Shift Report lists its own.",
        "Feedback changes no forecast, plan or training data. A night shift counts toward the date it starts.",
    ),
)
