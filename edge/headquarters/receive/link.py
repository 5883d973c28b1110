"""Headquarters' connection to the broker: subscribes to every vehicle, hands on what comes, sends what it is given.

paho's own thread dies silently with an exception in a callback, so it is not used: `run` is the thread, and what goes
wrong in it ends it in sight of the daemon. Must not look into a message, and must not wait for the database.
"""

import contextlib
import logging
import ssl
import sys
from collections.abc import Callable
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from edge.contract.topics import Topics
from edge.headquarters.receive.decoding import MAX_PAYLOAD, Received
from edge.mqtt.broker import KEEPALIVE_S, BrokerConfig, make_client
from edge.mqtt.tolerant import tolerate

SESSION_EXPIRY_S: Final = 7 * 86_400
MAX_PACKET: Final = 2 * MAX_PAYLOAD
"""Bytes: the broker is told to send nothing larger."""

log = logging.getLogger(__name__)


class Link:
    """One session with the broker, taken up again after every loss. ``sessions``: how often there was a connection."""

    def __init__(self, broker: BrokerConfig, topics: Topics, received: Callable[[Received], None]) -> None:
        """``received`` takes each message."""
        self._broker = broker
        self._topics = topics
        self._received = received
        self._client = make_client(f"roundsman-hq-{topics.agency}", broker)
        tolerate(self._client, lambda why: log.warning("a message that cannot be read is passed over: %s", why))
        self._client.reconnect_delay_set(1, 30)
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self.connected = False
        self.sessions = 0
        self.trouble: str | None = "not connected yet"

    def run(self) -> None:
        """Stay connected until stopped."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho has no types here
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        properties.MaximumPacketSize = MAX_PACKET
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

    def retain(self, topic: str, payload: bytes) -> None:
        """Have the broker retain a message; with no bytes, forget it."""
        self._client.publish(topic, payload, qos=1, retain=True)

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
        self.trouble = None
        self.sessions += 1
        self.connected = True
        log.info("connected to the broker at %s:%d", self._broker.host, self._broker.port)

    def _on_connect_fail(self, _client: mqtt.Client, _data: Any) -> None:
        error = sys.exc_info()[1]  # paho calls this where it has caught it
        self.trouble = _why_not(error, f"{self._broker.host}:{self._broker.port}")

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _data: Any,
        _flags: mqtt.DisconnectFlags,
        reason: ReasonCode,
        _props: Properties | None,
    ) -> None:
        if self.connected or not reason.is_failure:  # else why the broker refuses is said already
            self.trouble = f"no connection to the broker: {reason}"
        self.connected = False
        if reason.is_failure:
            log.warning("%s", self.trouble)

    def _on_subscribe(
        self, _client: mqtt.Client, _data: Any, _mid: int, reasons: list[ReasonCode], _props: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self.trouble = "the broker does not let headquarters hear the vehicles; look at its access list"
            log.error("%s", self.trouble)

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        pairs = getattr(message.properties, "UserProperty", [])
        with contextlib.suppress(UnicodeDecodeError):  # a topic that is no UTF-8 is nobody's
            self._received(Received(message.topic, bytes(message.payload), dict(pairs)))


def _why_not(error: BaseException | None, where: str) -> str:
    """Why there is no connection to ``where``, in words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message
        return f"the broker's certificate at {where} does not hold ({why}); look at broker.ca, and at this clock"
    if isinstance(error, ssl.SSLError):
        return f"no TLS with the broker at {where} ({error.reason}); look at broker.cert and broker.key"
    return f"the broker cannot be reached at {where}"
