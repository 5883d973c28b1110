"""What the vehicle says in one session with the broker: its records in order, its own visits, its status.

Nothing queues here but what paho has under way: what headquarters has not acknowledged is in the ledger. Must not read
what comes.
"""

import time
from collections.abc import Callable, Mapping
from operator import is_
from typing import Final, Protocol

from paho.mqtt.properties import Properties

from edge.contract.comparison import PROPERTY, question
from edge.contract.messages import OfVehicle, Status, encode
from edge.contract.topics import Topics
from edge.contract.vehicle_messages import STATUS
from edge.domain.state import State
from edge.mqtt.announcement import of_message
from edge.mqtt.connection import Connection
from edge.mqtt.faults import Faults
from edge.mqtt.limits import TooLongError
from edge.mqtt.unconfirmed import Unconfirmed
from edge.text.words import Notice
from edge.vehicle.link.faults import HEADQUARTERS_SILENT
from edge.vehicle.link.outbound import OF_STATE, OfState, record_properties
from edge.vehicle.link.sender import Sender
from edge.vehicle.link.timings import Timings
from edge.vehicle.link.troubles import Troubles

BATCH: Final = 128
NOTHING: Final[Mapping[str, str]] = {}

RECORDS: Final = "records"
"""What ledger records are called among the troubles; a publication has its number, or the name of its row."""


class Records(Protocol):
    """The ledger as the link reads it; `edge.vehicle.store.ledger.Reader` does it."""

    def after(self, seq: int, limit: int) -> list[tuple[int, bytes, bytes]]:
        """Sequence number, bytes and hash of the records after a number, in order."""

    def hash_at(self, seq: int) -> bytes | None:
        """The chain's hash after a record, None where there is none."""

    def purged(self) -> int:
        """The last record that is in the car no more; 0 where all are."""

    def close(self) -> None:
        """Let go of the file, for it to be replaced."""

    def reopen(self) -> None:
        """Read the file that is there now."""


class Publisher:
    """One session's. ``status``: the message for now, with whether the vehicle is online.

    ``asked``: the numbers of records whose hashes headquarters is asked for.
    """

    def __init__(
        self,
        connection: Connection,
        topics: Topics,
        records: Records,
        sender: Sender,
        state: Callable[[], State],
        status: Callable[[bool], Status],
        asked: Callable[[], tuple[int, ...]],
        troubles: Troubles,
        faults: Faults,
        timings: Timings,
    ) -> None:
        self._connection = connection
        self._topics = topics
        self._records = records
        self._sender = sender
        self._state = state
        self._status = status
        self._asked = asked
        self._troubles = troubles
        self._faults = faults
        self._timings = timings
        self.unconfirmed: Unconfirmed[str | int] = Unconfirmed(timings.confirm_s, connection.limits.under_way)
        self._made_of: dict[str, tuple[object, ...]] = {}
        self._said: dict[str, OfVehicle] = {}
        self._lost: set[str] = set()
        self._status_at: float | None = None
        self._ask_s = timings.ask_s

    def publish(self) -> bool:
        """Say what there is to say; whether records went out, and more may wait."""
        self._notice_passed()
        self._publish_state()
        now, state = time.monotonic(), self._state()
        on_the_way = any(isinstance(one, int) for one in self.unconfirmed.open)
        if self._sender.overdue(now, on_the_way=on_the_way):
            self._troubles.say("headquarters", HEADQUARTERS_SILENT)
        (after, _), room = self._sender.window(), self._sender.room(now)
        rows = self._records.after(after, min(room, BATCH)) if room > 0 and state.seq > after else []
        topic, sent = self._topics.events(state.unit), False
        for seq, body, head in rows:
            if not self._hand_over(seq, topic, body, record_properties(state.unit, body, head)):
                break
            self._sender.sent(seq, now)
            sent = True
        return sent

    def pause_s(self) -> float | None:
        """Until the next record may be sent, where one waits for that and nothing else."""
        waiting = self._state().seq > self._sender.window()[0]
        return self._sender.pause_s() if waiting else None

    def farewell(self) -> None:
        """Say that the vehicle goes: after a farewell in order the broker does not send the last will."""
        self._keep(STATUS.name, self._status(False))

    def under_way(self) -> bool:
        """Whether something has not left yet, or is not confirmed."""
        return bool(self.unconfirmed.open) or self._connection.client.want_write()

    def confirmed(self, mid: int) -> str | None:
        """The broker answers for a publication; what it was, None where it was none of this session."""
        now = time.monotonic()
        what = self.unconfirmed.confirmed(mid, now)
        if not isinstance(what, int):
            return what
        self._sender.confirmed(now)
        return RECORDS

    def say_status(self) -> None:
        """Have the status said at once."""
        self._status_at, self._ask_s = None, self._timings.ask_s

    def _notice_passed(self) -> None:
        """What the broker will not confirm any more, for it has answered what came later."""
        for what in self.unconfirmed.passed():
            if isinstance(what, int):
                self._sender.passed(what)
            else:
                self._lost.add(what)

    def _publish_state(self) -> None:
        """What is made of the state when it changes, the status every 15 s; with it what the broker refused or lost.

        So, too, all of it where the broker retains nothing: who connects later then hears of it soon.
        """
        state, now = self._state(), time.monotonic()
        pause = self._timings.status_s if self._sender.ready else self._ask_s
        due = self._status_at is None or now - self._status_at >= pause
        for name, one in OF_STATE.items():
            again = not self._connection.limits.retains or self._troubles.has(name) or name in self._lost
            self._publish_changed(name, one, state, again=due and again)
        if due:
            asked = self._asked()
            self._keep(STATUS.name, self._status(True), {PROPERTY: question(asked)} if asked else {})
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
            self._said[name] = message
            self._lost.discard(name)
            self._keep(name, message)

    def _keep(self, name: str, message: OfVehicle, beside: Mapping[str, str] = NOTHING) -> None:
        """Publish what the broker is to retain, by the name of its row, with properties beside it."""
        self._hand_over(name, self._topics.of_vehicle(name, message.unit), encode(message), of_message(beside))

    def _hand_over(self, what: str | int, topic: str, body: bytes, beside: Properties) -> bool:
        """Whether the broker accepts something of its length; a record is named by its number, and not retained."""
        is_record = isinstance(what, int)
        try:
            mid = self._connection.publish(topic, body, beside, retain=not is_record)
        except TooLongError as error:
            name = Notice("published.record", {"seq": what}) if is_record else str(what)
            self._troubles.say(RECORDS if is_record else str(what), self._faults.of_length(name, error))
            return False
        if mid is not None:
            self.unconfirmed.published(mid, what, time.monotonic())
        return True
