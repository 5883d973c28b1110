"""Headquarters' connection to the broker: subscribes to every vehicle, hands on what comes, sends what it is given.

Receivers side by side share one subscription to the records: the broker deals them out. Their sessions end with their
connections, lest the broker go on dealing to one that is gone: what it had comes again from the vehicles. What vehicles
say of themselves is retained, and each receiver hears all of it.

`edge.mqtt` connects and connects again. Must not look into a message, and must not wait for the database.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from edge.contract.topics import Topics
from edge.contract.vehicle_messages import MESSAGES
from edge.headquarters.parties import receiver
from edge.headquarters.receive.decoding import MAX_PAYLOAD, Received
from edge.headquarters.receive.receiver import NAME
from edge.mqtt.announcement import of_message
from edge.mqtt.broker import BrokerConfig, make_client
from edge.mqtt.connection import Connection
from edge.mqtt.connector import Connector
from edge.mqtt.dialler import Terms
from edge.mqtt.faults import Faults
from edge.mqtt.timings import TIMINGS, Timings

SHARED_REFUSED: Final = 0x9E
"""The broker knows no shared subscriptions."""

GROUP: Final = "headquarters"
"""Of the receivers that share a subscription."""

MAX_PACKET: Final = 2 * MAX_PAYLOAD
"""Bytes: the broker is told to send nothing larger."""

NONE: Final[Mapping[str, str]] = {}

log = logging.getLogger(__name__)


class Link:
    """One session with the broker, taken up again after every loss.

    ``connected``: whether the broker has taken the subscriptions in this connection; ``sessions``: how often it has.
    """

    def __init__(
        self,
        broker: BrokerConfig,
        topics: Topics,
        received: Callable[[Received], None],
        name: str = NAME,
        timings: Timings = TIMINGS,
    ) -> None:
        """``received`` takes each message; ``name``: the receiver's. Raises UserError where a certificate is none."""
        client_id = f"roundsman-{topics.agency}-{name}"
        make_client(client_id, broker)  # before anything is started
        self._broker = broker
        self._topics = topics
        self._received = received
        self._faults = Faults(broker, receiver(name))
        self._connector = Connector(broker, Terms(client_id, MAX_PACKET, resume=True), self._faults, timings)
        self._attempt_s = timings.attempt_s
        self._shared: int | None = None
        self._asked: set[int | None] = set()  # subscriptions that the broker has not answered yet
        self._refusal: str | None = None
        self._client: mqtt.Client | None = None  # while there is a session
        self.connected = False
        self.sessions = 0
        self.trouble: str | None = "not connected to the broker yet"

    def run(self, stop: threading.Event) -> None:
        """Stay connected until ``stop``."""
        self._connector.run(self, stop)

    def send(self, topic: str, payload: bytes, **properties: str) -> None:
        """Send an acknowledgement; without a connection it is dropped, as every status after it is answered anew."""
        self._publish(topic, payload, retain=False, properties=properties)

    def retain(self, topic: str, payload: bytes) -> None:
        """Have the broker retain a message; with no bytes, forget it."""
        self._publish(topic, payload, retain=True)

    def _publish(self, topic: str, payload: bytes, *, retain: bool, properties: Mapping[str, str] = NONE) -> None:
        """From any thread; the link's own writes it to the network."""
        client = self._client
        if client is not None:
            client.publish(topic, payload, qos=1, retain=retain, properties=of_message(properties))

    def connecting(self) -> None:
        """An attempt begins."""

    def prepare(self, client: mqtt.Client) -> None:
        """What it calls."""
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        client.on_socket_register_write = _left_to_the_loop

    def session(self, connection: Connection, stop: threading.Event) -> None:
        """From the broker's welcome until ``stop``."""
        topics, deadline = self._topics, time.monotonic() + self._attempt_s
        self._client, self._refusal = connection.client, None
        self._shared = self._subscribe(f"$share/{GROUP}/{topics.events()}")
        self._asked = {self._shared, self._subscribe(*map(topics.of_vehicle, MESSAGES))}
        try:
            while not stop.is_set():
                connection.turn()
                if not self.connected and time.monotonic() > deadline:
                    raise TimeoutError
            connection.leave()
        finally:
            self._client, self.connected = None, False

    def _subscribe(self, *topics: str) -> int | None:
        """Ask for topics; the number under which the broker answers."""
        assert self._client is not None  # noqa: S101 - in a session there is one
        return self._client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in topics])[1]

    def lost(self, why: str) -> None:
        """There is no connection."""
        if why != self.trouble:
            log.warning("%s", why)
        self.trouble = why

    def skipped(self, why: str) -> None:
        """A message could not be read."""
        log.warning("skipped a message that cannot be read: %s", why)

    def _on_subscribe(self, _client: mqtt.Client, _data: Any, mid: int, reasons: list[ReasonCode], _props: Any) -> None:
        self._asked.discard(mid)
        refused = [reason for reason in reasons if reason.is_failure]
        if mid == self._shared and [reason.value for reason in refused] == [SHARED_REFUSED]:
            log.warning("the broker has no shared subscriptions: every receiver is sent every record")
            self._asked.add(self._subscribe(self._topics.events()))
        elif refused:
            self._refusal = self._faults.of_listening("the vehicles", refused[0])
        if not self._asked:
            self.trouble = self._refusal
            self.sessions += 1
            self.connected = True
            log.info("%s", self.trouble or f"connected to the broker at {self._broker.host}:{self._broker.port}")

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        pairs = getattr(message.properties, "UserProperty", [])
        with contextlib.suppress(UnicodeDecodeError):  # a topic that is no UTF-8 is nobody's
            self._received(Received(message.topic, bytes(message.payload), dict(pairs)))


def _left_to_the_loop(*_: Any) -> None:
    """With this callback paho writes in its loop alone: two threads that write would mix their packets."""
