"""A short session with the broker, in which a command has documents retained. Must not sign or store anything."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode

from edge.contract.agency import Agency
from edge.errors import UserError
from edge.headquarters.parties import PUBLISHER
from edge.mqtt.announcement import OF_MESSAGE
from edge.mqtt.broker import BrokerConfig, make_client
from edge.mqtt.connection import Connection, connected
from edge.mqtt.dialler import Dialler, Terms
from edge.mqtt.faults import Faults, reason_key
from edge.mqtt.limits import TooLongError
from edge.mqtt.timings import Timings
from edge.text.words import Notice, say

LARGEST_ANSWER: Final = 262_144
"""Bytes: a publisher hears confirmations, and what headquarters itself had retained."""

QUIET_S: Final = 1.0
"""Without another message for so long, a broker has sent all that it retains."""

CONFIRM_S: Final = 10.0
AGAIN_S: Final = (0.05, 0.5)
"""Before a connection that was lost is opened again: at random, lest two commands take turns for ever."""

TIMINGS: Final = Timings(attempt_s=10.0)

Confirmed = dict[int, ReasonCode]


@contextmanager
def connected_publisher(
    broker: BrokerConfig,
    agency: Agency,
    timings: Timings = TIMINGS,
    confirm_s: float = CONFIRM_S,
) -> Iterator["Session"]:
    """A publisher that is connected. Raises UserError where the broker cannot be reached."""
    terms = Terms(f"roundsman-{agency.id}-publisher-{time.time_ns():x}", LARGEST_ANSWER)
    faults, dialler = Faults(broker, PUBLISHER), Dialler(broker, terms, timings)

    def made() -> Connection:
        return Connection(make_client(terms.client_id, broker), faults, timings, lambda _why: None)

    def opened() -> Connection:
        connection = connected(made, dialler, threading.Event())
        assert connection is not None  # noqa: S101 - nobody stops it
        return connection

    session = Session(opened, faults, confirm_s)
    with contextlib.closing(session):
        yield session
        session.leave()


class Session:
    """A connected client. Has each document retained, and waits until the broker confirms it.

    Where the broker goes by the certificate's name, two commands at once take each other's connection; each connects
    again, and publishes again: a document that is retained twice is the same document.
    """

    def __init__(self, opened: Callable[[], Connection], faults: Faults, confirm_s: float) -> None:
        """Raises UserError where the broker cannot be reached."""
        self._opened = opened
        self._faults = faults
        self._confirm_s = confirm_s
        self._confirmed: Confirmed = {}
        self._open()

    def publish(self, topic: str, payload: bytes) -> None:
        """Have the broker retain a message. Raises UserError where it does not confirm it."""
        deadline = time.monotonic() + self._confirm_s
        while True:
            try:
                return self._publish(topic, payload, deadline)
            except OSError as error:
                self.close()
                if time.monotonic() >= deadline:
                    msg = f"broker: {say(self._faults.of_connecting(error))}; run the command again"
                    raise UserError(msg) from error
                time.sleep(random.uniform(*AGAIN_S))  # noqa: S311 - no secret
                self._open()

    def retained(self, topics: str) -> list[bytes]:
        """What the broker retains below some topics. Raises UserError where it does not allow that, or is silent."""
        came: list[bytes] = []
        answers: list[ReasonCode] = []
        heard = time.monotonic()

        def on_message(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
            nonlocal heard
            came.append(bytes(message.payload))
            heard = time.monotonic()

        client = self._connection.client
        client.on_message = on_message
        client.on_subscribe = lambda _client, _data, _mid, reasons, _properties: answers.extend(reasons)
        client.subscribe(topics, qos=1)
        deadline = heard + self._confirm_s
        try:
            while time.monotonic() < deadline and not (answers and time.monotonic() - heard > QUIET_S):
                self._connection.turn()
        except OSError as error:
            msg = f"broker: {say(self._faults.of_connecting(error))}; run the command again"
            raise UserError(msg) from error
        if not answers or answers[0].is_failure:
            why = reason_key(answers[0]) if answers else "silent"
            msg = f"broker: {say(self._faults.of_listening((Notice('source.headquarters'),), why))}"
            raise UserError(msg)
        return came

    def leave(self) -> None:
        """Say goodbye."""
        self._connection.leave()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _open(self) -> None:
        try:
            self._connection = self._opened()
        except OSError as error:
            msg = f"broker: {say(self._faults.of_connecting(error))}"
            raise UserError(msg) from error
        self._connection.client.on_publish = self._on_publish

    def _publish(self, topic: str, payload: bytes, deadline: float) -> None:
        """Raises OSError where the connection is lost before the broker has confirmed it."""
        self._confirmed.clear()
        try:
            mid = self._connection.publish(topic, payload, OF_MESSAGE, retain=True)
        except TooLongError as error:
            msg = f"broker: {say(self._faults.of_length(topic, error))}"
            raise UserError(msg) from error
        while self._under_way(mid) and time.monotonic() < deadline:
            self._connection.turn()
        if self._under_way(mid):
            msg = f"the broker has not confirmed {topic} within {self._confirm_s:.0f} s; run the command again"
            raise UserError(msg)
        reason = None if mid is None else self._confirmed[mid]
        if reason is not None and reason.is_failure:
            msg = f"broker: {say(self._faults.of_publishing(topic, reason))}"
            raise UserError(msg)

    def _under_way(self, mid: int | None) -> bool:
        return self._connection.client.want_write() if mid is None else mid not in self._confirmed

    def _on_publish(self, _client: mqtt.Client, _data: Any, mid: int, reason: ReasonCode, _properties: Any) -> None:
        self._confirmed[mid] = reason
