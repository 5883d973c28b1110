"""Scripts for the rules, by the second: a car on the made plane of `tests.oracle_plane`, and what came of it.

Seconds count from 09:00 of the monotonic clock; box n lies from x = 250 n to 250 (n + 1) m. At the
same second inputs are taken in the order in which the script names them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from edge.domain.events import EventData, VisitClosed
from edge.domain.inputs import AdoptPlan, Fix, Input, MergeVisits, SignIn, Start, Tick
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Policy, Prescription
from edge.domain.state import Setting
from edge.domain.visits import VisitSummary
from tests.metering import OFFICER, RUN_ON_S, Metered, play
from tests.oracle_plane import CALENDAR, NINE, PLANE, fix

SETTING = Setting(PLANE, Policy(), CALENDAR, ("foot-patrol", "lighting"))
DAY, LATE = "2026-03-02/day", "2026-03-02/late"
BOUNDARY = 32_400


def at(start: int, stop: int, x: float, speed: float = 5.0, accuracy: float = 5.0) -> list[Fix]:
    """A fix a second in one place, from ``start`` up to, not with, ``stop``."""
    return [fix(mono, x, speed, accuracy) for mono in range(start, stop)]


def patrol(x: int, suppressed: str | None = None, prescription: Prescription | None = None) -> DirectedPatrol:
    """Box x, assigned for robbery with the default prescription."""
    return DirectedPatrol((x, 0), ("robbery",), prescription or Prescription(), suppressed=suppressed)


def adopt(mono: float, *patrols: DirectedPatrol, version: int = 1, shift: str = DAY) -> AdoptPlan:
    """A plan that takes force."""
    return AdoptPlan(mono, Plan(shift, "1", version, patrols))


def begin(patrols: Iterable[DirectedPatrol], officer: str | None = OFFICER) -> list[Input]:
    """A start at second 0, a sign-in, and the same patrols for the day and the late shift."""
    listed = tuple(patrols)
    signed = [] if officer is None else [SignIn(0.0, officer)]
    return [Start(0.0, "boot", NINE, "test"), *signed, adopt(0.0, *listed), adopt(0.0, *listed, shift=LATE)]


def meter(
    *script: Input | Sequence[Input],
    patrols: Iterable[DirectedPatrol] | None = None,
    officer: str | None = OFFICER,
    run_on: float = RUN_ON_S,
    unit: str = "car-1",
) -> Metered:
    """The script by its seconds, after `begin` with box 1 assigned; time runs on until everything has ended."""
    listed = [one for part in script for one in (part if isinstance(part, Sequence) else [part])]
    listed.sort(key=lambda one: one.mono)
    run_out = [Tick(listed[-1].mono + run_on, 0.0)] if run_on else []
    started = begin([patrol(1)] if patrols is None else patrols, officer)
    return play(SETTING, [*started, *listed, *run_out], unit)


def others(x: int, count: int, ended: float, *, shift: str = DAY, counted: bool = True) -> MergeVisits:
    """Visits of box x by so many other cars, told at second 0; each ended ``ended`` seconds after 09:00."""
    made = (
        VisitSummary(
            f"car-{n}:1", f"car-{n}", f"{x}-0", shift, NINE + ended - 900, NINE + ended, 900.0, counted, early=False
        )
        for n in range(12, 12 + count)
    )
    return MergeVisits(0.0, tuple(made))


def second(instant: datetime) -> float:
    """An event's instant in seconds after 09:00."""
    return round(instant.timestamp() - NINE, 3)


def accounts(metered: Metered) -> list[tuple[str, float, float, float]]:
    """Each closed visit's box, first and last second, dosage."""
    return [(one.box, second(one.opened), second(one.ended), one.dosage_s) for one in metered.visits]


def only(metered: Metered) -> VisitClosed:
    """The one visit there was."""
    (visit,) = metered.visits
    return visit


def presence(metered: Metered) -> list[tuple[str | None, float, float, float]]:
    """Each stay's box, first and last second, trusted seconds."""
    return [(one.box, second(one.began), second(one.ended), one.seconds) for one in metered.stays]


def said(metered: Metered, kind: type[EventData]) -> list[tuple[float, EventData]]:
    """The second and the data of every record of a kind."""
    return [(event.mono, event.data) for event in metered.events if isinstance(event.data, kind)]


def seconds_of(metered: Metered, kind: type[EventData]) -> list[float]:
    """The seconds at which records of a kind were made."""
    return [mono for mono, _ in said(metered, kind)]
