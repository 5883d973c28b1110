"""What an end asks the broker to hear: each filter in a packet of its own, and none that the broker does not allow.

Some brokers state no such limit and end the connection instead, at a topic with too many levels for instance. So a
filter that was not answered before a connection ended is asked for by itself in the next, when all others were
answered; where that ends it again, and once more, the filter is left out for a while. Must not know what comes.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from edge.mqtt.connection import Connection
from edge.mqtt.faults import reason_key
from edge.mqtt.limits import Limits

OPTIONS: Final = SubscribeOptions(qos=1)
SHARED: Final = "$share/"
WILDCARDS: Final = frozenset("+#")

ENDS: Final = 3
"""So often a connection may end at a filter."""

LEFT_OUT_S: Final = 600.0
"""For so long it is left out then: the broker's settings may have been corrected."""

ANSWER_S: Final = 30.0
"""How long the broker may take for an answer."""


class Subscriptions:
    """One end's, over all its sessions. ``vital``: those without which a session is worth nothing, never left out."""

    def __init__(self, filters: Sequence[str], vital: Collection[str]) -> None:
        self._filters = filters
        self._vital = vital
        self._ends: Counter[str] = Counter()
        self._left_out: dict[str, float] = {}  # until when
        self._suspects: list[str] = []
        self._open: dict[int, str] = {}
        self._since = 0.0
        self._connection: Connection | None = None
        self.refused: dict[str, str] = {}

    @property
    def settled(self) -> bool:
        """Whether the broker has answered for all."""
        return not (self._open or self._suspects)

    def begin(self, connection: Connection, now: float) -> None:
        """A session begins: ask for everything."""
        self._connection, self._open, self._suspects, self.refused = connection, {}, [], {}
        for one in self._filters:
            if why := self._ruled_out(one, connection.limits, now):
                self.refused[one] = why
            elif self._ends[one]:
                self._suspects.append(one)
            else:
                self._ask(one, now)
        self._ask_suspect(now)

    def also(self, one: str, now: float) -> None:
        """Ask for one more in this session."""
        assert self._connection is not None  # noqa: S101 - in a session there is one
        if why := self._ruled_out(one, self._connection.limits, now):
            self.refused[one] = why
        else:
            self._ask(one, now)

    def probe(self, one: str, now: float) -> int | None:
        """Ask for one that is held, which changes nothing; the number under which the broker answers."""
        return self._ask(one, now, SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND))

    def ask_again(self, now: float) -> None:
        """Ask for what the broker refused: its access list may have been corrected."""
        for one in [*self.refused]:
            self.also(one, now)

    def _ask(self, one: str, now: float, options: SubscribeOptions = OPTIONS) -> int | None:
        assert self._connection is not None  # noqa: S101 - in a session there is one
        mid = self._connection.client.subscribe([(one, options)])[1]
        if mid is not None:
            self._since = now
            self._open[mid] = one
        return mid

    def answered(self, mid: int, reasons: Sequence[ReasonCode], now: float) -> None:
        """The broker's answer."""
        one = self._open.pop(mid, None)
        if one is None:
            return
        self._ends.pop(one, None)
        self.refused.pop(one, None)
        if failed := [reason for reason in reasons if reason.is_failure]:
            self.refused[one] = reason_key(failed[0])
        self._ask_suspect(now)

    def ended(self, now: float) -> None:
        """The connection has ended."""
        alone = len(self._open) == 1
        for one in self._open.values():
            self._ends[one] += 1
            if alone and self._ends[one] >= ENDS and one not in self._vital:
                self._left_out[one] = now + LEFT_OUT_S
        self._open, self._connection = {}, None

    def overdue(self, now: float) -> bool:
        """Whether the broker does not answer."""
        return bool(self._open) and now - self._since >= ANSWER_S

    def _ask_suspect(self, now: float) -> None:
        if self._suspects and not self._open:
            self._ask(self._suspects.pop(0), now)

    def _ruled_out(self, one: str, limits: Limits, now: float) -> str:
        if one.startswith(SHARED) and not limits.shared:
            return "no_shared"
        if not limits.wildcards and not WILDCARDS.isdisjoint(one):
            return "no_wildcards"
        return "ends" if self._left_out.get(one, now) > now else ""
