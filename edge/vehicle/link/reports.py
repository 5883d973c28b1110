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


class Reports:
    """Those that wait, and when each topic's last one was handed out."""

    def __init__(self) -> None:
        self._waiting: dict[str, mqtt.MQTTMessage] = {}
        self._read_at: dict[str, float] = {}

    def put(self, message: mqtt.MQTTMessage) -> None:
        """A report has come; it replaces one of its vehicle that waits."""
        if message.topic in self._waiting or len(self._waiting) < MOST:
            self._waiting[message.topic] = message

    def due(self, now: float) -> Iterator[mqtt.MQTTMessage]:
        """Those to be read now (monotonic seconds)."""
        if not self._waiting:
            return
        self._read_at = {topic: at for topic, at in self._read_at.items() if now - at < EVERY_S}
        for topic in [topic for topic in self._waiting if now - self._read_at.get(topic, -inf) >= EVERY_S]:
            self._read_at[topic] = now
            yield self._waiting.pop(topic)
