"""How patient the link is. A frozen value, so that a test gives its own."""

from dataclasses import dataclass

from edge.mqtt import timings as mqtt


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds."""

    connection: mqtt.Timings = mqtt.TIMINGS

    status_s: float = 15.0
    """From one status to the next."""

    ask_s: float = 3.0
    """Where headquarters has not answered the first status of a session: until the next; then twice as long."""

    listen_s: float = 15.0
    """Until what the broker did not let us receive is asked for again: its access list may have been corrected."""

    patience_s: float = 10.0
    """How long headquarters may stay silent while records are under way, before it is reported."""

    silence_s: float = 40.0
    """How long it may stay silent with nothing under way: it answers every status, and one goes out each 15 s."""

    repeat_s: float = 4.0
    """How long nothing new may be acknowledged before what is under way is sent again; twice as long each time, up to
    `patience_s`. For as long, too, it is no news that headquarters lacks the record it lacked before: it says so for
    each batch behind a gap."""

    behind_s: float = 3.0
    """How long headquarters must go on saying that it holds less than it did before that counts: receivers side by side
    may be overtaken by each other's answers, and a database that was put back from a backup can wait."""

    confirm_s: float = 30.0
    """How long a broker may confirm nothing of what it was sent, before the connection counts as dead."""

    drain_s: float = 3.0
    """For the last records to be acknowledged, once the link must stop."""

    goodbye_s: float = 1.0
    """For the broker to confirm the last status."""


TIMINGS = Timings()
