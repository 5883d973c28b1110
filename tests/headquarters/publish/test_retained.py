"""The plans that the broker must hold: said on each connection, cleared when their shift is over, all in time."""

from dataclasses import dataclass, field

import pytest

from edge.contract.agency import Agency
from edge.headquarters.publish.retained import EVERY_S, RetainedPlans
from edge.headquarters.store import Store, StoredDocument

NIGHT, DAY = "2026-11-22/night", "2026-11-23/day"


@dataclass
class Air:
    """A broker that writes down what it is to retain."""

    connected: bool = True
    sessions: int = 1
    retains: bool = True
    said: list[tuple[str, bytes]] = field(default_factory=list)

    def retain(self, topic: str, payload: bytes) -> None:
        """Note it."""
        self.said.append((topic, payload))


@dataclass
class Clock:
    """POSIX seconds, moved by the test."""

    now: float

    def __call__(self) -> float:
        """What it shows."""
        return self.now


@pytest.fixture
def night_ends(square_agency: Agency) -> float:
    return square_agency.calendar.shift(NIGHT).ends


def put(store: Store, shift: str, published: float = 1.0) -> None:
    store.put_signed(StoredDocument("plan", f"{shift} 1", 1, "analyst", "why", "d", shift.encode(), 0.0, published))


def topic(shift: str) -> str:
    return f"roundsman/v1/squaretown/hq/plan/1/{shift}"


def test_the_plans_are_said_once_a_connection(store: Store, square_agency: Agency, night_ends: float) -> None:
    """On the next connection again: the broker may have lost them. Without one nothing is said."""
    air, clock = Air(connected=False), Clock(night_ends - 3600)
    plans = RetainedPlans(square_agency, air, clock)
    put(store, NIGHT)
    plans.tend(store)
    assert air.said == []
    air.connected = True
    for _ in range(3):
        plans.tend(store)
        clock.now += EVERY_S
    assert air.said == [(topic(NIGHT), NIGHT.encode())]
    air.sessions = 2
    plans.tend(store)
    assert air.said[1:] == air.said[:1]


def test_a_plan_is_cleared_within_a_minute_of_its_shifts_end(
    store: Store, square_agency: Agency, night_ends: float
) -> None:
    """While connected, and once; the next shift's plan stays."""
    air, clock = Air(), Clock(night_ends - 30)
    plans = RetainedPlans(square_agency, air, clock)
    put(store, NIGHT)
    put(store, DAY)
    plans.tend(store)
    assert len(air.said) == 2
    for _ in range(5):
        clock.now += EVERY_S
        plans.tend(store)
    assert air.said[2:] == [(topic(NIGHT), b"")]


def test_a_clock_that_steps_back_does_not_stop_it(store: Store, square_agency: Agency, night_ends: float) -> None:
    """The minute is counted either way."""
    air, clock = Air(), Clock(night_ends + 90_000)
    plans = RetainedPlans(square_agency, air, clock)
    plans.tend(store)
    put(store, NIGHT)
    clock.now = night_ends - 3600
    plans.tend(store)
    assert air.said == [(topic(NIGHT), NIGHT.encode())]


def test_years_of_old_plans_are_not_read(store: Store) -> None:
    """Only those of the last days are looked at: 30,000 others would be read every minute."""
    put(store, "2019-01-01/night")
    assert store.newest_signed("plan", since="2026-11-01") == []
    put(store, DAY)
    assert [plan.slot for plan in store.newest_signed("plan", since="2026-11-01")] == [f"{DAY} 1"]


def test_plans_that_a_wrong_clock_had_retained_are_cleared(
    store: Store, square_agency: Agency, night_ends: float
) -> None:
    """Decades behind, every plan is one to come; by the right clock they are older than what is looked at."""
    air, clock = Air(), Clock(1000.0)
    plans = RetainedPlans(square_agency, air, clock)
    put(store, NIGHT)
    plans.tend(store)
    clock.now, air.sessions = night_ends + 30 * 86_400.0, 2
    plans.tend(store)
    assert air.said == [(topic(NIGHT), NIGHT.encode()), (topic(NIGHT), b"")]
