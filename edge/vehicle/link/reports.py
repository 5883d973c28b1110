"""The other vehicles' reports of their visits, each topic's last one alone and no more often than once a second.

A report is the whole truth of its vehicle, so an earlier one may be passed over; whoever sends a hundred a second gives
the engine no more to do. Must not read a report.
"""

from collections.abc import Iterator
from math import inf
from typing import Final

import paho.mqtt.client as mqtt

EVERY_S: Final = 1.0
MOST: Final = 500
"""Vehicles whose reports wait at one time."""

MOST_BYTES: Final = 4 * 2**20
"""What those that wait take: of an honest vehicle a week's visits are some 20 kB."""


class Reports:
    """Those that wait, and when each topic's last one was handed out."""

    def __init__(self) -> None:
        self._waiting: dict[str, mqtt.MQTTMessage] = {}
        self._read_at: dict[str, float] = {}

    def put(self, message: mqtt.MQTTMessage) -> None:
        """A report has come; it replaces one of its vehicle that waits."""
        others = [one for topic, one in self._waiting.items() if topic != message.topic]
        if len(others) < MOST and sum(len(one.payload) for one in (*others, message)) <= MOST_BYTES:
            self._waiting[message.topic] = message

    def due(self, now: float) -> Iterator[mqtt.MQTTMessage]:
        """Those to be read now (monotonic seconds)."""
        if not self._waiting:
            return
        self._read_at = {topic: at for topic, at in self._read_at.items() if now - at < EVERY_S}
        for topic in [topic for topic in self._waiting if now - self._read_at.get(topic, -inf) >= EVERY_S]:
            self._read_at[topic] = now
            yield self._waiting.pop(topic)
