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
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode

from edge.contract.messages import LARGEST_PACKET
from edge.contract.topics import Topics
from edge.contract.vehicle_messages import MESSAGES
from edge.headquarters.parties import receiver
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.outgoing import QUIET_S, Outgoing
from edge.headquarters.receive.receiver import NAME
from edge.mqtt.broker import BrokerConfig, make_client
from edge.mqtt.connection import Connection
from edge.mqtt.connector import Connector
from edge.mqtt.dialler import Terms
from edge.mqtt.faults import Faults
from edge.mqtt.limits import Limits
from edge.mqtt.probe import Probe
from edge.mqtt.subscriptions import Subscriptions
from edge.mqtt.timings import TIMINGS, Timings
from edge.text.words import Notice, say, word

GROUP: Final = "headquarters"
"""Of the receivers that share a subscription."""

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
        self._received = received
        self._faults = Faults(broker, receiver(name))
        self._connector = Connector(broker, Terms(client_id, LARGEST_PACKET, resume=True), self._faults, timings)
        self._attempt_s = timings.attempt_s
        self._events, messages = topics.events(), [*map(topics.of_vehicle, MESSAGES)]
        self._shared = f"$share/{GROUP}/{self._events}"
        self._subscriptions = Subscriptions([self._shared, *messages], {self._events, *messages})
        self._outgoing = Outgoing(self._faults, Probe(partial(self._subscriptions.probe, messages[0]), QUIET_S))
        self._lost: str | None = "not connected to the broker yet"
        self._refusal: str | None = None
        self.connected = False
        self.sessions = 0

    @property
    def trouble(self) -> str | None:
        """What does not work; None where all does."""
        return self._lost or self._refusal or self._outgoing.trouble

    @property
    def retains(self) -> bool:
        """Whether the broker retains what it is asked to."""
        return self._outgoing.retains

    def run(self, stop: threading.Event) -> None:
        """Stay connected until ``stop``."""
        self._connector.run(self, stop)

    def send(self, topic: str, payload: bytes, **properties: str) -> None:
        """Send an acknowledgement; without a connection it is dropped, as every status after it is answered anew."""
        self._outgoing.send(topic, payload, properties)

    def retain(self, topic: str, payload: bytes) -> None:
        """Have the broker retain a message; with no bytes, forget it."""
        self._outgoing.retain(topic, payload)

    def connecting(self) -> None:
        """An attempt begins."""

    def prepare(self, client: mqtt.Client, _limits: Limits) -> None:
        """What it calls; there is no last will."""
        client.on_message = self._on_message
        client.on_publish = self._outgoing.on_publish
        client.on_subscribe = self._on_subscribe
        client.on_socket_register_write = _left_to_the_loop

    def session(self, connection: Connection, stop: threading.Event) -> None:
        """From the broker's welcome until ``stop``."""
        deadline = time.monotonic() + self._attempt_s
        self._refusal = None
        self._outgoing.begin(connection)
        self._subscriptions.begin(connection, time.monotonic())
        self._without_shared()
        self._settle()
        try:
            while not stop.is_set():
                connection.turn()
                self._outgoing.tend(time.monotonic())
                if not self.connected and time.monotonic() > deadline:
                    raise TimeoutError
            connection.leave()
        finally:
            self._outgoing.end(time.monotonic())
            self._subscriptions.ended(time.monotonic())
            self.connected = False

    def lost(self, why: Notice) -> None:
        """There is no connection."""
        said = say(why)
        if said != self._lost:
            log.warning("%s", said)
        self._lost = said

    def skipped(self, why: str) -> None:
        """A message could not be read."""
        log.warning("skipped an unreadable message: %s", why)

    def _on_subscribe(self, _client: mqtt.Client, _data: Any, mid: int, reasons: list[ReasonCode], _props: Any) -> None:
        self._subscriptions.answered(mid, reasons, time.monotonic())
        self._outgoing.answered(mid)
        self._without_shared()
        self._settle()

    def _settle(self) -> None:
        """Once the broker has answered for every subscription: whether this is a session, and what it lacks."""
        if not self._subscriptions.settled:
            return
        refused = [*self._subscriptions.refused.values()]
        self._refusal = say(self._faults.of_listening((Notice("source.vehicles"),), refused[0])) if refused else None
        if not self.connected:
            self._lost = None
            self.sessions += 1
            self.connected = True
            log.info("%s", self.trouble or f"connected to the broker at {self._broker.host}:{self._broker.port}")

    def _without_shared(self) -> None:
        """Where the broker shares no subscriptions, every receiver asks for everything."""
        if (why := self._subscriptions.refused.pop(self._shared, None)) is not None:
            log.warning("no shared subscriptions (%s): every receiver gets every record", word("broker_reason", why))
            self._subscriptions.also(self._events, time.monotonic())

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        pairs = getattr(message.properties, "UserProperty", [])
        with contextlib.suppress(UnicodeDecodeError):  # a topic that is no UTF-8 is nobody's
            self._received(Received(message.topic, bytes(message.payload), dict(pairs)))


def _left_to_the_loop(*_: Any) -> None:
    """With this callback paho writes in its loop alone: two threads that write would mix their packets."""
