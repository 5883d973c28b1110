"""The link's one thread: connected or trying again, publishing from the ledger and reading what comes.

paho's own thread dies silently with an exception in a callback, so it is not used: this thread calls ``loop()``, and
what goes wrong in it ends it in sight of the daemon. It asks ``stop`` every second or two, whatever the network does.
"""

import struct
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge.contract.agency import Agency
from edge.contract.context import why_older
from edge.contract.messages import Ack, Status, encode
from edge.domain.inputs import MergeVisits
from edge.domain.state import State
from edge.errors import UserError
from edge.mqtt.broker import BrokerConfig, make_client
from edge.mqtt.tolerant import tolerate
from edge.vehicle.inbox import Acknowledged, ContextVerified, PlanVerified, Post
from edge.vehicle.link import faults
from edge.vehicle.link.connect import ATTEMPT_S, Dialler, back_off, hang_up, pause
from edge.vehicle.link.inbound import Inbound, why_ignored
from edge.vehicle.link.outbound import now_of, status
from edge.vehicle.link.publisher import Publisher, Records
from edge.vehicle.link.sender import Sender
from edge.vehicle.link.troubles import Troubles
from edge.vehicle.view.snapshot import LinkView

POLL_S: Final = 0.1
LISTEN_S: Final = 15.0
DRAIN_S: Final = 3.0
GOODBYE_S: Final = 1.0
STEADY_S: Final = 30.0
"""A connection that lasted so long was a good one: the next failure is a first one."""


class Link:
    """One vehicle's end of the wire. ``state``: the latest committed one; ``show``: tells the screen how it stands.

    ``context_number``: of the context in force, 0 where there is none.
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
        context_number: Callable[[], int] = int,
    ) -> None:
        self._agency = agency
        self._broker = broker
        self._records = records
        self._state = state
        self._post = post
        self._show = show
        self._software = software
        self._context_number = context_number
        self._inbound = Inbound(agency, state().unit, district)
        self._sender = Sender(acknowledged)
        self._view = LinkView()
        self._troubles = Troubles()
        self._dialler = Dialler()
        self._publisher: Publisher | None = None  # while there is a session
        self._failures = 0  # since the last connection that lasted
        self._why = ""  # what the broker said against us before it hung up
        self._listened_at = 0.0
        self._messages: list[mqtt.MQTTMessage] = []
        self._planned: set[str] = set()  # shifts a plan came for; the engine may not have it yet

    def run(self, stop: threading.Event) -> None:
        """Keep connected until ``stop``."""
        while not stop.is_set():
            self._tell(state="connecting")
            began = time.monotonic()
            try:
                self._connection(stop)
            except (OSError, UserError) as error:
                self._failures = 1 if time.monotonic() - began > STEADY_S else self._failures + 1
                self._troubles.say("connection", self._why or faults.of_connecting(error, self._broker))
                self._tell(state="offline")
                pause(back_off(self._failures), stop)

    def _connection(self, stop: threading.Event) -> None:
        """One connection, from its opening to its end."""
        self._why, self._messages = "", []
        client = self._make()
        deadline = time.monotonic() + ATTEMPT_S
        if not self._dialler.dial(client, self._broker, deadline, stop):
            return
        try:
            while self._publisher is None:
                if stop.is_set():
                    return
                if time.monotonic() > deadline:
                    raise TimeoutError
                self._turn(client, POLL_S)
            self._session(client, self._publisher, stop)
        finally:
            self._publisher = None
            hang_up(client)

    def _session(self, client: mqtt.Client, publisher: Publisher, stop: threading.Event) -> None:
        """From the broker's welcome to the end."""
        while not stop.is_set():
            busy = self._publish(publisher)
            self._turn(client, 0.0 if busy else POLL_S)
            self._take(stop)
            self._listen_again(publisher)
        self._drain(client, publisher, stop)
        self._say_goodbye(client, publisher, stop)

    def _turn(self, client: mqtt.Client, timeout_s: float) -> None:
        """Let paho read and write. Raises ConnectionError where the connection is lost, or the broker stalls."""
        try:
            code = client.loop(timeout_s)
        except struct.error:  # a packet that ends before its time
            code = MQTTErrorCode.MQTT_ERR_PROTOCOL
        if code is not MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise ConnectionError(faults.of_loss(code, welcomed=self._publisher is not None))
        if self._publisher is not None and self._publisher.stalled():
            raise ConnectionError(faults.of_loss(MQTTErrorCode.MQTT_ERR_KEEPALIVE))

    def _make(self) -> mqtt.Client:
        state = self._state()
        client = make_client(state.unit, self._broker)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        tolerate(client, self._passed_over)
        gone = self._status(online=False)
        client.will_set(self._inbound.topics.status(state.unit), encode(gone), qos=1, retain=True)
        return client

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
        if reason.is_failure:
            self._why = faults.of_refusal(reason)
            client.disconnect()
            return
        topics, troubles = self._inbound.topics, self._troubles
        self._publisher = Publisher(client, topics, self._records, self._sender, self._state, self._status, troubles)
        self._listen(self._publisher)
        self._sender.connected(time.monotonic())
        troubles.say("connection", "")
        troubles.say("headquarters", "")
        troubles.say("message", "")  # a retained one comes again
        self._tell(state="connected")

    def _on_disconnect(self, _client: mqtt.Client, _data: Any, flags: Any, reason: ReasonCode, _props: Any) -> None:
        if flags.is_disconnect_packet_from_server:
            self._why = faults.of_refusal(reason)

    def _on_subscribe(self, _client: mqtt.Client, _data: Any, _mid: int, reasons: list[ReasonCode], _p: Any) -> None:
        refused = [reason for reason in reasons if reason.is_failure]
        self._troubles.say("listening", faults.of_listening(refused[0]) if refused else "")

    def _on_publish(self, _client: mqtt.Client, _data: Any, mid: int, reason: ReasonCode, _properties: Any) -> None:
        if self._publisher is not None:
            self._publisher.confirmed(mid, reason)

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self._messages.append(message)

    def _passed_over(self, why: str) -> None:
        self._troubles.say("message", f"a message that cannot be read was passed over ({why})")

    def _listen(self, publisher: Publisher) -> None:
        publisher.listen(self._inbound.subscriptions())
        self._listened_at = time.monotonic()

    def _listen_again(self, publisher: Publisher) -> None:
        """Ask once more for what the broker does not let us hear: its list may be mended."""
        if self._troubles.has("listening") and time.monotonic() - self._listened_at >= LISTEN_S:
            self._listen(publisher)

    def _publish(self, publisher: Publisher) -> bool:
        """Say what there is to say; whether records went out, and more may wait."""
        busy = publisher.publish()
        self._tell()
        return busy

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

    def _take(self, stop: threading.Event) -> None:
        """Read what has come, and pass on what is good."""
        messages, self._messages = self._messages, []
        for message in messages:
            stop.is_set()  # a sign of life: hundreds of long ones may have come
            try:
                said = self._inbound.read(message.topic, bytes(message.payload))
            except (UserError, UnicodeDecodeError) as error:
                self._troubles.say("message", str(error))
                self._tell()
                continue
            if isinstance(said, Ack):
                self._answered(said)
            elif isinstance(said, PlanVerified):
                self._planned.add(said.plan.shift)
                why = why_ignored(said.plan, self._state(), self._agency.calendar, self._planned)
                self._troubles.say("message", why)
                self._tell()
                self._post(said)
            elif isinstance(said, ContextVerified):
                self._troubles.say("message", why_older(said.context, self._context_number()))
                self._tell()
                self._post(said)
            elif said:
                self._post(MergeVisits(self._state().mono, said))

    def _answered(self, ack: Ack) -> None:
        if ack.ledger != self._state().ledger:
            return
        if self._records.hash_at(ack.seq) != bytes.fromhex(ack.head):
            other = f"headquarters holds another record {ack.seq} than this vehicle; {faults.TELL}"
            self._troubles.say("record", other)
            self._tell()
            return
        now = time.monotonic()
        self._sender.answer(ack.seq, now, lacking=ack.problem is not None)
        lost = ack.problem is not None and self._sender.losing(now)
        self._troubles.say("record", "")
        self._troubles.say("headquarters", faults.of_record(ack) if lost else "")
        self._post(Acknowledged(ack.seq))
        self._tell()

    def _drain(self, client: mqtt.Client, publisher: Publisher, stop: threading.Event) -> None:
        """Give the last records a moment to arrive; what does not is sent at the next start."""
        deadline = time.monotonic() + DRAIN_S
        while stop.is_set() and self._sender.acknowledged < self._state().seq and time.monotonic() < deadline:
            self._publish(publisher)
            self._turn(client, POLL_S)
            self._take(stop)

    def _say_goodbye(self, client: mqtt.Client, publisher: Publisher, stop: threading.Event) -> None:
        """Leave in order."""
        farewell = publisher.farewell()
        deadline = time.monotonic() + GOODBYE_S
        while stop.is_set() and not farewell.is_published() and time.monotonic() < deadline:
            self._turn(client, POLL_S)
        client.disconnect()

    def _tell(self, **changes: Any) -> None:
        """Show how the link stands, where that has changed."""
        queue = self._state().seq - self._sender.acknowledged
        view = replace(self._view, **changes, queue=queue, sentence=self._troubles.gravest())
        if view != self._view:
            self._view = view
            self._show(view)
