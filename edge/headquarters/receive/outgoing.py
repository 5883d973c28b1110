"""What headquarters has the broker pass on: acknowledgments at once, retained documents one after the other.

A document that the broker cannot retain is held back and named, and stands in nobody's way: one too long for it, one
that it refuses, and one at which it ends the connection again and again. Must not choose what is published.
"""

import logging
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode

from edge.mqtt.announcement import of_message
from edge.mqtt.connection import Connection
from edge.mqtt.faults import Faults
from edge.mqtt.limits import TooLongError
from edge.mqtt.probe import Probe
from edge.mqtt.unconfirmed import Unconfirmed
from edge.text.words import say

CONFIRM_S: Final = 30.0
"""How long a broker may confirm nothing, before the connection counts as dead."""

QUIET_S: Final = 4.0
"""How long it may be quiet before it is asked something else."""

ENDS: Final = 3
"""So often a connection may end at a document."""

LEFT_OUT_S: Final = 600.0
"""For so long it is left out then: the broker's settings may have been corrected."""

RETAINS_NOTHING: Final = (
    "the broker does not keep retained messages, so vehicles may wait up to a minute for their plans after connecting; "
    "enable retained messages on the broker"
)

NONE: Final[Mapping[str, str]] = {}

log = logging.getLogger(__name__)


class Outgoing:
    """Over one session after another. `send` and `retain`: from any thread; the rest is the link's own."""

    def __init__(self, faults: Faults, probe: Probe) -> None:
        self._faults = faults
        self._probe = probe
        self._connection: Connection | None = None  # while there is a session
        self._unconfirmed: Unconfirmed[str] = Unconfirmed(CONFIRM_S, 1)  # topics
        self._published: deque[tuple[int, str]] = deque()
        self._confirmed: deque[tuple[int, ReasonCode]] = deque()
        self._documents: deque[tuple[str, bytes]] = deque()
        self._current: tuple[int, str, bytes] | None = None  # the document that the broker has not confirmed
        self._ends: Counter[str] = Counter()
        self._left_out: dict[str, float] = {}  # topics, and until when
        self._waiting: dict[str, bytes] = {}  # of these, what is to be retained then
        self._troubles: dict[str, str] = {}

    @property
    def retains(self) -> bool:
        """Whether the broker retains what it is asked to."""
        connection = self._connection
        return connection is None or connection.limits.retains

    @property
    def trouble(self) -> str | None:
        """Why something does not get out; None where all does."""
        troubles = [*self._troubles.values()] or ([] if self.retains else [RETAINS_NOTHING])
        return troubles[0] if troubles else None

    def send(self, topic: str, payload: bytes, properties: Mapping[str, str] = NONE) -> None:
        """Publish; dropped without a connection."""
        if (connection := self._connection) is not None:
            self._publish(connection, topic, payload, properties)

    def retain(self, topic: str, payload: bytes) -> None:
        """Publish to be retained, when the documents before are."""
        if self._connection is not None:
            self._documents.append((topic, payload))

    def begin(self, connection: Connection) -> None:
        """A session begins."""
        for one in (self._published, self._confirmed, self._documents, self._waiting):
            one.clear()
        self._current = None
        self._unconfirmed = Unconfirmed(CONFIRM_S, connection.limits.under_way)
        self._connection = connection

    def end(self, now: float) -> None:
        """The session is over."""
        self._connection = None
        if self._current is not None:
            topic = self._current[1]
            self._ends[topic] += 1
            if self._ends[topic] >= ENDS:
                self._left_out[topic] = now + LEFT_OUT_S
                self._say(topic, f"the broker closes the connection on {topic}")

    def tend(self, now: float) -> None:
        """See to confirmations, and to the next document. Raises LostError where the broker confirms nothing."""
        assert self._connection is not None  # noqa: S101 - in a session there is one
        self._settle(now)
        for topic in self._unconfirmed.passed():
            if self._current is not None and topic == self._current[1]:
                self._documents.appendleft(self._current[1:])
                self._current = None
        self._probe.tend(self._unconfirmed, now)
        self._connection.check(self._unconfirmed, now)
        self._documents.extend((topic, self._waiting.pop(topic)) for topic in self._due(now))
        while self._documents and self._current is None:
            self._retain(self._connection, *self._documents.popleft(), now)

    def answered(self, mid: int) -> None:
        """The broker has answered a subscription."""
        self._probe.answered(mid, self._unconfirmed)

    def on_publish(self, _client: mqtt.Client, _data: Any, mid: int, reason: ReasonCode, _properties: Any) -> None:
        """Called by paho; perhaps before the thread that published knows the number."""
        self._confirmed.append((mid, reason))

    def _settle(self, now: float) -> None:
        """Confirmations first: what they confirm was published before them, and is noted by now or soon."""
        confirmed = [self._confirmed.popleft() for _ in range(len(self._confirmed))]
        while self._published:
            self._unconfirmed.published(*self._published.popleft(), now)
        for mid, reason in confirmed:
            topic = self._unconfirmed.confirmed(mid, now)
            if self._current is not None and mid == self._current[0]:
                self._stored(self._current[1], reason)
                self._current = None
            elif topic is None and self._connection is not None and self._connection.limits.qos:
                self._confirmed.append((mid, reason))

    def _stored(self, topic: str, reason: ReasonCode) -> None:
        self._ends.pop(topic, None)
        self._left_out.pop(topic, None)
        if reason.is_failure:
            self._say(topic, say(self._faults.of_publishing(topic, reason)))
        else:
            self._troubles.pop(topic, None)

    def _due(self, now: float) -> list[str]:
        """What was left out for long enough."""
        return [topic for topic in self._waiting if self._left_out[topic] <= now]

    def _retain(self, connection: Connection, topic: str, payload: bytes, now: float) -> None:
        if self._left_out.get(topic, now) > now:
            self._waiting[topic] = payload
            return
        mid = self._publish(connection, topic, payload, NONE, retain=True)
        self._current = None if mid is None else (mid, topic, payload)

    def _publish(
        self, connection: Connection, topic: str, payload: bytes, beside: Mapping[str, str], *, retain: bool = False
    ) -> int | None:
        try:
            mid = connection.publish(topic, payload, of_message(beside), retain=retain)
        except TooLongError as error:
            self._say(topic, say(self._faults.of_length(topic, error)))
            return None
        if mid is not None:
            self._published.append((mid, topic))
        return mid

    def _say(self, topic: str, trouble: str) -> None:
        if self._troubles.get(topic) != trouble:
            log.warning("%s", trouble)
        self._troubles[topic] = trouble
