"""Headquarters' connection to the broker: subscribes to every vehicle, hands on what comes, sends what it is given.

`edge.mqtt` connects and connects again. Must not look into a message, and must not wait for the database.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from edge.contract.topics import Topics
from edge.headquarters.parties import RECEIVER
from edge.headquarters.receive.decoding import MAX_PAYLOAD, Received
from edge.mqtt.announcement import of_message
from edge.mqtt.broker import BrokerConfig, make_client
from edge.mqtt.connection import Connection
from edge.mqtt.connector import Connector
from edge.mqtt.dialler import Terms
from edge.mqtt.faults import Faults
from edge.mqtt.timings import TIMINGS, Timings

SESSION_EXPIRY_S: Final = 7 * 86_400
MAX_PACKET: Final = 2 * MAX_PAYLOAD
"""Bytes: the broker is told to send nothing larger."""

NONE: Final[Mapping[str, str]] = {}

log = logging.getLogger(__name__)


class Link:
    """One session with the broker, taken up again after every loss. ``sessions``: how often there was a connection."""

    def __init__(
        self,
        broker: BrokerConfig,
        topics: Topics,
        received: Callable[[Received], None],
        timings: Timings = TIMINGS,
    ) -> None:
        """``received`` takes each message. Raises UserError where a certificate file cannot be read."""
        name = f"roundsman-hq-{topics.agency}"
        make_client(name, broker)  # before anything is started
        self._broker = broker
        self._topics = topics
        self._received = received
        self._faults = Faults(broker, RECEIVER)
        self._connector = Connector(broker, Terms(name, MAX_PACKET, SESSION_EXPIRY_S), self._faults, timings)
        self._client: mqtt.Client | None = None  # while there is a session
        self.sessions = 0
        self.trouble: str | None = "not connected to the broker yet"

    @property
    def connected(self) -> bool:
        """Whether there is a session."""
        return self._client is not None

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
        """From the broker's welcome until ``stop``. The broker keeps the session for a week."""
        topics = self._topics
        wanted = (topics.events(), topics.status(), topics.visits())
        connection.client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in wanted])
        self.trouble = None
        self.sessions += 1
        self._client = connection.client
        log.info("connected to the broker at %s:%d", self._broker.host, self._broker.port)
        try:
            while not stop.is_set():
                connection.turn()
            connection.leave()
        finally:
            self._client = None

    def lost(self, why: str) -> None:
        """There is no connection."""
        if why != self.trouble:
            log.warning("%s", why)
        self.trouble = why

    def skipped(self, why: str) -> None:
        """A message could not be read."""
        log.warning("skipped a message that cannot be read: %s", why)

    def _on_subscribe(
        self, _client: mqtt.Client, _data: Any, _mid: int, reasons: list[ReasonCode], _props: Any
    ) -> None:
        refused = [reason for reason in reasons if reason.is_failure]
        if refused:
            self.trouble = self._faults.of_listening("the vehicles", refused[0])
            log.error("%s", self.trouble)

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        pairs = getattr(message.properties, "UserProperty", [])
        with contextlib.suppress(UnicodeDecodeError):  # a topic that is no UTF-8 is nobody's
            self._received(Received(message.topic, bytes(message.payload), dict(pairs)))


def _left_to_the_loop(*_: Any) -> None:
    """With this callback paho writes in its loop alone: two threads that write would mix their packets."""
