"""The small pure parts of a session: what the broker has not confirmed, and which trouble the screen shows."""

from edge.text.words import Notice
from edge.vehicle.link.confirmations import Confirmations
from edge.vehicle.link.troubles import Troubles

CONFIRM_S = 30.0


def test_a_broker_that_confirms_nothing_has_stalled() -> None:
    """Counted from the first publication it owes an answer for, and again from each answer."""
    one = Confirmations(CONFIRM_S)
    assert not one.stalled(1000.0)
    one.published(1, "status", 1000.0)
    one.published(2, "records", 1020.0)
    assert not one.stalled(1000.0 + CONFIRM_S - 0.1)
    assert one.stalled(1000.0 + CONFIRM_S)
    assert one.confirmed(1, 1000.0 + CONFIRM_S) == "status"
    assert not one.stalled(1000.0 + CONFIRM_S)
    assert one.stalled(1000.0 + 2 * CONFIRM_S)
    assert one.confirmed(2, 1070.0) == "records"
    assert not one.stalled(5000.0)


def test_a_confirmation_of_nothing_is_nothing() -> None:
    """A broker may say anything."""
    assert Confirmations(CONFIRM_S).confirmed(7, 0.0) is None


def test_records_that_have_not_reached_the_broker_are_known() -> None:
    """Only they: a status on its way does not keep records from being repeated."""
    one = Confirmations(CONFIRM_S)
    one.published(1, "status", 0.0)
    assert not one.awaits_records()
    one.published(2, "records", 0.0)
    assert one.awaits_records()
    one.confirmed(2, 0.0)
    assert not one.awaits_records()


def test_the_gravest_trouble_is_shown_and_the_others_are_not_forgotten() -> None:
    """When it is over, the next one is."""
    troubles = Troubles()
    assert troubles.gravest() is None
    troubles.say("message", "plan rejected")
    troubles.say("connection", "no broker")
    assert troubles.gravest() == Notice("link.connection", {"why": "No broker."}, "warning")
    troubles.say("connection", "")
    assert not troubles.has("connection")
    assert troubles.gravest() == Notice("link.message", {"why": "Plan rejected."}, "warning")
