"""The other vehicles' visits: what one reports of its own is judged, and merged as far as it can be true.

A report is the whole truth of its vehicle, and replaces the one before: nobody can add up lies, one message each.
It waits while the time is not known, and what time alone refuses is looked at again when the clock is set otherwise.
What headquarters has declared void is dropped, and not merged again. Used by the rules alone.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from edge.domain.credible import MOST_OF_UNIT, judge
from edge.domain.deadlines import MOST_VISITS
from edge.domain.inputs import MergeVisits, VoidVisits
from edge.domain.state import Clock
from edge.domain.turn import Turn
from edge.domain.visits import Refused, VisitSummary

MOST_UNITS: Final = 500
"""Vehicles of whose reports something is remembered beside the visits that are believed."""

MOST_WAITING: Final = 20_000
"""Visits that wait, of all vehicles: 6 MB. A fleet of fifty has some thousands in seven days."""


def on_visits(turn: Turn, merge: MergeVisits) -> None:
    """A vehicle reports its visits; what anybody says of this car's own is passed over."""
    by_unit: defaultdict[str, list[VisitSummary]] = defaultdict(list)
    for visit in merge.visits:
        by_unit[visit.unit].append(visit)
    if merge.unit is not None:
        by_unit.setdefault(merge.unit, [])
    by_unit.pop(turn.state.unit, None)
    for unit, visits in by_unit.items():
        _hear(turn, unit, visits, merge.mono)


def on_void(turn: Turn, given: VoidVisits) -> None:
    """What is void goes, for good."""
    turn.set(void=given.void)
    gone = [visit for visit in turn.state.visits.all() if given.void.covers(visit)]
    turn.set(visits=turn.state.visits.without(gone))


def look_again(turn: Turn, before: Clock, mono: float) -> None:
    """Judge what waits, where the clock has been set since an earlier one."""
    clock, waiting = turn.state.clock, turn.state.waiting
    if waiting and clock.trusted and (clock.offset, clock.trusted) != (before.offset, before.trusted):
        for unit, visits in waiting.items():
            _hear(turn, unit, visits, mono)


def _hear(turn: Turn, unit: str, visits: Iterable[VisitSummary], mono: float) -> None:
    state = turn.state
    visits = [visit for visit in visits if not state.void.covers(visit)]
    if not state.clock.trusted:
        _remember(turn, unit, visits[:MOST_OF_UNIT], state.refused.get(unit, {}))
        return
    known = list(state.visits.of_unit(unit))
    judged = judge(turn.setting, visits, state.utc(max(state.mono, mono)))
    believed = {visit.id: visit for visit in judged.believed}
    book = state.visits.without(visit for visit in known if believed.get(visit.id) != visit)
    book = book.merge(judged.believed)
    turn.set(visits=book if len(believed) <= len(known) else book.newest(MOST_VISITS))
    _remember(turn, unit, judged.untimely, judged.refused)


def _remember(turn: Turn, unit: str, waiting: Iterable[VisitSummary], refused: Refused) -> None:
    """What waits of a vehicle's report and what is refused of it, instead of what did before."""
    room = MOST_WAITING - sum(len(held) for key, held in turn.state.waiting.items() if key != unit)
    for name, value in (("waiting", tuple(waiting)[:room]), ("refused", dict(refused))):
        held = {key: one for key, one in getattr(turn.state, name).items() if key != unit}
        if value and len(held) < MOST_UNITS:
            held[unit] = value
        if held != getattr(turn.state, name):
            turn.set(**{name: held})
