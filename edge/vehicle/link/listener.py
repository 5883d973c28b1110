"""What comes in a session: each message is read when the link's thread has time for it, and what is good is handed on.

Must not publish; an acknowledgement only moves the cursor.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import inf
from typing import Final

import paho.mqtt.client as mqtt

from edge.contract.messages import Ack
from edge.domain.inputs import MergeVisits
from edge.domain.shift import Calendar
from edge.domain.state import State
from edge.text.coded import CodedError
from edge.text.words import Notice
from edge.vehicle.in_force import InForce, why_ignored
from edge.vehicle.inbox import Acknowledged, Diverged, DocumentVerified, PlanVerified, Post
from edge.vehicle.link.comparison import Comparison
from edge.vehicle.link.faults import of_other_record, of_purged, of_record
from edge.vehicle.link.inbound import Inbound, Said
from edge.vehicle.link.publisher import Records
from edge.vehicle.link.reports import Reports
from edge.vehicle.link.sender import Sender
from edge.vehicle.link.troubles import Troubles

PATIENCE_S: Final = 600.0
"""Between two ledgers begun anew: whoever could forge acknowledgements must not fill the disk with them."""


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
        self._reports = Reports()
        self._planned: set[str] = set()  # shifts a plan came for; the engine may not have it yet
        self._comparison: Comparison | None = None  # while headquarters holds other records of this ledger
        self._left: str | None = None  # the ledger that the engine was asked to leave
        self._left_at = -inf

    @property
    def asked(self) -> tuple[int, ...]:
        """The numbers of records whose hashes at headquarters are to be known."""
        return self._comparison.questions() if self._comparison is not None else ()

    def came(self, message: mqtt.MQTTMessage) -> None:
        """A message has come; it is read later. Of the reports that come at once each vehicle's last one is held."""
        with suppress(UnicodeDecodeError):
            if self._inbound.reporter(message.topic) is not None:
                self._reports.put(message)
                return
        self._messages.append(message)

    def read(self) -> Iterator[None]:
        """Read what has come, a message a step."""
        messages, self._messages = self._messages, []
        for message in messages:
            self._read(message)
            yield
        for message in self._reports.due(time.monotonic()):
            self._read(message)
            yield

    def _read(self, message: mqtt.MQTTMessage) -> None:
        try:
            properties = dict(getattr(message.properties, "UserProperty", ()))
            said = self._inbound.read(message.topic, bytes(message.payload), properties)
        except CodedError as error:
            self._troubles.say("message", error.why)
        except UnicodeDecodeError:
            self._troubles.say("message", Notice("message.not_utf8"))
        else:
            self._hand_on(said, self._inbound.reporter(message.topic))

    def _hand_on(self, said: Said | None, reporter: str | None) -> None:
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
        elif said is not None:
            self._post(MergeVisits(self._state().mono, said, reporter))

    def _answered(self, ack: Ack) -> None:
        now = time.monotonic()
        if ack.ledger != self._state().ledger or self._leaving(now):
            return
        if ack.seq < (purged := self._records.purged()):
            self._troubles.say("record", of_purged(ack, purged))
            self._sender.connected(now)  # nothing of this ledger would be accepted
            self._leave(ack.ledger, purged, now)
            return
        if self._records.hash_at(ack.seq) != bytes.fromhex(ack.head):
            self._compare(ack, now)
            return
        self._comparison = None
        self._sender.answer(ack.seq, now, lacking=ack.problem is not None)
        lost = ack.problem is not None and self._sender.losing(now)
        self._troubles.say("record", None)
        self._troubles.say("headquarters", of_record(ack) if lost else None)
        self._post(Acknowledged(ack.seq))

    def _leaving(self, now: float) -> bool:
        """Whether the engine is at it; where it could not leave the ledger, the link reads it again after a while."""
        if self._left != self._state().ledger:
            return False
        if now - self._left_at < PATIENCE_S:
            return True
        self._records.reopen()
        self._left = None
        return False

    def _compare(self, ack: Ack, now: float) -> None:
        """Headquarters holds other records of this ledger: look for the last one in common, then leave the ledger."""
        self._troubles.say("record", of_other_record(ack))
        self._sender.connected(now)  # nothing is sent meanwhile
        if self._comparison is None:
            self._comparison = Comparison(min(ack.seq, self._state().seq + 1), self._records.purged())
        self._comparison.heard(ack.hashes, self._records.hash_at)
        if self._comparison.found is not None:
            self._leave(ack.ledger, self._comparison.found, now)

    def _leave(self, ledger: str, common: int, now: float) -> None:
        """Have the engine go on in another ledger, with the records after ``common``; not too often."""
        if now - self._left_at >= PATIENCE_S:
            self._records.close()
            self._left, self._left_at = ledger, now
            self._post(Diverged(ledger, common))
            self._comparison = None
