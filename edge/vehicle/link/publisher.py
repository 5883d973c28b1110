"""What the vehicle says in one session with the broker: its records in order, its own visits, its status.

Nothing queues here but what paho has under way: what headquarters has not acknowledged is in the ledger. Must not read
what comes.
"""

import time
from collections.abc import Callable
from typing import Final, Protocol

import paho.mqtt.client as mqtt

from edge.contract.messages import Status, Visits, encode
from edge.domain.shift import Shift
from edge.domain.state import State
from edge.domain.visits import VisitBook
from edge.mqtt.announcement import OF_MESSAGE
from edge.vehicle.link.confirmations import Confirmations, What
from edge.vehicle.link.faults import HEADQUARTERS_SILENT
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.link.outbound import own_visits, record_properties
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
        self._said_visits: Visits | None = None
        self._book: VisitBook | None = None
        self._shift: Shift | None = None
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
            self._confirmations.published(sent.mid, "records", now)
            self._sender.sent(seq, now)
        return bool(rows)

    def farewell(self) -> mqtt.MQTTMessageInfo:
        """Say that the vehicle goes: after a farewell in order the broker does not send the last will."""
        return self._keep("status", self._topics.status(self._state().unit), self._status(False))

    def confirmed(self, mid: int) -> What | None:
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
        """Visits when they change, the status every 15 s; with it once more the visits, where they were refused."""
        state, now = self._state(), time.monotonic()
        pause = self._timings.status_s if self._sender.ready else self._ask_s
        due = self._status_at is None or now - self._status_at >= pause
        self._publish_visits(state, again=due and self._troubles.has("visits"))
        if due:
            self._keep("status", self._topics.status(state.unit), self._status(True))
            if self._status_at is not None:
                self._ask_s = min(2.0 * self._ask_s, self._timings.status_s)
            self._status_at = now

    def _publish_visits(self, state: State, *, again: bool) -> None:
        """The vehicle's own, where they are others than it said; looked at only in a new book or a new shift."""
        if not again and state.visits is self._book and state.shift is self._shift:
            return
        self._book, self._shift = state.visits, state.shift
        visits = own_visits(state)
        if again or visits != self._said_visits:
            self._keep("visits", self._topics.visits(state.unit), visits)
            self._said_visits = visits

    def _keep(self, what: What, topic: str, message: Visits | Status) -> mqtt.MQTTMessageInfo:
        """Publish what the broker is to retain."""
        sent = self._client.publish(topic, encode(message), qos=1, retain=True, properties=OF_MESSAGE)
        self._confirmations.published(sent.mid, what, time.monotonic())
        return sent
