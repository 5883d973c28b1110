"""One attempt at a connection, in a short-lived thread of its own: a name server or a TLS peer may hang for minutes.

The thread that wants the connection waits in slices, and gives the attempt up when its time is over. Must not try
again by itself.
"""

import threading
import time
from dataclasses import dataclass
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.mqtt.broker import BrokerConfig
from edge.mqtt.timings import TIMINGS, Timings

AT_ONCE: Final = 3
"""Attempts that may hang at once, given up or not."""

SLICE_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Terms:
    """What CONNECT asks for: a name, the largest packet we accept (bytes), and how long the broker keeps the session.

    Without such an expiry each connection starts a clean session. Or, with ``resume``, it goes on with one that is
    still there: where the broker has not noticed yet that our last connection is gone, nothing under way in it is lost.
    """

    client_id: str
    largest: int
    expiry_s: int = 0
    resume: bool = False

    @property
    def clean_start(self) -> bool:
        """Whether the broker forgets a session of before."""
        return not (self.expiry_s or self.resume)

    def properties(self) -> Properties:
        """As MQTT 5 has them."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
        properties.MaximumPacketSize = self.largest
        if self.expiry_s:
            properties.SessionExpiryInterval = self.expiry_s
        return properties


class Dialler:
    """Opens connections, each in its own thread, and remembers those that hang."""

    def __init__(self, broker: BrokerConfig, terms: Terms, timings: Timings = TIMINGS) -> None:
        self._broker = broker
        self._terms = terms
        self._timings = timings
        self._attempts: list[_Attempt] = []

    def dial(self, client: mqtt.Client, deadline: float, stop: threading.Event) -> bool:
        """Connect and send CONNECT before ``deadline`` (monotonic); False where ``stop`` came first. Raises OSError."""
        self._attempts = [attempt for attempt in self._attempts if attempt.is_alive()]
        if len(self._attempts) >= AT_ONCE:
            msg = "earlier attempts still hang"
            raise TimeoutError(msg)
        attempt = _Attempt(client, self._broker, self._terms, self._timings)
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

    def __init__(self, client: mqtt.Client, broker: BrokerConfig, terms: Terms, timings: Timings) -> None:
        super().__init__(name="connect", daemon=True)
        self._client = client
        self._broker = broker
        self._terms = terms
        self._keepalive_s = timings.keepalive_s
        client.connect_timeout = timings.address_s
        client.on_socket_open = self._opened
        self.given_up = False
        self.ended = threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        host, port, terms = self._broker.host, self._broker.port, self._terms
        try:
            self._client.connect(
                host, port, self._keepalive_s, clean_start=terms.clean_start, properties=terms.properties()
            )
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            self.error = error
        if self.given_up:
            hang_up(self._client)
        self.ended.set()

    def _opened(self, *_: Any) -> None:
        """Before CONNECT is sent: late, it would take the session from the attempt that came after."""
        if self.given_up:
            raise ConnectionAbortedError


def hang_up(client: mqtt.Client) -> None:
    """Close the connection without DISCONNECT: the broker then sends the last will."""
    opened = client.socket()
    if opened is not None:
        opened.close()
