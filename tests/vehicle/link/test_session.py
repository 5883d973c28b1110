"""The small pure part of a session: which trouble the screen shows."""

from edge.text.words import Notice
from edge.vehicle.link.troubles import Troubles
from tests.words import shown


def test_the_gravest_trouble_is_shown_and_the_others_are_not_forgotten() -> None:
    """When it is over, the next one is."""
    troubles = Troubles()
    assert troubles.gravest() is None
    troubles.say("message", Notice("document.rejected", {"kind": "plan", "why": Notice("signature.not_agencys")}))
    troubles.say("connection", Notice("broker.stopped"))
    assert troubles.gravest() == Notice("link.connection", {"why": Notice("broker.stopped")}, "warning")
    assert shown(troubles.gravest()) == "The broker stopped answering."
    troubles.say("connection", None)
    assert not troubles.has("connection")
    assert shown(troubles.gravest()) == "Plan rejected: not signed with this agency's key."
