"""Who at headquarters has trouble with the broker, and what an administrator looks at."""

from typing import Final

from edge.mqtt.faults import Party

ADVICE: Final = "check [broker] in its configuration, and the broker's access list"
PUBLISHER: Final = Party("headquarters", ADVICE)


def receiver(name: str) -> Party:
    """One receiver, of several with a name each."""
    return Party("headquarters", ADVICE, twin_of(name))


def twin_of(name: str) -> str:
    """What to say where two processes have one name."""
    return f"another headquarters process runs as {name}; give each its own `name` in its configuration"
