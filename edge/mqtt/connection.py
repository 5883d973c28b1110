"""One connection to the broker, from its opening to its end; whoever has it calls `turn` for paho to read and write.

paho's own thread dies silently with an exception in a callback, so it is not used: what goes wrong in a callback comes
up in `turn`. `connected` tries each address of the broker's name once; must not connect again, `connector` does.
"""

import contextlib
import struct
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.mqtt.broker import Client
from edge.mqtt.dialler import Dialler, hang_up
from edge.mqtt.faults import STARVED, Faults, LostError, StarvedError
from edge.mqtt.limits import MOST, Limits, TooLongError, packet_length
from edge.mqtt.timings import Timings
from edge.mqtt.tolerant import tolerate
from edge.mqtt.unconfirmed import Unconfirmed
from edge.text.words import Notice

AT_ONCE: Final = 64
"""Messages read in one turn, of those that have come."""

SILENT: Final = 0x8D
"""paho's reason where the broker did not answer a ping in time; its loop calls that a lost connection."""

THROTTLED: Final = (0x96, 0x97)
"""Reasons for the end of a connection: messages come too fast, or there were too many."""

NO_LIMITS: Final = Limits()


class Connection:
    """Over a client that is not connected yet. ``skipped`` is told why a message could not be read, each time.

    ``limits``: what the broker accepts, before its welcome what is known from before; ``lesson``: what its refusal, or
    its reason for ending the connection, teaches of that; ``throttled``: whether it ended it because of too much.
    """

    def __init__(
        self,
        client: Client,
        faults: Faults,
        timings: Timings,
        skipped: Callable[[str], None],
        limits: Limits = NO_LIMITS,
    ) -> None:
        self.client = client
        self.limits = limits
        self.lesson: Limits | None = None
        self.throttled = False
        self._faults = faults
        self._timings = timings
        self._welcomed = False
        self._why: Notice | None = None  # the broker closed the connection, or said nothing
        tolerate(client, skipped)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect

    def open(self, dialler: Dialler, stop: threading.Event) -> bool:
        """Connect, until the broker's welcome; False where ``stop`` came first. Raises OSError."""
        until = dialler.dial(self.client, stop)
        if until is None:
            return False
        while not self._welcomed:
            if stop.is_set():
                return False
            if time.monotonic() > until:
                raise TimeoutError
            self.turn(self._timings.poll_s)
        return True

    def publish(self, topic: str, payload: bytes, properties: Properties, *, retain: bool = False) -> int | None:
        """Hand over a message, as the broker accepts it: the number it confirms it by, None where it confirms none.

        Raises TooLongError.
        """
        limits = self.limits
        if limits.largest < MOST and (length := packet_length(topic, payload, properties)) > limits.largest:
            raise TooLongError(length, limits.largest)
        retain = retain and limits.retains
        sent = self.client.publish(topic, payload, qos=limits.qos, retain=retain, properties=properties)
        return sent.mid if limits.qos else None

    def turn(self, timeout_s: float | None = None) -> None:
        """Let paho read and write, at most so long. Raises LostError where the connection has ended."""
        try:
            code = self.client.loop(self._timings.poll_s if timeout_s is None else min(timeout_s, self._timings.poll_s))
            for _ in range(AT_ONCE):
                if code is not MQTTErrorCode.MQTT_ERR_SUCCESS or not self.client.pending():
                    break
                code = self.client.loop_read()
        except struct.error:  # a packet that ends before its time
            code = MQTTErrorCode.MQTT_ERR_PROTOCOL
        if code is not MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise self.lost(code)

    def lost(self, code: MQTTErrorCode) -> LostError:
        """The error for a connection that has ended so."""
        return LostError(self._why or self._faults.of_loss(code, welcomed=self._welcomed))

    def check(self, unconfirmed: Unconfirmed[Any], now: float) -> None:
        """Raises LostError where the broker confirms nothing any more, or lost confirmations leave no room."""
        if unconfirmed.stalled(now):
            raise self.lost(MQTTErrorCode.MQTT_ERR_KEEPALIVE)
        if unconfirmed.starved():
            raise StarvedError(STARVED)

    def leave(self) -> None:
        """Say DISCONNECT: the broker then sends no last will."""
        self.client.disconnect()
        with contextlib.suppress(OSError, struct.error):
            self.client.loop(0.0)

    def close(self) -> None:
        """Close it, without a word where `leave` was not called before."""
        hang_up(self.client)

    def _on_connect(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._ended_for(reason)
            client.disconnect()
            return
        if properties is not None:
            self.limits = self.limits.within(properties)
        self.client.let_under_way(self.limits.under_way)
        self._welcomed = True

    def _ended_for(self, reason: ReasonCode) -> None:
        self._why = self._faults.of_refusal(reason)
        self.lesson = self.limits.after(reason.value)
        self.throttled = reason.value in THROTTLED

    def _on_disconnect(self, _client: mqtt.Client, _data: Any, flags: Any, reason: ReasonCode, _props: Any) -> None:
        if flags.is_disconnect_packet_from_server:
            self._ended_for(reason)
        elif reason.value == SILENT:
            self._why = self._faults.of_loss(MQTTErrorCode.MQTT_ERR_KEEPALIVE)


def connected(make: Callable[[], Connection], dialler: Dialler, stop: threading.Event) -> Connection | None:
    """An open connection, by the first address of the broker's name that has a broker; None where ``stop`` came first.

    Raises OSError, of the last address that was tried.
    """
    while True:
        connection = make()
        try:
            if connection.open(dialler, stop):
                return connection
        except OSError:
            connection.close()
            if dialler.others and not stop.is_set():
                continue
            raise
        connection.close()
        return None
