"""What the broker has not confirmed yet. A confirmation is no delivery: it only shows that the connection is alive.

A broker confirms in the order in which it was sent things (MQTT 5, 4.6): what is confirmed after something else shows
that the confirmation of the other was lost, and perhaps the other itself. Pure: no clock, no network.
"""

from collections.abc import Collection
from typing import Generic, TypeVar

What = TypeVar("What")


class Unconfirmed(Generic[What]):
    """Publications by message id, in one session.

    ``patience_s``: for the next confirmation, where one is owed; ``room``: how many the broker lets be under way.
    """

    def __init__(self, patience_s: float, room: int) -> None:
        self._patience_s = patience_s
        self._room = room
        self._open: dict[int, What] = {}  # in the order in which they were sent
        self._passed: dict[int, What] = {}  # a later one was confirmed: each takes up room until the session ends
        self._news: list[What] = []
        self._since = 0.0

    def published(self, mid: int, what: What, now: float) -> None:
        """Something was handed to the connection."""
        if not self._open:
            self._since = now
        self._passed.pop(mid, None)
        self._open[mid] = what

    def confirmed(self, mid: int, now: float) -> What | None:
        """The broker answers for a publication; what it was, None where it was none of this session."""
        if mid not in self._open:
            return self._passed.pop(mid, None)
        self._since = now
        self._pass_over(mid)
        return self._open.pop(mid)

    def probed(self, last: int | None) -> None:
        """The broker has answered something else that it was sent after a publication: it confirms none before it."""
        if last is not None and last in self._open:
            self._pass_over(last)
            self._passed[last] = what = self._open.pop(last)
            self._news.append(what)

    def _pass_over(self, mid: int) -> None:
        for earlier in list(self._open):
            if earlier == mid:
                return
            self._passed[earlier] = what = self._open.pop(earlier)
            self._news.append(what)

    def passed(self) -> list[What]:
        """What was passed over by a later confirmation since this was last asked."""
        news, self._news = self._news, []
        return news

    @property
    def open(self) -> Collection[What]:
        """What is on its way to the broker, as far as one can know: sent again it would only lengthen the queue."""
        return self._open.values()

    def quiet_s(self, now: float) -> float:
        """For how long the broker has owed a confirmation; 0 where it owes none."""
        return now - self._since if self._open else 0.0

    @property
    def last(self) -> int | None:
        """The publication handed over last, where the broker has not confirmed it."""
        return next(reversed(self._open), None)

    @property
    def lacking(self) -> int:
        """How many are not confirmed, whether they were passed over or not."""
        return len(self._open) + len(self._passed)

    def stalled(self, now: float) -> bool:
        """Whether the broker has confirmed nothing for too long."""
        return self.quiet_s(now) >= self._patience_s

    def starved(self) -> bool:
        """Whether lost confirmations leave too little room."""
        return 2 * len(self._passed) > self._room
