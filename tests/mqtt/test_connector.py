"""Connecting again and again: spread over time, with the reason in words, and stopped at once."""

import threading
from pathlib import Path

import paho.mqtt.client as mqtt

from edge.mqtt.broker import BrokerConfig
from edge.mqtt.connection import Connection
from edge.mqtt.connector import Connector, back_off, pause
from edge.mqtt.dialler import Terms
from edge.mqtt.faults import Faults, Party
from edge.mqtt.limits import Limits
from edge.mqtt.timings import TIMINGS, Timings
from edge.text.words import Notice, say
from tests.brokers import Mosquitto
from tests.certificates import Authority
from tests.mqtt.asked import Asked
from tests.waiting import PATIENCE_S, wait_for


def test_the_fleet_does_not_come_back_in_step() -> None:
    """Each waits a random part of its back-off, which grows with each failure and stays within its bounds."""
    steps = TIMINGS.back_off_s
    for failures, base in enumerate((*steps, steps[-1]), start=1):
        waits = [back_off(failures, TIMINGS) for _ in range(50)]
        assert base / 2 <= min(waits) < max(waits) <= 1.5 * base
        assert len(set(waits)) == 50


def test_a_pause_is_no_silence() -> None:
    """The watchdog counts a thread as alive when it asks to be stopped."""
    stop = Asked()
    pause(2.2, stop)
    assert 0.0 < max(stop.slices) <= 1.0


class Listener:
    """An end that only keeps its session, and remembers what it was told."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.sessions = 0

    def connecting(self) -> None:
        """Nothing to do."""

    def prepare(self, client: mqtt.Client, _limits: Limits) -> None:
        """Nothing to add."""

    def session(self, connection: Connection, stop: threading.Event) -> None:
        """Stay."""
        self.sessions += 1
        while not stop.is_set():
            connection.turn()
        connection.leave()

    def lost(self, why: Notice) -> None:
        """Remember it."""
        self.reasons.append(say(why))

    def skipped(self, why: str) -> None:
        """Not expected here."""
        raise AssertionError(why)


def test_an_end_is_connected_again_after_each_loss_and_told_why(mosquitto: Mosquitto) -> None:
    """The broker is killed and started twice; stopping is quick, and the end was told each time."""
    listener, stop, broker = Listener(), threading.Event(), BrokerConfig(port=mosquitto.port)
    quick = Timings(back_off_s=(0.1,))
    connector = Connector(broker, Terms("ear", 65_536), Faults(broker, Party("the test", "look")), quick)
    thread = threading.Thread(target=connector.run, args=(listener, stop))
    thread.start()
    for sessions in (1, 2):
        wait_for(lambda: listener.sessions == sessions)  # noqa: B023 - at once
        mosquitto.kill()
        wait_for(lambda: len(listener.reasons) > sessions)  # noqa: B023 - at once
        mosquitto.start()
    wait_for(lambda: listener.sessions == 3)
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert listener.reasons[0] == "the connection to the broker was lost"
    assert f"cannot reach the broker: nothing is listening at 127.0.0.1:{mosquitto.port}" in listener.reasons


def test_a_certificate_that_is_put_right_is_used_at_the_next_attempt(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """A file that cannot be read does not end the thread: it is told, and read anew."""
    listener, stop, ca = Listener(), threading.Event(), tmp_path / "ca.pem"
    ca.write_text("no certificate", encoding="utf-8")
    broker = BrokerConfig(port=mosquitto.port, ca=ca)
    faults = Faults(broker, Party("the test", "look"))
    connector = Connector(broker, Terms("ear", 65_536), faults, Timings(back_off_s=(0.1,)))
    thread = threading.Thread(target=connector.run, args=(listener, stop))
    thread.start()
    wait_for(lambda: any(f"broker.ca: {ca}: contains no certificate in PEM form" in one for one in listener.reasons))
    ca.write_bytes(Authority(tmp_path, "new").ca.read_bytes())
    wait_for(lambda: "the broker closed the connection during setup" in listener.reasons)  # it has no TLS
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
