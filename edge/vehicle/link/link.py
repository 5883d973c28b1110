"""The link's one thread: what it does in a session with the broker, and how it shows where it stands.

`edge.mqtt` connects and connects again; `publisher` says what there is to say, `listener` reads what comes. A bug in
any of them ends this thread in sight of the daemon.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge.contract.agency import Agency
from edge.contract.messages import LARGEST_PACKET, Status, encode
from edge.domain.state import State
from edge.mqtt.announcement import OF_WILL
from edge.mqtt.broker import BrokerConfig
from edge.mqtt.connection import Connection
from edge.mqtt.connector import Connector
from edge.mqtt.dialler import Terms
from edge.mqtt.faults import Faults, LostError
from edge.mqtt.limits import Limits
from edge.mqtt.probe import Probe
from edge.mqtt.subscriptions import Subscriptions
from edge.text.words import Notice
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import Post
from edge.vehicle.link.faults import VEHICLE, of_skipped
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.link.listener import Listener
from edge.vehicle.link.outbound import now_of, status
from edge.vehicle.link.publisher import Publisher, Records
from edge.vehicle.link.sender import Sender
from edge.vehicle.link.timings import TIMINGS, Timings
from edge.vehicle.link.troubles import Troubles
from edge.vehicle.view.snapshot import LinkView

EVERYBODY: Final = (Notice("source.headquarters"), Notice("source.fleet"))


class Link:
    """One vehicle's end of the wire. ``state``: the latest committed one; ``show``: tells the screen how it stands.

    ``in_force``: the signed documents that have force in this car, but for plans.
    """

    def __init__(
        self,
        agency: Agency,
        district: str,
        broker: BrokerConfig,
        records: Records,
        state: Callable[[], State],
        post: Post,
        show: Callable[[LinkView], None],
        *,
        acknowledged: int,
        software: str,
        in_force: InForce,
        timings: Timings = TIMINGS,
    ) -> None:
        self._agency = agency
        self._records = records
        self._state = state
        self._show = show
        self._software = software
        self._timings = timings
        self._faults = Faults(broker, VEHICLE)
        self._connector = Connector(broker, Terms(state().unit, LARGEST_PACKET), self._faults, timings.connection)
        self._inbound = Inbound(agency, state().unit, district, lambda digest: in_force.arrival(state(), digest))
        self._sender = Sender(acknowledged, timings)
        self._ledger = state().ledger
        self._troubles = Troubles()
        self._listener = Listener(
            self._inbound, self._sender, records, state, post, self._troubles, agency.calendar, in_force
        )
        self._view = LinkView()
        self._listened_at = 0.0
        self._from = self._inbound.sources()
        acks = self._inbound.topics.acks(state().unit)
        self._subscriptions = Subscriptions([*self._from], {acks})
        self._probe = Probe(partial(self._subscriptions.probe, acks), timings.repeat_s)
        self._publisher: Publisher | None = None  # while there is a session
        self._connection: Connection | None = None  # the last one

    def run(self, stop: threading.Event) -> None:
        """Keep connected until ``stop``."""
        self._connector.run(self, stop)

    def connecting(self) -> None:
        """An attempt begins."""
        self._publisher = None
        self._report(state="connecting")

    def lost(self, why: Notice) -> None:
        """There is no connection."""
        self._subscriptions.ended(time.monotonic())
        if self._connection is not None and self._connection.throttled:
            self._sender.hung_up(time.monotonic())
        self._connection = None
        self._troubles.say("connection", why)
        self._report(state="offline")

    def skipped(self, why: str) -> None:
        """A message could not be read."""
        self._troubles.say("message", of_skipped(why))

    def prepare(self, client: mqtt.Client, limits: Limits) -> None:
        """Its last will, and what it calls."""
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        topic = self._inbound.topics.status(self._state().unit)
        will = encode(self._status(online=False))
        client.will_set(topic, will, qos=limits.qos, retain=limits.retains, properties=OF_WILL)

    def session(self, connection: Connection, stop: threading.Event) -> None:
        """From the broker's welcome to the end. Raises ConnectionError where the broker is lost, or stalls."""
        publisher = self._begin(connection)
        while not stop.is_set():
            busy = self._publish(publisher)
            self._turn(connection, publisher, 0.0 if busy else publisher.pause_s())
            self._read(stop)
            self._listen_again()
        self._drain(connection, publisher, stop)
        self._say_goodbye(connection, publisher, stop)

    def _begin(self, connection: Connection) -> Publisher:
        now, faults = time.monotonic(), self._faults
        self._connection = connection
        self._publisher = publisher = Publisher(
            connection,
            self._inbound.topics,
            self._records,
            self._sender,
            self._state,
            self._status,
            lambda: self._listener.asked,
            self._troubles,
            faults,
            self._timings,
        )
        self._subscriptions.begin(connection, now)
        self._listened_at = now
        self._sender.connected(now)
        self._troubles.clear("connection", "headquarters", "message")  # a message that was retained comes again
        self._say_refused()
        self._report(state="connected")
        return publisher

    def _turn(self, connection: Connection, publisher: Publisher, timeout_s: float | None = None) -> None:
        connection.turn(timeout_s)
        now = time.monotonic()
        self._probe.tend(publisher.unconfirmed, now)
        try:
            connection.check(publisher.unconfirmed, now)
        except LostError:
            self._sender.stalled(publisher.unconfirmed.lacking, now)
            raise
        if self._subscriptions.overdue(now):
            raise connection.lost(MQTTErrorCode.MQTT_ERR_KEEPALIVE)

    def _listen_again(self) -> None:
        """Ask once more, some time after the last, for what the broker refused."""
        now = time.monotonic()
        if self._troubles.has("listening") and now - self._listened_at >= self._timings.listen_s:
            self._listened_at = now
            self._subscriptions.ask_again(now)

    def _publish(self, publisher: Publisher) -> bool:
        """Say what there is to say; whether records went out, and more may wait."""
        if (ledger := self._state().ledger) != self._ledger:
            self._begin_ledger(ledger, publisher)
        busy = publisher.publish()
        self._report()
        return busy

    def _begin_ledger(self, ledger: str, publisher: Publisher) -> None:
        """The engine has left the ledger that headquarters holds otherwise."""
        self._ledger = ledger
        self._records.reopen()
        self._sender.begin_ledger(time.monotonic())
        self._troubles.clear("record")
        publisher.say_status()

    def _read(self, stop: threading.Event) -> None:
        asked = self._listener.asked
        for _ in self._listener.read():
            stop.is_set()  # a sign of life: hundreds of long messages may have come
            self._report()
        if self._publisher is not None and self._listener.asked not in ((), asked):
            self._publisher.say_status()

    def _drain(self, connection: Connection, publisher: Publisher, stop: threading.Event) -> None:
        """Give the last records a moment to arrive; what does not is sent at the next start."""
        deadline = time.monotonic() + self._timings.drain_s
        while stop.is_set() and self._sender.acknowledged < self._state().seq and time.monotonic() < deadline:
            self._publish(publisher)
            self._turn(connection, publisher)
            self._read(stop)

    def _say_goodbye(self, connection: Connection, publisher: Publisher, stop: threading.Event) -> None:
        """Leave in order."""
        publisher.farewell()
        deadline = time.monotonic() + self._timings.goodbye_s
        while stop.is_set() and publisher.under_way() and time.monotonic() < deadline:
            self._turn(connection, publisher)
        connection.leave()

    def _status(self, online: bool) -> Status:
        state = self._state()
        message = status(
            state,
            self._agency.policy.metering,
            acknowledged=self._sender.acknowledged,
            software=self._software,
            agency_hash=self._agency.hash,
            time=now_of(state),
        )
        return message.model_copy(update={"online": online})

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self._listener.came(message)

    def _on_publish(self, _client: mqtt.Client, _data: Any, mid: int, reason: ReasonCode, _properties: Any) -> None:
        what = self._publisher.confirmed(mid) if self._publisher is not None else None
        if what is not None:
            self._troubles.say(what, self._faults.of_publishing(what, reason) if reason.is_failure else None)

    def _on_subscribe(self, _client: mqtt.Client, _data: Any, mid: int, reasons: list[ReasonCode], _p: Any) -> None:
        self._subscriptions.answered(mid, reasons, time.monotonic())
        if self._publisher is not None:
            self._probe.answered(mid, self._publisher.unconfirmed)
        self._say_refused()

    def _say_refused(self) -> None:
        """From whom the broker does not let us receive."""
        refused = self._subscriptions.refused
        everybody = len(refused) == len(self._from)
        whom = (
            (Notice("source.headquarters"), Notice("source.fleet"))
            if everybody
            else tuple(self._from[one] for one in refused)
        )
        why = next(iter(refused.values()), "")
        self._troubles.say("listening", self._faults.of_listening(whom, why) if refused else None)

    def _report(self, **changes: Any) -> None:
        """Show how the link stands, where that has changed."""
        queue = self._state().seq - self._sender.acknowledged
        view = replace(self._view, **changes, queue=queue, notice=self._troubles.gravest())
        if view != self._view:
            self._view = view
            self._show(view)
