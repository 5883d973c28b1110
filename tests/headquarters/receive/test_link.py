"""Headquarters' connection: no message of one vehicle can take the others' from it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread, current_thread

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.contract.messages import LARGEST_PACKET
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.link import Link
from edge.mqtt.broker import BrokerConfig, make_client
from edge.mqtt.timings import TIMINGS, Timings
from tests.brokers import Mosquitto, free_port, running
from tests.certificates import Authority
from tests.headquarters.ledgers import TOPICS
from tests.strict_broker import strict
from tests.waiting import PATIENCE_S, wait_for


@dataclass
class Ear:
    """A link and what it hands on."""

    port: int
    heard: list[Received] = field(default_factory=list)
    timings: Timings = TIMINGS
    tls: dict[str, Path] = field(default_factory=dict)
    name: str = "receiver-1"

    def __post_init__(self) -> None:
        broker = BrokerConfig(port=self.port, **self.tls)
        self.link = Link(broker, TOPICS, self.heard.append, self.name, self.timings)
        self._stop = Event()
        self._thread = Thread(target=self.link.run, args=(self._stop,), name="link", daemon=True)
        self._thread.start()

    def payloads(self) -> list[bytes]:
        """What came."""
        return [message.payload for message in self.heard]

    def close(self) -> None:
        """Hang up."""
        self._stop.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@pytest.fixture
def ear(mosquitto: Mosquitto) -> Iterator[Ear]:
    opened = Ear(mosquitto.port)
    wait_for(lambda: opened.link.connected)
    yield opened
    opened.close()


@pytest.fixture
def car(mosquitto: Mosquitto) -> Iterator[mqtt.Client]:
    """Any client that may publish."""
    client = make_client("car-1", BrokerConfig(port=mosquitto.port))
    client.connect("127.0.0.1", mosquitto.port)
    client.loop_start()
    yield client
    client.disconnect()
    client.loop_stop()


def beside(**values: object) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    for name, value in values.items():
        setattr(properties, name, value)
    return properties


@pytest.mark.parametrize("retain", [False, True])
@pytest.mark.parametrize(
    "properties", [{"UserProperty": [("ledger", "\ufeff")]}, {"ContentType": "\ufeff"}, {"ResponseTopic": "a\ufeff"}]
)
def test_a_message_that_paho_cannot_read_is_passed_over(
    properties: dict[str, object], retain: bool, ear: Ear, car: mqtt.Client, mosquitto: Mosquitto
) -> None:
    """The connection stays, what comes after it comes, and on the next connection it stands in nobody's way."""
    car.publish(TOPICS.visits("car-1"), b"bad", qos=1, retain=retain, properties=beside(**properties))
    car.publish(TOPICS.visits("car-1"), b"good", qos=1)
    wait_for(lambda: b"good" in ear.payloads())
    assert ear.payloads() == [b"good"]
    assert ear.link.sessions == 1
    ear.close()
    again = Ear(mosquitto.port)
    wait_for(lambda: again.link.connected)
    car.publish(TOPICS.visits("car-1"), b"later", qos=1)
    wait_for(lambda: b"later" in again.payloads())
    assert set(again.payloads()) <= {b"good", b"later"}  # a confirmation may have been on its way when it hung up
    assert again.link.sessions == 1
    again.close()


def test_a_message_beyond_all_bounds_is_not_even_sent(ear: Ear, car: mqtt.Client) -> None:
    """The broker is told how much headquarters takes; the next message comes."""
    car.publish(TOPICS.visits("car-1"), bytes(LARGEST_PACKET), qos=1)
    car.publish(TOPICS.visits("car-1"), b"good", qos=1)
    wait_for(lambda: b"good" in ear.payloads())
    assert ear.payloads() == [b"good"]


def test_a_broker_that_is_not_there_is_told_with_its_address() -> None:
    """In words, while it is tried again."""
    port = free_port()
    ear = Ear(port)
    wait_for(lambda: ear.link.trouble == f"cannot reach the broker: nothing is listening at 127.0.0.1:{port}")
    ear.close()


def test_what_the_broker_does_not_let_headquarters_hear_is_told() -> None:
    """A subscription refused (mosquitto grants all of them; other brokers do not): connected, deaf, and says so."""
    with strict(deaf_to="/events") as broker:
        ear = Ear(broker.port)
        wait_for(lambda: ear.link.connected)
        assert told(ear).startswith(
            "the broker does not allow headquarters to receive from the vehicles (Not authorized"
        )
        assert "access list" in told(ear)
        ear.close()


def test_receivers_with_a_name_each_share_the_records_and_hear_every_status(ear: Ear, car: mqtt.Client) -> None:
    """Neither takes the other's place; a record comes to one of them, what is retained to both."""
    other = Ear(ear.port, name="receiver-2")
    wait_for(lambda: other.link.connected)
    for number in range(20):
        car.publish(TOPICS.events("car-1"), str(number), qos=1)
    car.publish(TOPICS.status("car-1"), b"status", qos=1)
    wait_for(lambda: b"status" in ear.payloads() and b"status" in other.payloads())
    wait_for(lambda: len(ear.heard) + len(other.heard) == 22)
    assert min(len(ear.heard), len(other.heard)) > 5
    assert (ear.link.sessions, other.link.sessions) == (1, 1)
    other.close()


def test_a_broker_that_freezes_is_noticed_and_taken_up_again(mosquitto: Mosquitto) -> None:
    """After twice the keepalive; the same session goes on when it thaws."""
    ear = Ear(mosquitto.port, timings=Timings(keepalive_s=1, attempt_s=1.0, back_off_s=(0.1,)))
    wait_for(lambda: ear.link.connected)
    mosquitto.freeze()
    wait_for(lambda: ear.link.trouble == "the broker stopped answering")
    wait_for(lambda: str(ear.link.trouble).startswith("cannot reach the broker: no answer from 127.0.0.1:"))
    mosquitto.thaw()
    wait_for(lambda: ear.link.connected and ear.link.trouble is None)
    ear.close()


def test_a_revoked_headquarters_is_told_and_needs_no_restart(tmp_path: Path) -> None:
    """In the words that the cars use, with what its administrator looks at; forgiven, it is back by itself."""
    authority = Authority(tmp_path)
    own, broker_own = authority.issue("headquarters"), authority.issue("broker")
    authority.revoke([own])
    asked = f"cafile {authority.ca}\ncrlfile {authority.crl}\nrequire_certificate true\n"
    with running(tmp_path, f"certfile {broker_own.cert}\nkeyfile {broker_own.key}\n{asked}") as broker:
        ear = Ear(broker.port, tls={"ca": authority.ca, "cert": own.cert, "key": own.key})
        wait_for(lambda: "the broker refused headquarters' certificate: it was revoked; check [broker]" in told(ear))
        authority.revoke()
        broker.reload()
        wait_for(lambda: ear.link.connected and ear.link.trouble is None)
        ear.close()


def told(ear: Ear) -> str:
    """What headquarters says of its connection."""
    return str(ear.link.trouble)


def test_what_another_thread_sends_is_written_by_the_links_own(ear: Ear, car: mqtt.Client) -> None:
    """Two threads that write to one socket would mix their packets when it is full."""
    got: list[bytes] = []
    car.on_message = lambda _client, _data, message: got.append(bytes(message.payload))
    car.subscribe(TOPICS.acks("car-1"), 1)
    connection, writers = ear.link._outgoing._connection, set[str]()
    assert connection is not None
    client = connection.client
    write = client._packet_write

    def noting() -> MQTTErrorCode:
        writers.add(current_thread().name)
        return write()

    client._packet_write = noting  # type: ignore[method-assign]

    def arrived() -> bool:
        ear.link.send(TOPICS.acks("car-1"), b"ack")  # again and again: the car may not listen yet
        return b"ack" in got

    wait_for(arrived)
    assert writers == {"link"}
