"""What the broker has not confirmed: how long that may be, and what a later confirmation or another answer shows."""

from edge.mqtt.probe import Probe
from edge.mqtt.unconfirmed import Unconfirmed

PATIENCE_S = 30.0


def two_of(one: Unconfirmed[str]) -> None:
    """A record's confirmation was lost, and a status follows."""
    one.published(1, "record", 0.0)
    one.published(2, "status", 15.0)


def test_a_broker_that_confirms_nothing_has_stalled() -> None:
    """Counted from the first publication it owes an answer for, and again from each answer."""
    one: Unconfirmed[str] = Unconfirmed(PATIENCE_S, 100)
    assert not one.stalled(1000.0)
    one.published(1, "status", 1000.0)
    one.published(2, "record", 1020.0)
    assert not one.stalled(1000.0 + PATIENCE_S - 0.1)
    assert one.stalled(1000.0 + PATIENCE_S)
    assert one.confirmed(1, 1000.0 + PATIENCE_S) == "status"
    assert not one.stalled(1000.0 + PATIENCE_S)
    assert one.stalled(1000.0 + 2 * PATIENCE_S)
    assert one.confirmed(2, 1070.0) == "record"
    assert not one.stalled(5000.0)


def test_a_confirmation_that_was_lost_is_noticed_by_the_next() -> None:
    """Statuses that are confirmed every 15 s do not hide it: it is told once, and is not on its way any more."""
    one: Unconfirmed[str] = Unconfirmed(PATIENCE_S, 100)
    two_of(one)
    assert (one.passed(), list(one.open)) == ([], ["record", "status"])
    assert one.confirmed(2, 15.1) == "status"
    assert (one.passed(), list(one.open)) == (["record"], [])
    assert one.passed() == []
    assert one.quiet_s(100.0) == 0.0


def test_a_confirmation_that_comes_late_after_all_is_one() -> None:
    """A broker may confirm in another order, and one may say anything."""
    one: Unconfirmed[str] = Unconfirmed(PATIENCE_S, 1)
    two_of(one)
    one.confirmed(2, 15.1)
    assert one.confirmed(1, 16.0) == "record"
    assert one.confirmed(1, 16.0) is None
    assert not one.starved()


def test_lost_confirmations_take_up_room_until_the_session_ends() -> None:
    """The broker lets four be under way: with three of them lost next to nothing is left, and a new one is due."""
    one: Unconfirmed[str] = Unconfirmed(PATIENCE_S, 4)
    for mid in range(1, 5):
        one.published(mid, "record", 0.0)
    assert one.confirmed(3, 0.1) == "record"
    assert not one.starved()
    one.published(5, "record", 0.2)
    one.confirmed(5, 0.3)
    assert one.starved()
    assert one.lacking == 3


def test_a_broker_that_is_quiet_is_asked_something_else() -> None:
    """Its answer shows that it lives, and will not confirm what came before the question; what came after may be."""
    one: Unconfirmed[str] = Unconfirmed(PATIENCE_S, 100)
    asked: list[float] = []

    def ask(now: float) -> int:
        asked.append(now)
        return 70 + len(asked)

    probe = Probe(ask, 4.0)
    one.published(1, "record", 0.0)
    for now in (0.0, 3.9, 4.0, 5.0, 7.9):
        probe.tend(one, now)
    assert asked == [4.0]
    one.published(2, "visits", 6.0)
    probe.answered(70, one)
    assert one.passed() == []
    probe.answered(71, one)
    assert (one.passed(), list(one.open)) == (["record"], ["visits"])
    probe.answered(71, one)
    assert one.passed() == []
    probe.tend(one, 8.0)
    assert asked == [4.0, 8.0]
