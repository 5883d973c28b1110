"""A drive through the rules themselves: fixes in, the ledger's visits and stays out. Used beside the oracle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edge.domain.events import Event, PresenceRecorded, VisitClosed
from edge.domain.inputs import AdoptPlan, Fix, Input, SignIn, Start, Tick
from edge.domain.patrol import decide
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.state import Setting, State

OFFICER = "4711"
RUN_ON_S = 1000.0


@dataclass(frozen=True, slots=True)
class Metered:
    """What the rules made of a drive."""

    state: State
    events: tuple[Event, ...]

    @property
    def visits(self) -> list[VisitClosed]:
        """Every closed visit, in the order in which they opened."""
        closed = [event.data for event in self.events if isinstance(event.data, VisitClosed)]
        return sorted(closed, key=lambda visit: visit.opened)

    @property
    def stays(self) -> list[PresenceRecorded]:
        """Every stay, in the order in which they began."""
        stays = [event.data for event in self.events if isinstance(event.data, PresenceRecorded)]
        return sorted(stays, key=lambda stay: stay.began)


def play(setting: Setting, inputs: Iterable[Input], unit: str = "car-1") -> Metered:
    """Every input in turn, from an empty state."""
    state, events = State(unit, "test"), list[Event]()
    for given in inputs:
        state, more = decide(setting, state, given)
        events += more
    return Metered(state, tuple(events))


def drive(setting: Setting, patrols: Sequence[DirectedPatrol], fixes: Sequence[Fix]) -> Metered:
    """One officer's drive with the same patrols in every shift; time runs on until everything has ended."""
    first, last = fixes[0], fixes[-1]
    return play(setting, [*opening(setting, patrols, first, last), *fixes, Tick(last.mono + RUN_ON_S, 0.0)])


def opening(setting: Setting, patrols: Sequence[DirectedPatrol], first: Fix, last: Fix) -> list[Input]:
    """A start, a sign-in, and the plans of every shift that the drive touches."""
    shifts, utc = [setting.calendar.shift_at(first.utc)], first.utc
    while shifts[-1].ends <= last.utc + RUN_ON_S:
        shifts.append(setting.calendar.shift_at(shifts[-1].ends))
    mono = first.mono
    plans = [AdoptPlan(mono, Plan(shift.id, "all", 1, tuple(patrols))) for shift in shifts]
    return [Start(mono, "boot", utc, "test"), SignIn(mono, OFFICER), *plans]
