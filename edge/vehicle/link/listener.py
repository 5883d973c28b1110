"""What comes in a session: each message is read when the link's thread has time for it, and what is good is handed on.

Must not publish; an acknowledgement only moves the cursor.
"""

import time
from collections.abc import Callable, Iterator

import paho.mqtt.client as mqtt

from edge.contract.messages import Ack
from edge.domain.inputs import MergeVisits
from edge.domain.shift import Calendar
from edge.domain.state import State
from edge.errors import UserError
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import Acknowledged, DocumentVerified, PlanVerified, Post
from edge.vehicle.link.faults import of_other_record, of_record
from edge.vehicle.link.inbound import Inbound, Said, why_ignored
from edge.vehicle.link.publisher import Records
from edge.vehicle.link.sender import Sender
from edge.vehicle.link.troubles import Troubles


class Listener:
    """Hears for one vehicle. ``post``: the engine's inbox; ``in_force``: signed documents."""

    def __init__(
        self,
        inbound: Inbound,
        sender: Sender,
        records: Records,
        state: Callable[[], State],
        post: Post,
        troubles: Troubles,
        calendar: Calendar,
        in_force: InForce,
    ) -> None:
        self._inbound = inbound
        self._sender = sender
        self._records = records
        self._state = state
        self._post = post
        self._troubles = troubles
        self._calendar = calendar
        self._in_force = in_force
        self._messages: list[mqtt.MQTTMessage] = []
        self._planned: set[str] = set()  # shifts a plan came for; the engine may not have it yet

    def came(self, message: mqtt.MQTTMessage) -> None:
        """A message has come; it is read later."""
        self._messages.append(message)

    def read(self) -> Iterator[None]:
        """Read what has come, a message a step."""
        messages, self._messages = self._messages, []
        for message in messages:
            try:
                properties = dict(getattr(message.properties, "UserProperty", ()))
                said = self._inbound.read(message.topic, bytes(message.payload), properties)
            except (UserError, UnicodeDecodeError) as error:
                self._troubles.say("message", str(error))
            else:
                self._hand_on(said)
            yield

    def _hand_on(self, said: Said | None) -> None:
        if isinstance(said, Ack):
            self._answered(said)
        elif isinstance(said, PlanVerified):
            self._planned.add(said.plan.shift)
            why = why_ignored(said.plan, self._state(), self._calendar, self._planned)
            self._troubles.say("message", why)
            self._post(said)
        elif isinstance(said, DocumentVerified):
            self._troubles.say("message", self._in_force.why_older(said.document))
            self._post(said)
        elif said:
            self._post(MergeVisits(self._state().mono, said))

    def _answered(self, ack: Ack) -> None:
        if ack.ledger != self._state().ledger:
            return
        if self._records.hash_at(ack.seq) != bytes.fromhex(ack.head):
            self._troubles.say("record", of_other_record(ack))
            return
        now = time.monotonic()
        self._sender.answer(ack.seq, now, lacking=ack.problem is not None)
        lost = ack.problem is not None and self._sender.losing(now)
        self._troubles.say("record", "")
        self._troubles.say("headquarters", of_record(ack) if lost else "")
        self._post(Acknowledged(ack.seq))
