"""The fleet's counted visits as headquarters believes them: from the ledgers, held against what can be true, less void.

A ledger is proved to be its vehicle's word, not to be true. Must not read what vehicles publish of themselves.
"""

import logging
from collections import Counter, defaultdict
from typing import Final

from edge.contract.agency import Agency
from edge.domain.credible import AHEAD_S, judge
from edge.domain.shift import Calendar
from edge.domain.state import Setting
from edge.domain.visits import VisitSummary
from edge.headquarters.projections.rows import VisitRow
from edge.headquarters.publish.void import void_in_force
from edge.headquarters.store import Store

log = logging.getLogger(__name__)

MOST_NAMED: Final = 10


def ground_of(agency: Agency) -> Setting:
    """What visits are held against."""
    return Setting(agency.grid, agency.policy, agency.calendar, ())


def summary_of(row: VisitRow, calendar: Calendar) -> VisitSummary:
    """A ledger's counted visit, in the shift of its time: the ledger's may be one that a clock was wrong about."""
    shift = calendar.shift_at(row.opened).id
    ended, dosage = row.ended, row.dosage_s or 0.0
    return VisitSummary(row.id, row.unit, row.box, shift, row.opened, ended, dosage, row.counted, row.early)


def counted_visits(agency: Agency, store: Store, since: float, until: float, now: float) -> list[VisitSummary]:
    """The counted visits that opened in a time and have ended by ``now`` (POSIX seconds)."""
    by_unit: defaultdict[str, list[VisitSummary]] = defaultdict(list)
    void, refused = void_in_force(store, agency), Counter[str]()
    for row in store.counted_visits(since, until):
        visit = summary_of(row, agency.calendar)
        if (visit.ended or visit.opened) > now + AHEAD_S:
            refused[visit.unit] += 1
        elif not void.covers(visit):
            by_unit[visit.unit].append(visit)
    believed: list[VisitSummary] = []
    for unit, visits in by_unit.items():
        judged = judge(ground_of(agency), visits, None)
        refused[unit] += sum(judged.refused.values())
        believed += judged.believed
    for unit, count in (+refused).most_common(MOST_NAMED):
        log.warning("%d impossible visits in the ledger of %s are not counted", count, unit)
    return believed
