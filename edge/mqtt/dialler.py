"""One attempt at a connection, with the next address of the broker's name; TLS is spoken in a short-lived thread.

The thread that wants the connection waits in slices, and gives the attempt up when its time is over. Must not try
again by itself.
"""

import contextlib
import socket
import threading
import time
from dataclasses import dataclass
from typing import Final

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes

from edge.mqtt.broker import BrokerConfig, Client
from edge.mqtt.properties import Properties
from edge.mqtt.timings import TIMINGS, Timings
from edge.service.tcp import Host

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
        properties = Properties(PacketTypes.CONNECT)
        properties.MaximumPacketSize = self.largest
        if self.expiry_s:
            properties.SessionExpiryInterval = self.expiry_s
        return properties


class Dialler:
    """Opens connections to one broker, address by address."""

    def __init__(self, broker: BrokerConfig, terms: Terms, timings: Timings = TIMINGS) -> None:
        self._host = Host(broker.host, broker.port, timings.address_s)
        self._broker = broker
        self._terms = terms
        self._timings = timings

    @property
    def others(self) -> bool:
        """Whether the broker's name has addresses to try yet."""
        return self._host.others

    def worked(self) -> None:
        """The connection made last was a good one: its address is the first to be tried again."""
        self._host.worked()

    def dial(self, client: Client, stop: threading.Event) -> float | None:
        """Connect and send CONNECT; until when (monotonic) to wait for the broker's welcome. Raises OSError.

        None where ``stop`` came first.
        """
        opened = self._host.connect(stop)
        if opened is None:
            return None
        until = time.monotonic() + (self._timings.address_s if self.others else self._timings.attempt_s)
        attempt = _Attempt(client, opened, self._broker, self._terms, self._timings)
        attempt.start()
        while not attempt.ended.wait(SLICE_S):
            if stop.is_set() or time.monotonic() > until:
                attempt.give_up()
                if stop.is_set():
                    return None
                msg = "no answer"
                raise TimeoutError(msg)
        if attempt.error is not None:
            raise attempt.error
        return until


class _Attempt(threading.Thread):
    """``ended`` once CONNECT was sent, or there is an ``error``."""

    def __init__(
        self, client: Client, opened: socket.socket, broker: BrokerConfig, terms: Terms, timings: Timings
    ) -> None:
        super().__init__(name="connect", daemon=True)
        self._client = client
        self._broker = broker
        self._terms = terms
        self._keepalive_s = timings.keepalive_s
        self._line = opened.dup()  # paho wraps the other, and has it to itself
        client.opened = opened
        client.connect_timeout = timings.address_s
        self._given_up = False
        self.ended = threading.Event()
        self.error: BaseException | None = None

    def give_up(self) -> None:
        """From now on nothing goes over the line: late, it would take the session from the attempt that came after."""
        self._given_up = True
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        host, port, terms = self._broker.host, self._broker.port, self._terms
        try:
            self._client.connect(
                host, port, self._keepalive_s, clean_start=terms.clean_start, properties=terms.properties()
            )
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            self.error = error
        self._line.close()
        if self._given_up:
            hang_up(self._client)
        self.ended.set()


def hang_up(client: mqtt.Client) -> None:
    """Close the connection without DISCONNECT: the broker then sends the last will."""
    opened = client.socket()
    if opened is not None:
        opened.close()
