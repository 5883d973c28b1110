"""The link's one thread: connected or trying again, publishing from the ledger and reading what comes.

paho's own thread dies silently with an exception in a callback, so it is not used: this thread calls ``loop()``, and
what goes wrong in it ends it in sight of the daemon. Nothing queues here: what is not acknowledged is in the ledger.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol

import paho.mqtt.client as mqtt
from paho.mqtt.enums import MQTTErrorCode

from edge.contract.agency import Agency
from edge.contract.broker import KEEPALIVE_S, BrokerConfig, make_client
from edge.contract.messages import Ack, Status, Visits, encode
from edge.domain.inputs import MergeVisits
from edge.domain.state import State
from edge.errors import UserError
from edge.vehicle.inbox import Acknowledged, PlanVerified, Post
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.link.outbound import now_of, own_visits, record_properties, status
from edge.vehicle.link.sender import Sender
from edge.vehicle.snapshot import LinkView

BATCH: Final = 128
POLL_S: Final = 0.1
STATUS_S: Final = 15.0
DRAIN_S: Final = 3.0
BACK_OFF_S: Final = (1.0, 2.0, 4.0, 8.0)


class Records(Protocol):
    """The ledger as the link reads it; `edge.vehicle.store.ledger.Reader` does it."""

    def after(self, seq: int, limit: int) -> list[tuple[int, bytes, bytes]]:
        """Sequence number, bytes and hash of the records after a number, in order."""

    def hash_at(self, seq: int) -> bytes | None:
        """The chain's hash after a record, None where there is none."""


class Link:
    """One vehicle's end of the wire. ``state``: the latest committed one; ``show``: tells the screen how it stands."""

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
    ) -> None:
        self._agency = agency
        self._broker = broker
        self._records = records
        self._state = state
        self._post = post
        self._show = show
        self._software = software
        self._inbound = Inbound(agency, state().unit, district)
        self._sender = Sender(acknowledged)
        self._view = LinkView()
        self._connected = False
        self._failures = 0  # since the last good connection
        self._denied = ""  # why the broker will not have us
        self._mismatch = ""  # that headquarters' ledger is not ours
        self._refused = ""  # why the last message was refused; a good one of its kind clears it
        self._said_visits: Visits | None = None
        self._said_status: Status | None = None
        self._status_at = 0.0
        self._messages: list[mqtt.MQTTMessage] = []

    def run(self, stop: threading.Event) -> None:
        """Keep connected until ``stop``."""
        while not stop.is_set():
            self._tell(state="connecting", sentence="")
            try:
                self._session(stop)
            except (OSError, UserError) as error:
                self._tell(state="offline", sentence=self._denied or f"the broker cannot be reached ({error})")
                stop.wait(BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)])
                self._failures += 1

    def _session(self, stop: threading.Event) -> None:
        """One connection, from its opening to its end."""
        self._denied = ""
        client = self._make()
        client.connect(self._broker.host, self._broker.port, KEEPALIVE_S, clean_start=True)
        try:
            while not stop.is_set():
                busy = self._publish(client) if self._connected else False
                code = client.loop(0.0 if busy else POLL_S)
                if code is not MQTTErrorCode.MQTT_ERR_SUCCESS:
                    raise ConnectionError(mqtt.error_string(code))
                self._take()
            if self._connected:
                self._drain(client)
                self._say_goodbye(client)
        finally:
            self._connected = False

    def _make(self) -> mqtt.Client:
        state = self._state()
        client = make_client(state.unit, self._broker)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        gone = self._status(online=False)
        client.will_set(self._inbound.topics.status(state.unit), encode(gone), qos=1, retain=True)
        return client

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any = None) -> None:
        if reason.is_failure:
            self._denied = f"the broker refused the connection ({reason})"
            client.disconnect()
            return
        client.subscribe([(topic, 1) for topic in self._inbound.subscriptions()])
        self._connected, self._failures = True, 0
        self._sender.connected(time.monotonic())
        self._said_status = self._said_visits = None
        self._tell(state="connected", sentence="")

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self._messages.append(message)

    def _publish(self, client: mqtt.Client) -> bool:
        """Say what there is to say; whether records went out, and more may wait."""
        self._publish_state(client)
        now = time.monotonic()
        if self._sender.overdue(now):
            self._tell(sentence="headquarters does not answer")
        after, room = self._sender.window()
        rows = self._records.after(after, min(room, BATCH)) if room > 0 and self._state().seq > after else []
        topic = self._inbound.topics.events(self._state().unit)
        for seq, body, head in rows:
            properties = record_properties(self._state().unit, body, head)
            client.publish(topic, body, qos=1, properties=properties)
            self._sender.sent(seq, now)
        self._tell(queue=self._state().seq - self._sender.acknowledged)
        return bool(rows)

    def _publish_state(self, client: mqtt.Client) -> None:
        now, unit = time.monotonic(), self._state().unit
        visits = own_visits(self._state())
        if visits != self._said_visits:
            client.publish(self._inbound.topics.visits(unit), encode(visits), qos=1, retain=True)
            self._said_visits = visits
        if self._said_status is None or now - self._status_at >= STATUS_S:
            self._said_status, self._status_at = self._status(online=True), now
            client.publish(self._inbound.topics.status(unit), encode(self._said_status), qos=1, retain=True)

    def _status(self, *, online: bool) -> Status:
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

    def _take(self) -> None:
        """Read what has come, and pass on what is good."""
        messages, self._messages = self._messages, []
        for message in messages:
            try:
                said = self._inbound.read(message.topic, bytes(message.payload))
            except (UserError, UnicodeDecodeError) as error:
                self._refused = str(error)
                self._tell()
                continue
            if isinstance(said, Ack):
                self._answered(said)
            elif isinstance(said, PlanVerified):
                self._refused = ""
                self._post(said)
            elif said:
                self._post(MergeVisits(self._state().mono, said))

    def _answered(self, ack: Ack) -> None:
        if ack.ledger != self._state().ledger:
            return
        if self._records.hash_at(ack.seq) != bytes.fromhex(ack.head):
            self._mismatch = f"headquarters holds another record {ack.seq} than this vehicle; tell your fleet admin"
            self._tell()
            return
        self._mismatch = ""
        self._sender.answer(ack.seq, time.monotonic(), lacking=ack.problem is not None)
        self._post(Acknowledged(ack.seq))
        self._tell(sentence=ack.problem or "")

    def _drain(self, client: mqtt.Client) -> None:
        """Give the last records a moment to arrive; what does not is sent at the next start."""
        deadline = time.monotonic() + DRAIN_S
        while self._sender.acknowledged < self._state().seq and time.monotonic() < deadline:
            self._publish(client)
            if client.loop(POLL_S) is not MQTTErrorCode.MQTT_ERR_SUCCESS:
                return
            self._take()

    def _say_goodbye(self, client: mqtt.Client) -> None:
        """Leave in order: the last will is not sent, so say the same."""
        farewell = client.publish(
            self._inbound.topics.status(self._state().unit), encode(self._status(online=False)), qos=1, retain=True
        )
        deadline = time.monotonic() + 1.0
        while not farewell.is_published() and time.monotonic() < deadline:
            if client.loop(POLL_S) is not MQTTErrorCode.MQTT_ERR_SUCCESS:
                return
        client.disconnect()

    def _tell(self, **changes: Any) -> None:
        """Show a change of how the link stands; a refused message is told where there is no worse to tell."""
        self._view = replace(self._view, **changes)
        self._show(replace(self._view, sentence=self._mismatch or self._view.sentence or self._refused))
