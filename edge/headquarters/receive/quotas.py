"""What one vehicle may have stored in a time, so that none fills the disk or keeps the others waiting. No database.

A bucket a vehicle, which fills by and by: a long backlog passes at once, and what is beyond it is left for later, not
lost: it is not acknowledged, so the vehicle sends it again. A record costs its bytes, and one that is longer than any
of ours more than that. Must not refuse a record for what it says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from edge.headquarters.receive.decoding import Received

BURST: Final = 128 * 2**20
"""Bytes that a vehicle may have stored at once: two months of its records."""

PER_S: Final = 20_000.0
"""Bytes a second that it may have stored in the long run: forty records, of which a car makes one in some seconds."""

LEAST: Final = 512
"""What the shortest record costs."""

LONG: Final = 4_096
"""Bytes of a record from which on each costs more: one of 250 kB costs as much as sixty of its length."""

MOST: Final = 10_000
"""Vehicles of which it is known what they have left; those that have all of it are forgotten."""

RECORDS: Final = "/events"
"""What the topics of records end in."""


@dataclass(slots=True)
class Admitted:
    """What passes of a batch. ``left``: by topic, once it is stored; ``over``: how many are left for later."""

    messages: list[Received]
    left: dict[str, float] = field(default_factory=dict)
    over: dict[str, int] = field(default_factory=dict)


class Quotas:
    """The buckets. Each receiver has its own."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}  # by topic: what was left, and when (POSIX seconds)

    def admit(self, messages: Sequence[Received], now: float) -> Admitted:
        """What of a batch may be stored; from a vehicle's first record that may not, none of its may."""
        admitted = Admitted([])
        left, over, passed = admitted.left, admitted.over, admitted.messages
        for message in messages:
            topic = message.topic
            if topic.endswith(RECORDS):
                room = left.get(topic)
                if room is None:
                    room = self._room(topic, now)
                if room <= 0.0:
                    left[topic], over[topic] = room, over.get(topic, 0) + 1
                    continue
                left[topic] = room - cost(len(message.payload))
            passed.append(message)
        return admitted

    def stored(self, admitted: Admitted, now: float) -> None:
        """A batch is on disk: what it cost is spent."""
        for topic, left in admitted.left.items():
            self._buckets[topic] = (left, now)
        if len(self._buckets) > MOST:
            self._buckets = {topic: one for topic, one in self._buckets.items() if self._room(topic, now) < BURST}

    def _room(self, topic: str, now: float) -> float:
        left, at = self._buckets.get(topic, (float(BURST), now))
        return min(float(BURST), left + PER_S * max(0.0, now - at))


def cost(size: int) -> float:
    """What a record of so many bytes costs."""
    return max(LEAST, size) * max(1.0, size / LONG)
