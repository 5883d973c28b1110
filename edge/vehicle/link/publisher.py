"""What the vehicle says in one session with the broker: its records in order, its own visits, its status.

Nothing queues here but what paho has under way: what headquarters has not acknowledged is in the ledger. Must not read
what comes.
"""

import time
from collections.abc import Callable
from operator import is_
from typing import Final, Protocol

import paho.mqtt.client as mqtt

from edge.contract.messages import OfVehicle, Status, encode
from edge.contract.vehicle_messages import STATUS
from edge.domain.state import State
from edge.mqtt.announcement import OF_MESSAGE
from edge.vehicle.link.confirmations import RECORDS, Confirmations
from edge.vehicle.link.faults import HEADQUARTERS_SILENT
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.link.outbound import OF_STATE, OfState, record_properties
from edge.vehicle.link.sender import Sender
from edge.vehicle.link.timings import Timings
from edge.vehicle.link.troubles import Troubles

BATCH: Final = 128


class Records(Protocol):
    """The ledger as the link reads it; `edge.vehicle.store.ledger.Reader` does it."""

    def after(self, seq: int, limit: int) -> list[tuple[int, bytes, bytes]]:
        """Sequence number, bytes and hash of the records after a number, in order."""

    def hash_at(self, seq: int) -> bytes | None:
        """The chain's hash after a record, None where there is none."""


class Publisher:
    """One session's. ``status``: the message for now, with whether the vehicle is online."""

    def __init__(
        self,
        client: mqtt.Client,
        inbound: Inbound,
        records: Records,
        sender: Sender,
        state: Callable[[], State],
        status: Callable[[bool], Status],
        troubles: Troubles,
        timings: Timings,
    ) -> None:
        self._client = client
        self._topics = inbound.topics
        self._subscriptions = [(topic, 1) for topic in inbound.subscriptions()]
        self._records = records
        self._sender = sender
        self._state = state
        self._status = status
        self._troubles = troubles
        self._timings = timings
        self._confirmations = Confirmations(timings.confirm_s)
        self._made_of: dict[str, tuple[object, ...]] = {}
        self._said: dict[str, OfVehicle] = {}
        self._status_at: float | None = None
        self._ask_s = timings.ask_s
        self._listened_at = 0.0

    def publish(self) -> bool:
        """Say what there is to say; whether records went out, and more may wait."""
        self._publish_state()
        now, state = time.monotonic(), self._state()
        if self._sender.overdue(now, on_the_way=self._confirmations.awaits_records()):
            self._troubles.say("headquarters", HEADQUARTERS_SILENT)
        after, room = self._sender.window()
        rows = self._records.after(after, min(room, BATCH)) if room > 0 and state.seq > after else []
        topic = self._topics.events(state.unit)
        for seq, body, head in rows:
            sent = self._client.publish(topic, body, qos=1, properties=record_properties(state.unit, body, head))
            self._confirmations.published(sent.mid, RECORDS, now)
            self._sender.sent(seq, now)
        return bool(rows)

    def farewell(self) -> mqtt.MQTTMessageInfo:
        """Say that the vehicle goes: after a farewell in order the broker does not send the last will."""
        return self._keep(STATUS.name, self._status(False))

    def confirmed(self, mid: int) -> str | None:
        """The broker answers for a publication; what it was, None where it was none of this session."""
        return self._confirmations.confirmed(mid, time.monotonic())

    def stalled(self) -> bool:
        """Whether the broker has confirmed nothing for too long."""
        return self._confirmations.stalled(time.monotonic())

    def listen(self) -> None:
        """Ask to hear what is meant for this vehicle."""
        self._client.subscribe(self._subscriptions)
        self._listened_at = time.monotonic()

    def listen_again(self) -> None:
        """Ask once more, some time after the last."""
        if time.monotonic() - self._listened_at >= self._timings.listen_s:
            self.listen()

    def _publish_state(self) -> None:
        """What is made of the state when it changes, the status every 15 s; with it once more what was refused."""
        state, now = self._state(), time.monotonic()
        pause = self._timings.status_s if self._sender.ready else self._ask_s
        due = self._status_at is None or now - self._status_at >= pause
        for name, one in OF_STATE.items():
            self._publish_changed(name, one, state, again=due and self._troubles.has(name))
        if due:
            self._keep(STATUS.name, self._status(True))
            if self._status_at is not None:
                self._ask_s = min(2.0 * self._ask_s, self._timings.status_s)
            self._status_at = now

    def _publish_changed(self, name: str, one: OfState, state: State, *, again: bool) -> None:
        """A message, where it says something else than before; made only where what it is made of is new."""
        parts, before = one.parts(state), self._made_of.get(name)
        if not again and before is not None and all(map(is_, parts, before)):
            return
        self._made_of[name] = parts
        message = one.make(state)
        if again or message != self._said.get(name):
            self._keep(name, message)
            self._said[name] = message

    def _keep(self, name: str, message: OfVehicle) -> mqtt.MQTTMessageInfo:
        """Publish what the broker is to retain, by the name of its row."""
        topic = self._topics.of_vehicle(name, message.unit)
        sent = self._client.publish(topic, encode(message), qos=1, retain=True, properties=OF_MESSAGE)
        self._confirmations.published(sent.mid, name, time.monotonic())
        return sent
