"""Who at headquarters has trouble with the broker, and what an administrator looks at."""

from typing import Final

from edge.mqtt.faults import Party

RECEIVER: Final = Party("headquarters", "check [broker] in its configuration, and the broker's access list")
