"""Cars that send what they have recorded for hardly any work of this machine's: what receives is measured, not they.

Each has a connection of its own, its messages in bytes beforehand, and a vehicle's own rule for which goes next. Must
not be used where a car's behaviour is tested.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.properties import VariableByteIntegers

from edge.contract.messages import Ack, Status, decode, encode
from edge.mqtt.broker import BrokerConfig, make_client
from edge.vehicle.link.outbound import record_properties
from edge.vehicle.link.sender import Sender
from tests.headquarters.ledgers import MORNING, TOPICS, Ledger

PATIENCE_S: Final = 300.0
PUBLISH_QOS_1: Final = b"\x32"


@dataclass(frozen=True, slots=True)
class Received:
    """Records a second, and how many of a hundred were sent more than once."""

    rate: float
    repeats: float


class Car:
    """A car that has recorded everything. ``held``: what headquarters has acknowledged."""

    def __init__(self, port: int, ledger: Ledger) -> None:
        self.ledger = ledger
        self.published = 0
        self._messages = [_message(ledger, seq) for seq in range(1, len(ledger.bodies) + 1)]
        self._sender = Sender(0)
        self._lock = threading.Lock()
        self._socket = _connected(port, f"fleet-{ledger.unit}")
        threading.Thread(target=_drain, args=(self._socket,), daemon=True).start()

    @property
    def held(self) -> int:
        """The last record acknowledged."""
        return self._sender.acknowledged

    def go_on(self, last: int) -> None:
        """Send what may be sent now, up to record ``last``."""
        with self._lock:
            self._sender.overdue(time.monotonic())
            after, room = self._sender.window()
            upto = min(after + room, last)
            if upto <= after:
                return
            self._socket.sendall(b"".join(self._messages[after:upto]))
            self._sender.sent(upto, time.monotonic())
            self.published += upto - after

    def answer(self, ack: Ack) -> None:
        """What headquarters holds."""
        lacking = ack.problem is not None and ack.problem.startswith("missing")
        with self._lock:
            self._sender.answer(ack.seq, time.monotonic(), lacking=lacking)

    def close(self) -> None:
        """End the connection."""
        self._socket.close()


class Fleet:
    """Cars, and one more connection over which they ask and are answered."""

    def __init__(self, port: int, ledgers: list[Ledger]) -> None:
        self._cars = {ledger.unit: Car(port, ledger) for ledger in ledgers}
        self._ready, self._news = threading.Event(), threading.Event()
        self._client = make_client("fleet", BrokerConfig(port=port))
        self._client.on_connect = lambda client, *_: client.subscribe(TOPICS.acks("+"), qos=1)
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._on_ack
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._ready.wait(PATIENCE_S)

    def deliver(self, count: int) -> Received:
        """Send so many records of each car, in all."""
        cars = self._cars.values()
        began, before = time.perf_counter(), sum(car.published for car in cars)
        new = sum(count - car.held for car in cars)
        while any(car.held < count for car in cars):
            assert time.perf_counter() - began < PATIENCE_S, {unit: car.held for unit, car in self._cars.items()}
            for car in cars:
                car.go_on(count)
            self._news.wait(0.5)
            self._news.clear()
        sent = sum(car.published for car in cars) - before
        return Received(new / (time.perf_counter() - began), 100.0 * (sent - new) / new)

    def ask(self) -> None:
        """Every car reports that it is there."""
        for unit, car in self._cars.items():
            last = len(car.ledger.bodies)
            status = Status(unit=unit, online=True, software="1", ledger=car.ledger.id, recorded=last, time=MORNING)
            self._client.publish(TOPICS.status(unit), encode(status), qos=1)

    def close(self) -> None:
        """Hang up."""
        for car in self._cars.values():
            car.close()
        self._client.disconnect()
        self._client.loop_stop()

    def _on_ack(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        ack = decode(Ack, bytes(message.payload))
        self._cars[ack.unit].answer(ack)
        self._news.set()


@contextmanager
def fleet(port: int, ledgers: list[Ledger]) -> Iterator[Fleet]:
    """A fleet that has reported."""
    cars = Fleet(port, ledgers)
    try:
        cars.ask()
        yield cars
    finally:
        cars.close()


def _message(ledger: Ledger, seq: int) -> bytes:
    """PUBLISH at QoS 1 (MQTT 5, 3.3); its packet identifier is the record's number."""
    body, hash_, topic = ledger.bodies[seq - 1], ledger.hashes[seq], TOPICS.events(ledger.unit).encode()
    properties: bytes = record_properties(ledger.unit, body, hash_).pack()  # type: ignore[no-untyped-call]  # paho's
    rest = len(topic).to_bytes(2) + topic + seq.to_bytes(2) + properties + body
    length: bytes = VariableByteIntegers.encode(len(rest))  # type: ignore[no-untyped-call]
    return PUBLISH_QOS_1 + length + rest


def _connected(port: int, name: str) -> socket.socket:
    """A connection that the broker has accepted; paho opens it, and has no more to do with it."""
    ready = threading.Event()
    client = make_client(name, BrokerConfig(port=port))
    client.on_connect = lambda *_: ready.set()
    client.connect("127.0.0.1", port, keepalive=0)
    while not ready.is_set():
        client.loop(1.0)
    opened = client.socket()
    assert opened is not None
    own = socket.socket(fileno=os.dup(opened.fileno()))
    own.setblocking(True)
    return own


def _drain(connection: socket.socket) -> None:
    """Read the broker's acknowledgements, which count for nothing."""
    try:
        while connection.recv(65_536):
            pass
    except OSError:
        return
