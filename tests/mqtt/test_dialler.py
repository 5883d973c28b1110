"""An attempt at a connection holds up nobody: it is waited for in slices, given up, and says nothing late."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from edge.mqtt.broker import BrokerConfig, Client, make_client
from edge.mqtt.connection import Connection, connected
from edge.mqtt.dialler import Dialler, Terms
from edge.mqtt.faults import Faults, Party
from edge.mqtt.timings import Timings
from tests.brokers import Mosquitto, running
from tests.certificates import Authority
from tests.mqtt.asked import Asked
from tests.service.test_tcp import alive, full, named, nobody
from tests.waiting import PATIENCE_S, wait_for

TERMS = Terms("car-1", 65_536)
CONNECT = 0x10
QUICK = Timings(attempt_s=0.4, address_s=0.3)


def client(broker: BrokerConfig | None = None) -> Client:
    return make_client("car-1", broker or BrokerConfig())


def hanging() -> int:
    """How many attempts are under way."""
    return sum(thread.name == "connect" for thread in threading.enumerate())


@pytest.fixture
def silent_tls(tmp_path: Path) -> Iterator[tuple[BrokerConfig, socket.socket]]:
    """Something that takes connections and never answers a handshake, and settings that go there."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield BrokerConfig(port=listening.getsockname()[1], ca=Authority(tmp_path).ca), listening


def test_a_handshake_that_hangs_is_given_up_and_leaves_no_thread(
    silent_tls: tuple[BrokerConfig, socket.socket],
) -> None:
    """In the time given, however patient each step of TLS is.

    Nothing is sent later: that would throw out the session of the attempt that came after.
    """
    broker, listening = silent_tls
    dialler = Dialler(broker, TERMS, Timings(attempt_s=0.3, address_s=PATIENCE_S))
    wait_for(lambda: hanging() == 0)
    with pytest.raises(TimeoutError):
        dialler.dial(client(broker), threading.Event())
    wait_for(lambda: hanging() == 0)
    listening.settimeout(PATIENCE_S)
    with listening.accept()[0] as near:
        near.settimeout(PATIENCE_S)
        with near.makefile("rb") as came:
            hello = came.read()
    assert hello[0] == 0x16, "a handshake, and then the end"


def test_stop_is_asked_while_an_attempt_hangs(silent_tls: tuple[BrokerConfig, socket.socket]) -> None:
    """Again and again, after half a second at most, and obeyed."""
    stop = Asked(enough=6)
    assert Dialler(silent_tls[0], TERMS).dial(client(silent_tls[0]), stop) is None
    assert max(stop.slices, default=0.0) <= 0.5
    wait_for(lambda: hanging() == 0)


def opened(dialler: Dialler) -> Connection:
    """By the first address that has a broker."""
    faults = Faults(BrokerConfig(), Party("the test", "look"))
    connection = connected(lambda: Connection(client(), faults, QUICK, lambda _why: None), dialler, threading.Event())
    assert connection is not None
    return connection


def test_all_addresses_of_a_brokers_name_are_tried_in_one_attempt(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dead, refused, silent: each of several, and the last is the broker. The next attempt begins with what is good."""
    good = ("127.0.0.1", mosquitto.port)
    with ExitStack() as stack:
        dead = [stack.enter_context(full()) for _ in range(3)]
        silent = [stack.enter_context(alive()) for _ in range(3)]
        named(monkeypatch, *dead, nobody(), *silent, good)
        dialler = Dialler(BrokerConfig(host="broker.example"), TERMS, QUICK)
        for _ in range(2):
            with closing(opened(dialler)) as connection:
                assert connection.client.socket().getpeername() == good  # type: ignore[union-attr]
                connection.leave()
            dialler.worked()


def test_where_no_address_has_a_broker_it_is_said_once_all_were_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silent ones are left for the next, not tried over and over before the attempt counts as failed."""
    with alive() as first, alive() as second, full() as dead:
        named(monkeypatch, first, second, dead)
        dialler = Dialler(BrokerConfig(host="broker.example"), TERMS, QUICK)
        with pytest.raises(TimeoutError):
            opened(dialler)
        assert not dialler.others


def test_a_certificate_is_held_against_the_name_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the connection is made to an address: a broker of that name is taken, one of another refused."""
    authority = Authority(tmp_path)
    for issued, taken in (("localhost", True), ("elsewhere", False)):
        folder = tmp_path / issued
        folder.mkdir()
        own = authority.issue(issued, host=issued)
        with running(folder, f"certfile {own.cert}\nkeyfile {own.key}\n") as broker:
            named(monkeypatch, nobody(), ("127.0.0.1", broker.port))
            broker_named = BrokerConfig(host="localhost", ca=authority.ca)
            attempt, made = Dialler(broker_named, TERMS), client(broker_named)
            with contextlib.nullcontext() if taken else pytest.raises(ssl.SSLCertVerificationError):
                assert attempt.dial(made, threading.Event()) is not None
            if made.socket() is not None:
                made.socket().close()  # type: ignore[union-attr]
            monkeypatch.undo()


def test_connect_goes_to_the_address_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is the first thing said there."""
    with full() as dead, socket.create_server(("127.0.0.1", 0)) as broker:
        named(monkeypatch, dead, broker.getsockname())
        made, began = client(), time.monotonic()
        assert (until := Dialler(BrokerConfig(host="broker.example"), TERMS).dial(made, threading.Event()))
        assert until > began
        broker.settimeout(PATIENCE_S)
        with broker.accept()[0] as near:
            near.settimeout(PATIENCE_S)
            assert near.recv(100)[0] == CONNECT
        made.socket().close()  # type: ignore[union-attr]
