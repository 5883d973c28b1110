"""Who at headquarters has trouble with the broker, and what an administrator looks at."""

from typing import Final

from edge.mqtt.faults import Party
from edge.text.words import Notice, say

PUBLISHER: Final = Party("headquarters")


def receiver(name: str) -> Party:
    """One receiver, of several with a name each."""
    return Party("headquarters", name)


def twin_of(name: str) -> str:
    """What to say where two processes have one name."""
    return say(Notice("broker.twin", {"name": name}))
