"""A short session with the broker, in which a command has documents retained. Must not sign or store anything."""

import contextlib
import threading
import time
from collections.abc import Iterator
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
from edge.mqtt.faults import Faults
from edge.mqtt.timings import Timings

LARGEST_ANSWER: Final = 65_536
"""Bytes: a publisher hears nothing but confirmations."""

CONFIRM_S: Final = 10.0
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

    try:
        connection = connected(made, dialler, threading.Event())
    except OSError as error:
        msg = f"broker: {faults.of_connecting(error)}"
        raise UserError(msg) from error
    assert connection is not None  # noqa: S101 - nobody stops it
    with contextlib.closing(connection):
        yield Session(connection, faults, confirm_s)
        connection.leave()


class Session:
    """A connected client. Has each document retained, and waits until the broker confirms it."""

    def __init__(self, connection: Connection, faults: Faults, confirm_s: float) -> None:
        self._connection = connection
        self._faults = faults
        self._confirm_s = confirm_s
        self._confirmed: Confirmed = {}
        connection.client.on_publish = self._on_publish

    def publish(self, topic: str, payload: bytes) -> None:
        """Have the broker retain a message. Raises UserError where it does not confirm it."""
        sent = self._connection.client.publish(topic, payload, qos=1, retain=True, properties=OF_MESSAGE)
        deadline = time.monotonic() + self._confirm_s
        try:
            while sent.mid not in self._confirmed and time.monotonic() < deadline:
                self._connection.turn()
        except OSError as error:
            msg = f"broker: {self._faults.of_connecting(error)}; run the command again"
            raise UserError(msg) from error
        reason = self._confirmed.get(sent.mid)
        if reason is None:
            msg = f"the broker has not confirmed {topic} within {self._confirm_s:.0f} s; run the command again"
            raise UserError(msg)
        if reason.is_failure:
            msg = f"broker: {self._faults.of_publishing(topic, reason)}"
            raise UserError(msg)

    def _on_publish(self, _client: mqtt.Client, _data: Any, mid: int, reason: ReasonCode, _properties: Any) -> None:
        self._confirmed[mid] = reason
