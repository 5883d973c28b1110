"""An attempt at a connection never holds up the link: it waits in slices, gives up, and remembers what hangs."""

import socket
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from edge.contract.agency import Agency
from edge.mqtt.broker import BrokerConfig
from edge.vehicle.link.connect import BACK_OFF_S, Dialler, back_off, pause
from edge.vehicle.link.faults import of_connecting
from tests.brokers import Mosquitto
from tests.proxy import Proxy
from tests.vehicle.link.headquarters import Car, wait_for


class Hanging(mqtt.Client):
    """A client whose name server does not answer until ``answers`` is set."""

    def __init__(self, answers: threading.Event) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id="car-1", protocol=MQTTProtocolVersion.MQTTv5)
        self._answers = answers

    def connect(self, *arguments: Any, **more: Any) -> MQTTErrorCode:
        """Hang, then connect."""
        self._answers.wait()
        return super().connect(*arguments, **more)


class Asked(threading.Event):
    """A stop event that remembers when it was last asked, as the daemon's watchdog does."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = [time.monotonic()]

    def is_set(self) -> bool:
        """Whether to stop."""
        self.at.append(time.monotonic())
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for it."""
        self.at.append(time.monotonic())
        return super().wait(timeout)

    def longest_silence(self) -> float:
        """Seconds."""
        asked = [*self.at, time.monotonic()]
        return max(later - earlier for earlier, later in pairwise(asked))


@pytest.fixture
def answers() -> Iterator[threading.Event]:
    """Set in the end, so that no thread is left."""
    event = threading.Event()
    yield event
    event.set()


def dial(
    dialler: Dialler, answers: threading.Event, stop: threading.Event, port: int = 1, seconds: float = 0.1
) -> bool:
    """One attempt that hangs."""
    return dialler.dial(Hanging(answers), BrokerConfig(port=port), time.monotonic() + seconds, stop)


def test_an_attempt_that_hangs_is_given_up(answers: threading.Event) -> None:
    """A name server that does not answer: the link says so, and tries again."""
    with pytest.raises(TimeoutError) as gave_up:
        dial(Dialler(), answers, threading.Event())
    assert of_connecting(gave_up.value, BrokerConfig()) == "the broker cannot be reached: it does not answer"


def test_stop_is_asked_while_an_attempt_hangs(answers: threading.Event) -> None:
    """At least twice a second, and obeyed."""
    stop = Asked()
    threading.Timer(1.5, stop.set).start()
    assert dial(Dialler(), answers, stop, seconds=60.0) is False
    assert stop.longest_silence() < 0.5


def hanging() -> int:
    """How many attempts are under way."""
    return sum(thread.name == "connect" for thread in threading.enumerate())


def test_no_more_than_a_few_attempts_hang_at_once(answers: threading.Event) -> None:
    """A resolver that hangs for ever would else cost a thread a minute; when it answers, connecting goes on."""
    dialler, stop = Dialler(), threading.Event()
    wait_for(lambda: hanging() == 0)
    for _ in range(9):
        with pytest.raises(TimeoutError):
            dial(dialler, answers, stop)
    assert hanging() == 3
    answers.set()
    wait_for(lambda: hanging() == 0)
    with pytest.raises(ConnectionRefusedError):
        dial(dialler, answers, stop, seconds=5.0)


def test_an_attempt_that_was_given_up_says_nothing_to_the_broker(answers: threading.Event) -> None:
    """Late, it would throw out the session of the attempt that came after."""
    with socket.create_server(("127.0.0.1", 0)) as broker:
        with pytest.raises(TimeoutError):
            dial(Dialler(), answers, threading.Event(), broker.getsockname()[1])
        answers.set()
        late = broker.accept()[0]
        with late:
            assert late.recv(100) == b""


def test_the_fleet_does_not_come_back_in_step() -> None:
    """Each waits a random part of its back-off, which grows with each failure and stays within its bounds."""
    for failures, base in enumerate((*BACK_OFF_S, BACK_OFF_S[-1]), start=1):
        waits = [back_off(failures) for _ in range(50)]
        assert base / 2 <= min(waits) < max(waits) <= 1.5 * base
        assert len(set(waits)) == 50


def test_a_pause_is_no_silence() -> None:
    """The watchdog counts a thread as alive when it asks to be stopped."""
    stop = Asked()
    pause(2.2, stop)
    assert stop.longest_silence() < 1.5


def test_the_links_thread_shows_itself_alive_whatever_the_network_does(
    mosquitto: Mosquitto, agency: Agency, tmp_path: Path
) -> None:
    """Held in mid-session with records under way, refused, held at CONNECT, and asked to stop with records to send."""
    stop = Asked()
    with Proxy(mosquitto.port) as network:
        one = Car(agency, BrokerConfig(port=network.port), tmp_path, stop=stop)
        wait_for(lambda: one.view.state == "connected")
        network.hold("up", "down")
        one.record(1000)
        network.cut()
        wait_for(lambda: any(view.state == "offline" for view in one.views[2:]))
        wait_for(lambda: one.view.state == "connecting")
        time.sleep(2.5)  # a CONNECT that nobody hears
        network.release()
        wait_for(lambda: one.view.state == "connected", 30.0)
        one.close()
    assert stop.longest_silence() < 2.0
