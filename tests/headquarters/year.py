"""A car's long times for the Shift Report: its own rules on the made plane, a database as headquarters has it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from edge.contract.records import encode_event
from edge.domain.events import Event
from edge.domain.inputs import AdoptPlan, Fix, Input, Pause, Resume, SignIn, Start
from edge.domain.patrol import decide
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Policy, Prescription
from edge.domain.shift import Calendar, ShiftRule
from edge.domain.state import Setting, State
from edge.headquarters.receive.projecting import catch_up
from edge.headquarters.reports.model import ShiftReport
from edge.headquarters.reports.shift import make_report
from edge.headquarters.store import Row, Store
from tests.oracle_plane import PLANE

AROUND_S = 80
PAUSED_S = 600.0
RULES = (ShiftRule("day", time(6)), ShiftRule("evening", time(14)), ShiftRule("night", time(22)))
OFTEN = Prescription(minutes=5.0, visits=24, spacing_s=0.0, cap_shift=1000, cap_7_days=1000)


def setting_of(zone: str) -> Setting:
    """The made plane in a zone, three shifts a day."""
    return Setting(PLANE, Policy(), Calendar(ZoneInfo(zone), RULES), ())


def shifts_of(zone: str, first: date, days: int) -> list[tuple[str, float, float]]:
    """Ids and instants of some days' shifts, by the standard library alone."""
    starts = [
        (f"{day.isoformat()}/{rule.name}", datetime.combine(day, rule.starts, ZoneInfo(zone)).timestamp())
        for day in (first + timedelta(days=number) for number in range(days + 1))
        for rule in RULES
    ]
    return [(name, at, until) for (name, at), (_, until) in pairwise(starts)][: 3 * days]


def around_each_boundary(shifts: Iterable[tuple[str, float, float]]) -> Iterable[Input]:
    """In box 1 from 80 s before the end of each shift to 80 s after; silence and a pause of 10 min amid each."""
    listed = list(shifts)
    zero = listed[0][1] - 1000.0
    yield Start(0.0, "a", zero, "t")
    yield SignIn(0.0, "1")
    for number, (name, starts, ends) in enumerate(listed):
        patrols = (DirectedPatrol((1, 0), ("robbery",), OFTEN),)
        yield AdoptPlan(starts - zero - AROUND_S - 1, Plan(name, "1", 1, patrols))
        for second in range(-AROUND_S if number else 0, AROUND_S + 1):
            mono = starts - zero + second
            yield Fix(zero + mono, mono, 0.00125, 0.00375, 5.0, 5.0)
        middle = (starts + ends) / 2.0 - zero
        yield Pause(middle, "station")
        yield Resume(middle + PAUSED_S)


def drive(setting: Setting, inputs: Iterable[Input], unit: str = "car-1") -> list[Event]:
    """What the rules record."""
    state, events = State(unit, "ledger-a"), list[Event]()
    for given in inputs:
        state, more = decide(setting, state, given)
        events += more
    return events


def store_all(store: Store, events: Iterable[Event]) -> None:
    """As headquarters keeps them; the chain is not what is tested here."""
    rows = []
    for event in events:
        body, when = encode_event(event), event.time.timestamp()
        kind, key = event.data.type, (event.unit, event.ledger, event.seq)
        rows.append(Row(*key, event.id, kind, event.shift, when, body, bytes(32), when))
    with store.transaction():
        store.append(rows)
    list(catch_up(store))


def report_of(store: Store, setting: Setting, shift: str) -> ShiftReport:
    """The report of a shift that is over, from the database's records of it."""
    found = setting.calendar.shift(shift)
    rows = store.shift_rows(shift, found.starts, found.ends)
    return make_report(found, rows, [], datetime.fromtimestamp(found.ends + 1e6, UTC))
