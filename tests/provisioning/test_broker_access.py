"""The access list and settings that are shipped, on a real mosquitto: who may write and read what, and who is who."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Final

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import LARGEST_PACKET
from edge.contract.signed_kinds import DISPATCH, KINDS
from edge.contract.topics import Topics
from edge.contract.vehicle_messages import MESSAGES
from edge.headquarters.publish.connection import connected_publisher
from edge.headquarters.receive.link import Link
from edge.mqtt.broker import BrokerConfig, make_client
from tests.brokers import Mosquitto
from tests.certificates import Authority
from tests.provisioning.clients import Client
from tests.shipped_broker import SHIPPED, shipped_broker
from tests.waiting import wait_for

TOPICS: Final = Topics("squaretown")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who signs everybody's certificate."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def broker(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """Squaretown's, as shipped."""
    with shipped_broker(tmp_path_factory.mktemp("broker") / "mosquitto", authority) as running:
        yield running


def config(name: str, authority: Authority, broker: Mosquitto) -> BrokerConfig:
    """How somebody of a name reaches the broker."""
    own = authority.issue(name)
    return BrokerConfig(port=broker.port, ca=authority.ca, cert=own.cert, key=own.key)


@contextmanager
def connected(name: str, authority: Authority, broker: Mosquitto, client_id: str | None = None) -> Iterator[Client]:
    """Somebody with the certificate of a name, whatever it calls itself."""
    client = Client(config(name, authority, broker), client_id or name)
    try:
        yield client
    finally:
        client.close()


def test_a_car_writes_only_its_own_topics(authority: Authority, broker: Mosquitto) -> None:
    """Every message of the table, its records; nothing of another car's, nothing of headquarters', nothing else."""
    with connected("car-1", authority, broker) as car:
        for own in (TOPICS.events("car-1"), *(TOPICS.of_vehicle(name, "car-1") for name in MESSAGES)):
            assert car.writes(own), own
        for other in (
            *(TOPICS.of_vehicle(name, "car-2") for name in MESSAGES),
            TOPICS.events("car-2"),
            TOPICS.acks("car-1"),
            TOPICS.hq("context"),
            TOPICS.hq("plan/1/2026-11-22/night"),
            TOPICS.base,
            Topics("roundtown").status("car-1"),
            "$SYS/broker/version",
            "anything",
        ):
            assert not car.writes(other), other


def test_a_car_reads_its_own_the_fleets_visits_and_what_headquarters_publishes(
    authority: Authority, broker: Mosquitto
) -> None:
    """Every signed kind that travels; no other car's records or status, and no acknowledgment of another's."""
    travels = [kind for kind in KINDS.values() if kind.topic is not None]
    kinds = [kind.topics_for(TOPICS, "1", "car-1").replace("+", "x") for kind in travels if kind.for_vehicles]
    others = [kind.topics_for(TOPICS, "1", "car-1").replace("+", "x") for kind in travels if not kind.for_vehicles]
    with (
        connected("receiver-1", authority, broker) as hq,
        connected("car-2", authority, broker) as other,
        connected("car-1", authority, broker) as car,
    ):
        fleet = {TOPICS.of_vehicle(name, "car-2"): row.fleet for name, row in MESSAGES.items()}
        fleet[TOPICS.events("car-2")] = False
        car.listens("#", f"{TOPICS.base}/#", "$SYS/#")
        assert all(map(other.writes, fleet))
        not_own = [TOPICS.acks("car-2"), DISPATCH.topic_of_slot(TOPICS, "car-2")]
        assert all(map(hq.writes, [*kinds, *others, *not_own, TOPICS.acks("car-1")]))
        last = TOPICS.status("car-1")
        assert car.writes(last)
        wait_for(lambda: last in car.heard)  # what came before it has come
        assert {*kinds, TOPICS.acks("car-1"), *(topic for topic, read in fleet.items() if read)} <= set(car.heard)
        assert {topic for topic, read in fleet.items() if not read}.isdisjoint(car.heard)
        assert {*not_own, *others}.isdisjoint(car.heard)
        assert not [topic for topic in car.heard if topic.startswith("$")]


@pytest.mark.parametrize("name", ["receiver-1", "receiver-2", "publisher", "console"])
def test_each_process_of_headquarters_has_its_own_part(name: str, authority: Authority, broker: Mosquitto) -> None:
    """A receiver acknowledges; the commands publish and acknowledge nothing; the pages only look."""
    with connected(name, authority, broker) as hq, connected("car-7", authority, broker) as car:
        assert hq.writes(TOPICS.hq("context")) == (name != "console")
        assert hq.writes(TOPICS.acks("car-7")) == name.startswith("receiver")
        assert not hq.writes(TOPICS.events("car-7"))
        hq.listens(f"{TOPICS.base}/#")
        assert car.writes(TOPICS.status("car-7"))
        assert car.writes(TOPICS.events("car-7"))
        if name == "publisher":
            wait_for(lambda: TOPICS.hq("context") in hq.heard)
            assert {TOPICS.status("car-7"), TOPICS.events("car-7")}.isdisjoint(hq.heard)
        else:
            wait_for(lambda: TOPICS.events("car-7") in hq.heard)


@pytest.mark.parametrize(
    ("honest", "rogue"), [("car-1", "car-2"), ("receiver-1", "car-2"), ("receiver-1", "publisher")]
)
def test_who_calls_itself_by_anothers_name_does_not_end_its_session(
    honest: str, rogue: str, authority: Authority, broker: Mosquitto
) -> None:
    """The client id is the certificate's name: the rogue is still itself, as often as it tries."""
    with connected(honest, authority, broker) as victim:
        for _ in range(5):
            with connected(rogue, authority, broker, client_id=honest) as other:
                assert not other.writes(TOPICS.status(honest))
        assert victim.writes(TOPICS.status("car-1") if honest == "car-1" else TOPICS.hq("context"))
        assert victim.ended == []


def test_nobody_connects_without_a_certificate_of_the_agencys_authority(
    authority: Authority, broker: Mosquitto, tmp_path: Path
) -> None:
    """Neither with none, nor with one of another authority's, nor with one that is revoked."""
    stranger = Authority(tmp_path, "stranger").issue("car-1")
    revoked = authority.issue("car-9")
    authority.revoke([revoked])
    broker.reload()
    strangers = (
        BrokerConfig(port=broker.port, ca=authority.ca),
        BrokerConfig(port=broker.port, ca=authority.ca, cert=stranger.cert, key=stranger.key),
        BrokerConfig(port=broker.port, ca=authority.ca, cert=revoked.cert, key=revoked.key),
    )
    for one in strangers:
        with pytest.raises(OSError, match=r"(?i)certificate|unknown ca|alert|reset"):
            make_client("car-1", one).connect(one.host, one.port)


def test_a_command_publishes_while_a_receiver_is_connected(
    authority: Authority, broker: Mosquitto, square_agency: Agency
) -> None:
    """Each with its own certificate: neither takes the other's session, though the broker decides their client ids."""
    link = Link(config("receiver-1", authority, broker), Topics(square_agency.id), lambda _message: None)
    stop = Event()
    thread = Thread(target=link.run, args=(stop,))
    thread.start()
    try:
        wait_for(lambda: link.connected)
        for number in range(3):
            with connected_publisher(config("publisher", authority, broker), square_agency) as session:
                session.publish(TOPICS.hq("context"), str(number).encode())
        assert (link.connected, link.sessions) == (True, 1)
    finally:
        stop.set()
        thread.join()


def test_commands_at_once_with_one_certificate_each_publish(
    authority: Authority, broker: Mosquitto, square_agency: Agency
) -> None:
    """They take each other's connection, as the client id is the certificate's; each comes back."""
    publisher = config("publisher", authority, broker)
    topics = [TOPICS.hq(f"plan/1/2026-11-22/shift-{number}") for number in range(4)]

    def command(topic: str) -> None:
        with connected_publisher(publisher, square_agency, confirm_s=60.0) as session:
            for _ in range(3):
                session.publish(topic, topic.encode())

    with ThreadPoolExecutor(len(topics)) as commands:
        list(commands.map(command, topics))
    with connected("car-3", authority, broker) as car:
        car.listens(TOPICS.hq("plan/#"))
        wait_for(lambda: set(topics) <= set(car.heard))


def test_the_list_grants_nothing_outside_one_agency() -> None:
    """Each line is below the agency's own topic."""
    lines = SHIPPED.joinpath("access.acl").read_text(encoding="utf-8").splitlines()
    granted = [line.split()[-1] for line in lines if line.startswith(("topic", "pattern"))]
    assert granted
    assert all(topic.startswith("roundsman/v1/AGENCY/") for topic in granted)


def test_the_shipped_broker_hands_on_nothing_that_an_end_has_said_it_does_not_accept() -> None:
    """Mosquitto 2.0.11 counts what it drops for that as under way for ever: some of them, and it sends nothing more."""
    settings = SHIPPED.joinpath("mosquitto.conf").read_text(encoding="utf-8")
    (limit,) = (line.split()[1] for line in settings.splitlines() if line.startswith("max_packet_size "))
    assert int(limit) <= LARGEST_PACKET
