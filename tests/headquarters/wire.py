"""A small vehicle's end of the wire: publishes a ledger as the contract says, over a real broker."""

import time
from datetime import UTC, datetime
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.contract.messages import Ack, Status, decode, encode
from edge.mqtt.broker import BrokerConfig, make_client
from tests.headquarters.ledgers import TOPICS, Ledger
from tests.waiting import PATIENCE_S


class SmallCar:
    """Sends its ledger after each acknowledgement, a window at a time; goes back where headquarters lacks something."""

    def __init__(self, port: int, ledger: Ledger, window: int = 20) -> None:
        self.ledger = ledger
        self.acks: list[Ack] = []
        self.beside: list[tuple[bytes, dict[str, str]]] = []  # each one's bytes and user properties
        self.held = 0
        self.sent = 0
        self._window = window
        self._last_word = 0.0
        self._client = make_client(f"small-{ledger.unit}", BrokerConfig(port=port))
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
        self._client.loop_stop()

    def drive(self, goal: int, timeout_s: float = PATIENCE_S) -> None:
        """Go on until headquarters holds so many records; after a second's silence everything unacknowledged again."""
        end = time.monotonic() + timeout_s
        while self.held < goal:
            assert time.monotonic() < end, f"headquarters holds {self.held} of {goal}"
            if self._client.is_connected():
                self._go_on()
            time.sleep(0.005)

    def say_status(self) -> None:
        """Publish the standing."""
        unit, last = self.ledger.unit, len(self.ledger.events)
        status = Status(
            unit=unit, online=True, software="1", ledger=self.ledger.id, recorded=last, time=datetime.now(UTC)
        )
        self._client.publish(TOPICS.status(unit), encode(status), qos=1, retain=True)

    def publish(self, seq: int) -> None:
        """Publish one record."""
        message = self.ledger.message(seq)
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.UserProperty = [("specversion", "1.0"), *message.properties.items()]
        self._client.publish(message.topic, message.payload, qos=1, properties=properties)

    def _go_on(self) -> None:
        if time.monotonic() - self._last_word > 1.0:
            self.sent, self._last_word = self.held, time.monotonic()
            self.say_status()
        while self.sent < min(len(self.ledger.events), self.held + self._window):
            self.sent += 1
            self.publish(self.sent)

    def _on_connect(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe(TOPICS.acks(self.ledger.unit), qos=1)
        self.say_status()

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        ack = decode(Ack, bytes(message.payload))
        self.acks.append(ack)
        self.beside.append((bytes(message.payload), dict(getattr(message.properties, "UserProperty", ()))))
        self.held = max(self.held, ack.seq)
        if ack.problem:
            self.sent = ack.seq
        self._last_word = time.monotonic()
