"""An attempt at a connection holds up nobody: it is waited for in slices, given up, and remembered while it hangs."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from edge.mqtt.broker import BrokerConfig
from edge.mqtt.dialler import Dialler, Terms, hang_up
from edge.mqtt.timings import Timings
from tests.mqtt.asked import Asked
from tests.waiting import PATIENCE_S, wait_for

TERMS = Terms("car-1", 65_536)
CONNECT = 0x10


class Hanging(mqtt.Client):
    """A client whose name server does not answer until ``answers`` is set."""

    def __init__(self, answers: threading.Event) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id="car-1", protocol=MQTTProtocolVersion.MQTTv5)
        self._answers = answers

    def connect(self, *arguments: Any, **more: Any) -> MQTTErrorCode:
        """Hang, then connect."""
        self._answers.wait(PATIENCE_S)
        return super().connect(*arguments, **more)


@pytest.fixture
def answers() -> Iterator[threading.Event]:
    """Set in the end, so that no thread is left."""
    event = threading.Event()
    yield event
    event.set()


def dial(dialler: Dialler, answers: threading.Event, stop: threading.Event, seconds: float = 0.1) -> bool:
    """One attempt that hangs."""
    return dialler.dial(Hanging(answers), time.monotonic() + seconds, stop)


def dialler_to(port: int = 1) -> Dialler:
    """To a port of the loopback."""
    return Dialler(BrokerConfig(port=port), TERMS)


def test_an_attempt_that_hangs_is_given_up(answers: threading.Event) -> None:
    """A name server that does not answer: in the time given, whatever it does."""
    with pytest.raises(TimeoutError):
        dial(dialler_to(), answers, threading.Event())


def test_stop_is_asked_while_an_attempt_hangs(answers: threading.Event) -> None:
    """Again and again, after half a second at most, and obeyed."""
    stop = Asked(enough=4)
    assert dial(dialler_to(), answers, stop, seconds=60.0) is False
    assert max(stop.slices, default=0.0) <= 0.5


def hanging() -> int:
    """How many attempts are under way."""
    return sum(thread.name == "connect" for thread in threading.enumerate())


def test_no_more_than_a_few_attempts_hang_at_once(answers: threading.Event) -> None:
    """A resolver that hangs for ever would else cost a thread a minute; when it answers, connecting goes on."""
    dialler, stop = dialler_to(), threading.Event()
    wait_for(lambda: hanging() == 0)
    for _ in range(9):
        with pytest.raises(TimeoutError):
            dial(dialler, answers, stop)
    assert hanging() == 3
    answers.set()
    wait_for(lambda: hanging() == 0)
    with pytest.raises(ConnectionRefusedError):
        dial(dialler, answers, stop, seconds=PATIENCE_S)


def test_an_attempt_that_was_given_up_says_nothing_to_the_broker(answers: threading.Event) -> None:
    """Late, it would throw out the session of the attempt that came after."""
    with socket.create_server(("127.0.0.1", 0)) as broker:
        with pytest.raises(TimeoutError):
            dial(dialler_to(broker.getsockname()[1]), answers, threading.Event())
        answers.set()
        broker.settimeout(PATIENCE_S)
        late = broker.accept()[0]
        with late:
            late.settimeout(PATIENCE_S)
            assert late.recv(100) == b""


def test_a_first_address_that_is_dead_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with two addresses, of which the first never answers: the second is reached in the same attempt."""
    with full() as dead, socket.create_server(("127.0.0.1", 0)) as broker:
        addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", at) for at in (dead, broker.getsockname())]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_more: addresses)
        client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        dialler = Dialler(BrokerConfig(host="broker.example"), TERMS, Timings(address_s=0.5))
        assert dialler.dial(client, time.monotonic() + PATIENCE_S, threading.Event())
        broker.settimeout(PATIENCE_S)
        with broker.accept()[0] as near:
            near.settimeout(PATIENCE_S)
            assert near.recv(100)[0] == CONNECT
        hang_up(client)


@contextmanager
def full() -> Iterator[tuple[str, int]]:
    """An address whose queue of connections is full: the kernel answers to no more."""
    with socket.socket() as listening, ExitStack() as stack:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield listening.getsockname()
