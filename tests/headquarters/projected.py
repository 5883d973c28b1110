"""Projections of records that are at hand, without a database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from edge.domain.events import Event
from edge.domain.plan import Plan
from edge.domain.shift import Shift
from edge.headquarters.projections.ledger import State, project
from edge.headquarters.projections.rows import Rows
from edge.headquarters.reports.model import ShiftReport
from edge.headquarters.reports.shift import make_report


def rows_of(events: Iterable[Event]) -> Rows:
    """The rows of some ledgers' records, each ledger's in order."""
    ledgers: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        ledgers[event.unit, event.ledger].append(event)
    rows = Rows()
    for (unit, ledger), records in ledgers.items():
        rows.add(project(unit, ledger, State(), records)[1])
    return rows


def report_on(shift: Shift, events: Iterable[Event], plans: Sequence[Plan], now: datetime) -> ShiftReport:
    """The report of a shift from records."""
    return make_report(shift, rows_of(events), plans, now)
