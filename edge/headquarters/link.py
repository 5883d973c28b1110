"""Headquarters' connection to the broker: subscribes to every vehicle, hands on what comes, sends what it is given.

paho's own thread dies silently with an exception in a callback, so it is not used: `run` is the thread, and what goes
wrong in it ends it in sight of the daemon. Must not look into a message, and must not wait for the database.
"""

import contextlib
import logging
from collections.abc import Callable
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from edge.contract.broker import KEEPALIVE_S, BrokerConfig, make_client
from edge.contract.topics import Topics
from edge.headquarters.receiver import Received

SESSION_EXPIRY_S: Final = 7 * 86_400

log = logging.getLogger(__name__)


class Link:
    """One session with the broker, taken up again after every loss."""

    def __init__(
        self,
        broker: BrokerConfig,
        topics: Topics,
        *,
        received: Callable[[Received], None],
        retained: Callable[[], list[tuple[str, bytes]]],
    ) -> None:
        """``received`` takes each message; ``retained`` is asked on each connection for what the broker must hold."""
        self._broker = broker
        self._topics = topics
        self._received = received
        self._retained = retained
        self._client = make_client(f"roundsman-hq-{topics.agency}", broker)
        self._client.reconnect_delay_set(1, 30)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self.connected = False
        self.trouble: str | None = "not connected yet"

    def run(self) -> None:
        """Stay connected until stopped."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho has no types here
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        self._client.connect_async(
            self._broker.host, self._broker.port, KEEPALIVE_S, clean_start=False, properties=properties
        )
        self._client.loop_forever(retry_first_connection=True)

    def stop(self) -> None:
        """End the session's connection; the broker keeps the session for a week."""
        self._client.disconnect()

    def send(self, topic: str, payload: bytes) -> None:
        """Send an acknowledgement; without a connection it is dropped, as every status after it is answered anew."""
        if self.connected:
            self._client.publish(topic, payload, qos=1)

    def _on_connect(
        self, client: mqtt.Client, _data: Any, _flags: mqtt.ConnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        if reason.is_failure:
            self.trouble = f"the broker refuses headquarters: {reason}"
            log.error("%s", self.trouble)
            return
        topics = self._topics
        wanted = (topics.events(), topics.status(), topics.visits())
        client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in wanted])
        for topic, payload in self._retained():
            client.publish(topic, payload, qos=1, retain=True)
        self.connected, self.trouble = True, None
        log.info("connected to the broker at %s:%d", self._broker.host, self._broker.port)

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _data: Any,
        _flags: mqtt.DisconnectFlags,
        reason: ReasonCode,
        _props: Properties | None,
    ) -> None:
        self.connected, self.trouble = False, f"no connection to the broker: {reason}"
        if reason.is_failure:
            log.warning("%s", self.trouble)

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        pairs = getattr(message.properties, "UserProperty", [])
        with contextlib.suppress(UnicodeDecodeError):  # a topic that is no UTF-8 is nobody's
            self._received(Received(message.topic, bytes(message.payload), dict(pairs)))
