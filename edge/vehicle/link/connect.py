"""One attempt at a connection, in a short-lived thread of its own: a name server or a TLS peer may hang for minutes.

The link's thread waits for it in slices, and gives it up when its time is over. Must not try again by itself.
"""

import random
import threading
import time
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.contract.messages import LARGEST
from edge.mqtt.broker import KEEPALIVE_S, BrokerConfig

ATTEMPT_S: Final = 20.0
"""How long name, TCP, TLS and the broker's welcome may take together."""

AT_ONCE: Final = 3
"""Attempts that may hang at once, given up or not."""

SLICE_S: Final = 0.2
BACK_OFF_S: Final = (1.0, 2.0, 4.0, 8.0)


class Dialler:
    """Opens connections, each in its own thread, and remembers those that hang."""

    def __init__(self) -> None:
        self._attempts: list[_Attempt] = []

    def dial(self, client: mqtt.Client, broker: BrokerConfig, deadline: float, stop: threading.Event) -> bool:
        """Connect and say CONNECT before ``deadline`` (monotonic); False where ``stop`` came first. Raises OSError."""
        self._attempts = [attempt for attempt in self._attempts if attempt.is_alive()]
        if len(self._attempts) >= AT_ONCE:
            msg = "earlier attempts still hang"
            raise TimeoutError(msg)
        attempt = _Attempt(client, broker)
        self._attempts.append(attempt)
        attempt.start()
        while not attempt.ended.wait(SLICE_S):
            if stop.is_set() or time.monotonic() > deadline:
                attempt.given_up = True
                if stop.is_set():
                    return False
                msg = "no answer"
                raise TimeoutError(msg)
        if attempt.error is not None:
            raise attempt.error
        return not stop.is_set()


class _Attempt(threading.Thread):
    """``ended`` once there is a connection or an ``error``. Given up, it closes what it may still open."""

    def __init__(self, client: mqtt.Client, broker: BrokerConfig) -> None:
        super().__init__(name="connect", daemon=True)
        self._client = client
        self._broker = broker
        self.given_up = False
        self.ended = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
        properties.MaximumPacketSize = LARGEST  # the broker sends nothing larger
        self._client.connect_timeout = ATTEMPT_S
        self._client.on_socket_open = self._opened
        host, port = self._broker.host, self._broker.port
        try:
            self._client.connect(host, port, KEEPALIVE_S, clean_start=True, properties=properties)
        except BaseException as error:  # noqa: BLE001 - raised again in the link's thread
            self.error = error
        if self.given_up:
            hang_up(self._client)
        self.ended.set()

    def _opened(self, *_: Any) -> None:
        """Before CONNECT is sent: late, it would take the session from the attempt that came after."""
        if self.given_up:
            raise ConnectionAbortedError


def hang_up(client: mqtt.Client) -> None:
    """Close the connection without a word: the broker then sends the last will."""
    opened = client.socket()
    if opened is not None:
        opened.close()


def back_off(failures: int) -> float:
    """Seconds to wait after so many failures in a row: at random, lest a fleet that lost its broker returns in step."""
    return BACK_OFF_S[min(failures, len(BACK_OFF_S)) - 1] * random.uniform(0.5, 1.5)  # noqa: S311 - no secret


def pause(seconds: float, stop: threading.Event) -> None:
    """Wait, asking ``stop`` every second."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not stop.wait(min(left, 1.0)):
        pass
