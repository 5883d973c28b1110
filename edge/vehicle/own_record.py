"""An officer's own record of the shift that runs, read from the car's ledger: visits, minutes, tactics, pauses.

For the officer alone, before signing out. Nothing is stored, compared or ranked; headquarters' reports are made of the
same records. Must not decide who may see it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from edge.contract.agency import Agency
from edge.contract.records import decode_event
from edge.domain.events import Event, MeteringPaused, MeteringResumed, TacticUndone, TacticUsed, VisitClosed
from edge.domain.grid import parse_box_id
from edge.domain.state import State
from edge.text.coded import CodedError

MOST: Final = 5_000
"""Records that are looked at, the newest: a shift has a few hundred."""


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """A visit that has ended: ``at``: local time of its opening; ``minutes``: this officer's."""

    number: int
    at: str
    minutes: int
    counted: bool


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What an officer did in a shift. ``minutes``: of counted visits; ``tactics``, ``pauses``: by label and reason."""

    officer: str
    shift: str
    minutes: int
    visits: tuple[OwnVisit, ...]
    tactics: Mapping[str, int]
    pauses: Mapping[str, int]


@dataclass
class _Sums:
    visits: list[tuple[VisitClosed, float]] = field(default_factory=list)
    tactics: dict[str, str] = field(default_factory=dict)  # by event id
    pauses: Counter[str] = field(default_factory=Counter)
    reason: str = ""

    def take(self, event: Event, officer: str) -> None:
        """One record of the shift; a visit is judged by its segments, all else by who was in the car."""
        data = event.data
        if isinstance(data, VisitClosed):
            own = [part.dosage_s for part in data.segments if officer in (part.officer, part.second)]
            self.visits += [(data, sum(own))] if own else []
        if officer not in (event.officer, event.second):
            return
        match data:
            case TacticUsed(tactic=tactic):
                self.tactics[event.id] = tactic
            case TacticUndone(undone=undone):
                self.tactics.pop(undone, None)
            case MeteringPaused(reason=reason):
                self.reason = str(reason)
            case MeteringResumed(paused_s=paused_s):
                self.pauses[self.reason] += round(paused_s)
            case _:
                pass


def own_record(events: Iterable[Event], officer: str, shift: str, agency: Agency) -> OwnRecord:
    """The record of an officer in a shift, of a ledger's records in order."""
    sums = _Sums()
    for event in events:
        if event.shift == shift:
            sums.take(event, officer)
    labels = {one.id: one.label for one in agency.tactics}
    visits = tuple(_visit(closed, seconds, agency) for closed, seconds in sums.visits)
    return OwnRecord(
        officer,
        shift,
        _minutes(sum(seconds for closed, seconds in sums.visits if closed.counted)),
        visits,
        dict(Counter(labels.get(tactic, tactic) for tactic in sums.tactics.values())),
        {reason: _minutes(seconds) for reason, seconds in sums.pauses.items()},
    )


def _visit(closed: VisitClosed, seconds: float, agency: Agency) -> OwnVisit:
    zone: ZoneInfo = agency.calendar.zone
    box = agency.grid.boxes.get(parse_box_id(closed.box))
    at = datetime.fromtimestamp(closed.opened.timestamp(), zone)
    return OwnVisit(0 if box is None else box.number, f"{at:%H:%M}", _minutes(seconds), closed.counted)


def _minutes(seconds: float) -> int:
    return int(seconds / 60.0 + 0.5)


class OwnRecords:
    """Reads the ledger when asked. ``after``: up to so many records after a number, as the ledger has them."""

    def __init__(self, agency: Agency, state: Callable[[], State], after: Callable[[int, int], Sequence[Any]]) -> None:
        self._agency = agency
        self._state = state
        self._after = after

    def of(self, officers: Iterable[str]) -> tuple[OwnRecord, ...]:
        """Those of some officers in the shift that runs. Raises CodedError where no shift does."""
        state = self._state()
        if state.shift is None:
            raise CodedError("not_now.no_shift_yet")
        named = state.shift.id.encode()
        rows = self._after(max(0, state.seq - MOST), MOST)
        events = [decode_event(row[1]) for row in rows if named in row[1]]
        return tuple(own_record(events, officer, state.shift.id, self._agency) for officer in officers)
