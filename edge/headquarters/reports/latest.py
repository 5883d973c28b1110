"""Which shifts are listed first: the latest that the agency can have had by now. Must not make a report.

A vehicle may have records of any shift that it makes up: what lies ahead of the clock comes last, and what the agency
has no such shift for is in no list.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from math import isfinite
from typing import Final

from edge.contract.agency import Agency
from edge.headquarters.receive.plausible import last_day
from edge.headquarters.store import Store

LISTED: Final = 60
DAYS: Final = 400
"""Back from today, in which the agency's own shifts are asked for by their names."""


def latest_shifts(store: Store, agency: Agency, now: float, limit: int = LISTED) -> list[tuple[str, int]]:
    """The latest shifts with records, and of how many vehicles; those ahead of the clock (POSIX seconds) last."""
    until = date.fromisoformat(last_day(now))
    days = [(until - timedelta(days=number)).isoformat() for number in range(min(DAYS, until.toordinal()))]
    found = _ordered(
        store.vehicles_of([f"{day}/{rule.name}" for day in days for rule in agency.calendar.rules]), agency
    )
    if len(found) < limit:
        found += _known(store.shifts(limit, before=days[-1]), agency)
    if len(found) < limit:
        found += _known([one for one in store.shifts(limit) if one[0][:10] > days[0]], agency)
    return found[:limit]


def _known(shifts: Iterable[tuple[str, int]], agency: Agency) -> list[tuple[str, int]]:
    """Those that the agency has, by their names."""
    return _ordered({shift: count for shift, count in shifts if isfinite(agency.calendar.ends(shift))}, agency)


def _ordered(vehicles: dict[str, int], agency: Agency) -> list[tuple[str, int]]:
    """The latest first, by when they begin."""
    begins = {shift: agency.calendar.shift(shift).starts for shift in vehicles}
    return sorted(vehicles.items(), key=lambda one: begins[one[0]], reverse=True)
