"""A broker that throttles, drops or loses confirmations: on a virtual clock, all records get through, and in time."""

import pytest

from edge.vehicle.link.pace import FREE, Pace
from tests.vehicle.link.throttling import Bucket, Calendar, Run

LIMIT_S = 45.0
"""For 3,000 records at 100 a second, which take 30 at best."""


@pytest.mark.parametrize("rtt_s", [0.01, 0.06, 0.3])
@pytest.mark.parametrize("kind", ["bucket", "small bucket", "by the clock"])
@pytest.mark.parametrize("hangs_up", [False, True])
def test_3000_records_at_100_a_second_take_no_longer_than_45_s(rtt_s: float, kind: str, hangs_up: bool) -> None:
    """Whether what is too much is dropped without a word, or the broker hangs up; it does that a few times at most."""
    takes = {
        "bucket": Bucket(100, 100).takes,
        "small bucket": Bucket(100, 10).takes,
        "by the clock": Calendar(100).takes,
    }
    run = Run(3_000, takes[kind], rtt_s=rtt_s, hangs_up=hangs_up)
    assert run.seconds() <= LIMIT_S
    assert run.sessions <= (6 if hangs_up else 1)


@pytest.mark.parametrize("room", [10, 20])
def test_with_little_room_lost_confirmations_cost_a_few_sessions(room: int) -> None:
    """A receive maximum of so many: what is lost takes up room, so the session is renewed, but not in a loop."""
    run = Run(3_000, Bucket(100, 100).takes, rtt_s=0.01, room=room)
    assert run.seconds() <= LIMIT_S
    assert run.sessions <= 10


def test_a_broker_that_only_loses_confirmations_slows_nothing() -> None:
    """Headquarters has the records and says so: that is no reason to send fewer."""
    run = Run(3_000, Bucket(100, 10).takes, delivers=True)
    assert run.seconds() <= 5.0
    assert run.sessions == 1


@pytest.mark.parametrize("delivers", [False, True])
def test_a_lost_confirmation_of_a_shifts_last_record_costs_less_than_a_minute(delivers: bool) -> None:
    """Whether the record was lost with it or not: within one session, though every status is confirmed."""
    publications = iter(range(1, 1_000))
    run = Run(1, lambda _now: next(publications) != 2, delivers=delivers)
    assert run.seconds() <= 60.0
    assert run.sessions == 1


def test_a_broker_that_confirms_nothing_any_more_is_left_for_a_new_session() -> None:
    """Within a minute, and all is well then."""
    publications = iter(range(1, 100_000))
    run = Run(500, lambda _now: not 100 <= next(publications) < 200)
    assert run.seconds() <= 60.0


def test_what_is_lost_at_leisure_says_nothing_of_a_limit() -> None:
    """One record a minute, now and then one lost: a backlog after it goes as fast as it can."""
    pace = Pace()
    for minute in range(10):
        now = 60.0 * minute
        assert pace.room(now) is None
        pace.sent(1, now)
        pace.confirmed(now + 0.1)
        pace.dropped(1, now + 4.0)
    assert pace.room(700.0) is None


def test_a_limit_that_is_lifted_is_noticed() -> None:
    """Within a few minutes records go as fast as they can again, for a lost one here and there is no limit."""
    pace, now = Pace(), 0.0
    for _ in range(200):
        now += 0.01
        pace.sent(1, now)
        pace.confirmed(now)
    pace.dropped(10, now)
    assert pace.room(now) == 0
    while (room := pace.room(now)) is not None:
        pace.sent(room, now)
        for _ in range(room):
            pace.confirmed(now)
        now += 0.1
        assert now < 300.0
    assert FREE > 1_000
