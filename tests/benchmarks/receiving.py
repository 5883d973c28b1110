"""How fast headquarters receives, commits and acknowledges, beside a bare paho subscriber that only counts.

The receiver is what is measured: all records are published first, into sessions that the broker keeps, and a
receiver's clock runs from its connecting until it is through. For the bare one that is the last message counted; for
headquarters (its whole daemon) the last car's last acknowledgement, back from the broker. Both sessions hold the same
messages, each receiver has a fresh process, and they take turns. Must not judge a figure.
"""

import multiprocessing
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.agency.build import build_agency
from edge.contract.messages import Ack, decode
from edge.headquarters.address import Address
from edge.headquarters.config import HeadquartersConfig, WebConfig
from edge.headquarters.daemon import Headquarters
from edge.headquarters.receive.link import GROUP
from edge.headquarters.receive.receiver import NAME
from edge.mqtt.broker import BrokerConfig, make_client
from edge.vehicle.link.outbound import record_properties
from tests.agency.square import write_square
from tests.brokers import Mosquitto, free_port
from tests.headquarters.ledgers import TOPICS, Ledger, a_busy_ledger
from tests.headquarters.postgres import empty_database

CARS: Final = 8
RECORDS: Final = 20_000
ROUNDS: Final = 3
CHUNK: Final = 128
"""Records a car sends in one go."""

PATIENCE_S: Final = 300.0
SESSIONS: Final = (f"roundsman-{TOPICS.agency}-{NAME}", "bare")
SHARED: Final = f"$share/{GROUP}/{TOPICS.events()}"
BROKER: Final = "max_queued_messages 0\nautosave_interval 0\n"

Receive = Callable[[int, int, Path], float]


def measure(
    cars: int = CARS, records: int = RECORDS, rounds: int = ROUNDS, *, server: bool = False
) -> tuple[float, float]:
    """Messages a second, headquarters' and the bare subscriber's: the median of each of their rounds.

    ``server``: headquarters stores them in PostgreSQL, else in SQLite.
    """
    ledgers = [a_busy_ledger(records // cars, f"car-{number}") for number in range(cars)]
    ours, alone = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)  # started by root, mosquitto drops to its own user
        build_agency(write_square(folder), folder / "agency")
        broker = Mosquitto(folder, BROKER)
        broker.start()
        try:
            for _ in range(rounds):
                _publish(broker.port, ledgers)
                with empty_database() if server else nullcontext(folder / f"{time.time_ns()}.sqlite") as database:
                    ours.append(records / _fresh(headquarters, broker.port, cars, records // cars, folder, database))
                alone.append(records / _fresh(bare, broker.port, records))
        finally:
            broker.stop()
    return median(ours), median(alone)


def headquarters(port: int, cars: int, last: int, folder: Path, database: Address) -> float:
    """Seconds until headquarters has acknowledged record ``last`` of every car."""
    awaited, done = {f"car-{number}" for number in range(cars)}, threading.Event()

    def on_ack(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        ack = decode(Ack, bytes(message.payload))
        if ack.seq == last:
            awaited.discard(ack.unit)
        if not awaited:
            done.set()

    ear = _session(port, "ear", TOPICS.acks("+"), on_ack)
    web = WebConfig(port=free_port())
    daemon = Headquarters(
        HeadquartersConfig(
            agency=folder / "agency",
            database=database,
            broker=BrokerConfig(port=port),
            web=web,
            anchors=folder / "hq.anchors",
        )
    )
    daemon.start_web()
    began = time.perf_counter()
    daemon.start_intake()
    daemon.start_link()
    assert done.wait(PATIENCE_S), f"not acknowledged: {awaited}"
    seconds = time.perf_counter() - began
    daemon.stop()
    _close(ear)
    return seconds


def bare(port: int, records: int) -> float:
    """Seconds until a subscriber that does nothing else has counted so many messages."""
    count, done = 0, threading.Event()

    def on_message(*_: object) -> None:
        nonlocal count
        count += 1
        if count == records:
            done.set()

    began = time.perf_counter()
    client = _session(port, SESSIONS[1], TOPICS.events(), on_message, plain=True)
    assert done.wait(PATIENCE_S), f"{count} of {records} came"
    seconds = time.perf_counter() - began
    _close(client)
    return seconds


def _publish(port: int, ledgers: list[Ledger]) -> None:
    """Have the broker keep every record for both receivers, the cars taking turns."""
    for name, topic in zip(SESSIONS, (SHARED, TOPICS.events()), strict=True):
        _close(_session(port, name, topic, lambda *_: None))
    client = _session(port, "cars", None, lambda *_: None)
    infos = [
        client.publish(TOPICS.events(ledger.unit), body, qos=1, properties=record_properties(ledger.unit, body, head))
        for ledger, body, head in _in_turn(ledgers)
    ]
    for info in infos:
        info.wait_for_publish(PATIENCE_S)
    _close(client)


def _in_turn(ledgers: list[Ledger]) -> Iterator[tuple[Ledger, bytes, bytes]]:
    for start in range(0, len(ledgers[0].bodies), CHUNK):
        for ledger in ledgers:
            for number in range(start, min(start + CHUNK, len(ledger.bodies))):
                yield ledger, ledger.bodies[number], ledger.hashes[number + 1]


def _session(port: int, name: str, topic: str | None, on_message: Any, *, plain: bool = False) -> mqtt.Client:
    """A session that the broker keeps, its subscription confirmed; ``plain``: of paho as it comes."""
    ready = threading.Event()
    client = (
        mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5)
        if plain
        else make_client(name, BrokerConfig(port=port))
    )
    client.on_message = on_message
    client.on_connect = lambda client, *_: client.subscribe(topic, qos=1) if topic else ready.set()
    client.on_subscribe = lambda *_: ready.set()
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho has no types here
    properties.SessionExpiryInterval = 3600
    client.connect("127.0.0.1", port, clean_start=False, properties=properties)
    client.loop_start()
    assert ready.wait(PATIENCE_S), "the broker does not answer"
    return client


def _close(client: mqtt.Client) -> None:
    client.disconnect()
    client.loop_stop()


def _fresh(receive: Callable[..., float], *given: object) -> float:
    """Call in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(receive, given)


if __name__ == "__main__":
    ours, alone = measure()
    print(f"headquarters {ours:,.0f}/s, bare {alone:,.0f}/s: {ours / alone:.2f}")  # noqa: T201 - what it is run for
