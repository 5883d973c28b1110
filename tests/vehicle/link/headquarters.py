"""Both ends of a real wire: a link over a real ledger in its thread, and a small headquarters that acknowledges."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.contract import signed_acks
from edge.contract.agency import Agency
from edge.contract.messages import Ack, Status, decode, encode
from edge.contract.records import GENESIS, chain
from edge.contract.topics import Topics
from edge.domain.events import SignedIn
from edge.domain.state import Clock, State
from edge.mqtt.broker import BrokerConfig, make_client
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import Acknowledged, Item
from edge.vehicle.link.link import Link
from edge.vehicle.link.timings import TIMINGS, Timings
from edge.vehicle.store.ledger import Ledger, Reader
from edge.vehicle.view.snapshot import LinkView
from tests.contract.samples import event
from tests.waiting import PATIENCE_S

TOPICS = Topics("squaretown")
UNIT = "car-1"
NAMED: dict[str, str] = {}
"""What both ends say of themselves besides, at a broker that takes nobody without a name and a password."""


def signed_beside(payload: bytes, key: Ed25519PrivateKey) -> Properties:
    """The signature of an acknowledgement, as it travels."""
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    properties.UserProperty = [(signed_acks.PROPERTY, signed_acks.signature_of(payload, key))]
    return properties


@dataclass
class Seen:
    """One record as it came."""

    seq: int
    body: bytes
    properties: dict[str, str]


class Headquarters:
    """Stores the next record of the vehicle's ledger, and acknowledges unless ``silent``; signed with a ``key``."""

    def __init__(self, port: int) -> None:
        self.silent = False
        self.key: Ed25519PrivateKey | None = None
        self.came: list[Seen] = []
        self.held: list[bytes] = []
        self.statuses: list[Status] = []
        self.client = make_client("headquarters", BrokerConfig.model_validate({"port": port, **NAMED}))
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = self._on_connect
        self.client.on_message = self._on_message
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    @property
    def head(self) -> bytes:
        """The chain's hash over what is held."""
        value = GENESIS
        for body in self.held:
            value = chain(value, body)
        return value

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish retained."""
        self.client.publish(topic, payload, qos=1, retain=True).wait_for_publish(5.0)

    def acknowledge(self, seq: int | None = None, head: bytes | None = None, problem: str | None = None) -> None:
        """Say what is held, or claim something else."""
        said = len(self.held) if seq is None else seq
        ack = Ack(unit=UNIT, ledger=self.statuses[-1].ledger, seq=said, head=(head or self.head).hex(), problem=problem)
        properties = None if self.key is None else signed_beside(encode(ack), self.key)
        self.client.publish(TOPICS.acks(UNIT), encode(ack), qos=1, properties=properties)

    def close(self) -> None:
        """Go."""
        self.client.disconnect()
        self.client.loop_stop()

    def _on_connect(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe([(TOPICS.events(), 1), (TOPICS.status(), 1)])

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        if message.topic == TOPICS.status(UNIT):
            self.statuses.append(decode(Status, bytes(message.payload)))
            if not self.statuses[-1].online:
                return
        elif message.topic == TOPICS.events(UNIT):
            properties = dict(getattr(message.properties, "UserProperty", []))
            seen = Seen(int(properties["seq"]), bytes(message.payload), properties)
            self.came.append(seen)
            if seen.seq == len(self.held) + 1:
                self.held.append(seen.body)
        if not self.silent:
            self.acknowledge()


@contextmanager
def headquarters(port: int) -> Iterator[Headquarters]:
    with closing(Headquarters(port)) as made:
        yield made


class Car:
    """A link in its thread, over a real ledger."""

    def __init__(
        self,
        agency: Agency,
        broker: BrokerConfig,
        folder: Path,
        unit: str = UNIT,
        stop: threading.Event | None = None,
        timings: Timings = TIMINGS,
    ) -> None:
        self.unit = unit
        self.ledger = Ledger(folder / f"{unit}.sqlite3", unit)
        self.reader = Reader(folder / f"{unit}.sqlite3")
        self.state = State(unit, self.ledger.id, self.ledger.seq, clock=Clock(1.7e9, "gps"))
        self.posted: list[Item] = []
        self.views: list[LinkView] = [LinkView()]
        self.died: BaseException | None = None
        self._stop = stop or threading.Event()
        self._link = Link(
            agency,
            "2",
            broker,
            self.reader,
            lambda: self.state,
            self.posted.append,
            self.views.append,
            acknowledged=self.ledger.acknowledged,
            software="test",
            in_force=InForce(),
            timings=timings,
        )
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._link.run(self._stop)
        except BaseException as error:  # noqa: BLE001 - what the daemon's watchdog would report
            self.died = error

    def record(self, count: int) -> None:
        """Commit some records, then show the state after them, as the engine does."""
        first = self.ledger.seq + 1
        self.ledger.commit([event(SignedIn(), first + n, self.unit, self.ledger.id) for n in range(count)], b"")
        self.state = replace(self.state, seq=self.ledger.seq, mono=self.state.mono + 1.0)

    @property
    def view(self) -> LinkView:
        """What the screen shows of the link."""
        return self.views[-1]

    @property
    def acknowledged(self) -> int:
        """Where the cursor was last asked to go."""
        return next((item.seq for item in reversed(self.posted) if isinstance(item, Acknowledged)), 0)

    def bodies(self) -> list[bytes]:
        """The ledger."""
        return [body for _, body, _ in self.reader.after(0, 1_000_000)]

    def stop(self) -> None:
        """Ask it to end, and see that it does."""
        self._stop.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "still running after it was asked to stop"

    def close(self) -> None:
        """Stop, and close the ledger."""
        self.stop()
        self.reader.close()
        self.ledger.close()


@contextmanager
def car(
    agency: Agency, port: int, folder: Path, unit: str = UNIT, timings: Timings = TIMINGS, **broker: Any
) -> Iterator[Car]:
    made = Car(agency, BrokerConfig.model_validate({"port": port, **NAMED, **broker}), folder, unit, timings=timings)
    try:
        yield made
        assert made.died is None, f"the link's thread has ended: {made.died!r}"
    finally:
        made.close()
