"""Keeps an end of the wire connected: connects, lets it have its session, says why that ended, waits, connects again.

Runs in the thread of whoever calls it, and asks ``stop`` every second or two, whatever the network does. Must not know
what a session is for.
"""

import contextlib
import random
import threading
import time
from functools import partial
from typing import Final, Protocol

import paho.mqtt.client as mqtt

from edge.errors import UserError
from edge.mqtt.broker import BrokerConfig, make_client
from edge.mqtt.connection import NO_LIMITS, Connection, connected
from edge.mqtt.dialler import Dialler, Terms
from edge.mqtt.faults import Faults, StarvedError
from edge.mqtt.limits import Limits
from edge.mqtt.timings import TIMINGS, Timings
from edge.text.words import Notice

REMEMBERED_S: Final = 3600.0
"""How long it is remembered what a broker forbids that it does not announce: its settings may have been corrected."""


class End(Protocol):
    """One end of the wire."""

    def connecting(self) -> None:
        """An attempt begins."""

    def prepare(self, client: mqtt.Client, limits: Limits, /) -> None:
        """Give a new client its callbacks, and a last will as the broker accepts it, as far as that is known."""

    def session(self, connection: Connection, stop: threading.Event) -> None:
        """From the broker's welcome until ``stop``. Raises OSError where the connection is lost."""

    def lost(self, why: Notice) -> None:
        """There is no connection, and why."""

    def skipped(self, why: str) -> None:
        """A message could not be read."""


class Connector:
    """For one end, with its name at the broker."""

    def __init__(
        self,
        broker: BrokerConfig,
        terms: Terms,
        faults: Faults,
        timings: Timings = TIMINGS,
    ) -> None:
        self._broker = broker
        self._terms = terms
        self._faults = faults
        self._timings = timings
        self._dialler = Dialler(broker, terms, timings)
        self._last: Connection | None = None
        self._learned, self._learned_at = NO_LIMITS, 0.0
        self._failures = 0  # since the last connection that lasted

    def run(self, end: End, stop: threading.Event) -> None:
        """Keep ``end`` connected until ``stop``. A certificate that was renewed is used at the next attempt."""
        while not stop.is_set():
            end.connecting()
            self._failures += 1
            try:
                self._connection(end, stop)
            except (OSError, UserError) as error:
                self._failures = 1 if isinstance(error, StarvedError) else self._failures
                end.lost(self._faults.of_connecting(error))
                pause(back_off(self._failures, self._timings), stop)

    def _connection(self, end: End, stop: threading.Event) -> None:
        connection = connected(partial(self._prepared, end), self._dialler, stop)
        if connection is None:
            return
        began = time.monotonic()
        with contextlib.closing(connection):
            try:
                end.session(connection, stop)
            finally:
                if time.monotonic() - began > self._timings.steady_s:
                    self._failures = 1
                    self._dialler.worked()

    def _prepared(self, end: End) -> Connection:
        last, now = self._last, time.monotonic()
        if last is not None and last.lesson is not None:
            self._learned, self._learned_at = last.lesson, now
        elif now - self._learned_at > REMEMBERED_S:
            self._learned = NO_LIMITS
        client = make_client(self._terms.client_id, self._broker)
        end.prepare(client, self._learned if last is None or last.lesson is not None else last.limits)
        self._last = Connection(client, self._faults, self._timings, end.skipped, self._learned)
        return self._last


def back_off(failures: int, timings: Timings) -> float:
    """Seconds to wait after so many failures in a row: at random, lest a fleet that lost its broker returns in step."""
    steps = timings.back_off_s
    return steps[min(failures, len(steps)) - 1] * random.uniform(0.5, 1.5)  # noqa: S311 - no secret


def pause(seconds: float, stop: threading.Event) -> None:
    """Wait, asking ``stop`` every second."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not stop.wait(min(left, 1.0)):
        pass
