"""How many records a second a broker takes that throttles: learned from what it neither confirmed nor delivered.

Such a broker drops what comes too fast, without a word, or hangs up. Sent again at the same speed it would be dropped
again; sent a little slower than what was confirmed of late, all of it gets through. Pure: no clock, no network.
"""

from collections import deque
from math import inf
from typing import Final

SPAN_S: Final = 1.0
"""Over which confirmations are counted."""

FEW: Final = 20
"""Confirmations in a span, too few to say what a broker takes."""

LOST: Final = 3
"""So many lost ones in a span show that it throttles, however few it confirmed."""

FULL: Final = 0.8
"""Of the pace: what must have been confirmed in a span for it to have been in use."""

SHARE: Final = 0.9
"""Of what was confirmed in a span: what is sent in one from now on."""

SOON_S: Final = 10.0
WARY: Final = 0.82
"""The share instead, where the last one was lost so soon: a broker that was idle lets more through for a while."""

START: Final = 50.0
LEAST: Final = 5.0
"""Records a second where nothing can be counted: at first, and at last, each time something is lost a third fewer."""

DOUBTFUL: Final = 1.2
GROWTH: Final = 1.05
CAREFUL: Final = 1.005
NEAR: Final = 0.97
"""What is sent in a span grows by the first until something is lost; by the second then; by the third near to that."""

HOLD_S: Final = 60.0
"""After a broker has hung up, nothing grows for so long; and so long after a loss, near is no longer minded."""

FREE: Final = 2_000.0
"""Records a second from which there is no limit any more."""

BURST_S: Final = 0.02
"""What was not used of the pace for so long may be sent at once."""


class Pace:
    """One vehicle's; it outlives a session."""

    def __init__(self) -> None:
        self._confirmed: deque[float] = deque()
        self._lost = 0  # that nothing was learned from yet
        self._busy_since, self._sent_at = 0.0, -inf
        self._rate: float | None = None
        self._ceiling = inf
        self._learned_at, self._grown_at, self._hold_until = -inf, -inf, -inf
        self._room, self._at = 0.0, 0.0

    @property
    def limited(self) -> bool:
        """Whether the broker is known to throttle."""
        return self._rate is not None

    def confirmed(self, now: float) -> None:
        """The broker has confirmed a record."""
        self._confirmed.append(now)
        while self._confirmed[0] <= now - SPAN_S:
            self._confirmed.popleft()

    def dropped(self, count: int, now: float) -> None:
        """The broker neither confirmed nor delivered so many records."""
        if self._rate is None or now - self._learned_at >= SPAN_S:  # else it was sent before that
            self._lost += count

    def hung_up(self, now: float) -> None:
        """The broker ended the connection because of too many."""
        self._lost += LOST
        self._learn(now)
        self._hold_until = now + (HOLD_S if self._ceiling < inf else 0.0)

    def room(self, now: float) -> int | None:
        """How many may be sent now; None: as many as there are."""
        if now - max(self._busy_since, self._learned_at) >= SPAN_S:
            self._learn(now)
        self._grow(now)
        if self._rate is None:
            return None
        self._room = min(max(1.0, BURST_S * self._rate), self._room + self._rate * (now - self._at))
        self._at = now
        return int(self._room)

    def pause_s(self) -> float | None:
        """Until the next may be sent, where that is what one waits for; as of the last `room`."""
        if self._rate is None or self._room >= 1.0:
            return None
        return (1.0 - self._room) / self._rate

    def sent(self, count: int, now: float) -> None:
        """So many were."""
        if now - self._sent_at > SPAN_S:
            self._busy_since = now
        self._sent_at = now
        self._room -= count if self.limited else 0

    def _learn(self, now: float) -> None:
        """From a whole span, in which as much was sent as could be: what is lost at leisure says nothing of a limit."""
        lost, self._lost, count = self._lost, 0, len(self._confirmed)
        used = count >= FULL * (self._rate or 0.0) or lost >= LOST
        if lost and used and count >= FEW and now - self._busy_since >= SPAN_S:
            self._ceiling = inf if self._rate is None else min(self._rate, count)
            self._rate = (SHARE if now - self._learned_at > SOON_S else WARY) * min(count, self._ceiling)
        elif lost >= LOST:
            self._ceiling = self._rate or inf
            self._rate = max(LEAST, self._rate / 1.5) if self._rate else START
        else:
            return
        self._learned_at = self._grown_at = self._at = now
        self._room = min(self._room, 0.0)

    def _grow(self, now: float) -> None:
        if self._rate is None or now < self._hold_until or now - self._grown_at < SPAN_S:
            return
        near = self._rate >= NEAR * self._ceiling and now - self._learned_at < HOLD_S
        growth = DOUBTFUL if self._ceiling == inf else CAREFUL if near else GROWTH
        self._rate, self._grown_at = self._rate * growth, now
        if self._rate > FREE:
            self._rate, self._ceiling = None, inf
