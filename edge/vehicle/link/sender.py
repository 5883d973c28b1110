"""Which ledger record goes next: in order, after the cursor, with a window of unacknowledged ones.

A broker's acknowledgement counts for nothing; only headquarters' own moves the cursor. Where that stays out, everything
after the cursor is sent again. Pure: no clock, no network.
"""

from typing import Final

WINDOW: Final = 512
"""Records under way at once: a few hundred kilobytes."""

PATIENCE_S: Final = 10.0
"""How long headquarters may stay silent while records are under way, before they are sent again."""


class Sender:
    """The cursor, what is under way, and since when headquarters owes an answer."""

    def __init__(self, acknowledged: int) -> None:
        self.acknowledged = acknowledged
        self._sent = acknowledged
        self._ready = False
        self._waiting_since = 0.0
        self._lacking: int | None = None

    def connected(self, now: float) -> None:
        """A new session: nothing is under way, and nothing is sent until headquarters has said what it holds."""
        self._sent = self.acknowledged
        self._ready = False
        self._lacking = None
        self._waiting_since = now

    def window(self) -> tuple[int, int]:
        """After which number to read, and how many may be sent now."""
        return self._sent, (WINDOW - (self._sent - self.acknowledged)) if self._ready else 0

    def sent(self, seq: int, now: float) -> None:
        """A record was handed to the broker."""
        if self._sent == self.acknowledged:
            self._waiting_since = now
        self._sent = seq

    def answer(self, seq: int, now: float, *, lacking: bool = False) -> None:
        """Headquarters holds the ledger up to ``seq``, and says whether it lacks the next, though a later one came.

        It says so for each batch that was under way behind the gap: what follows is sent again once, not each time.
        """
        again = (lacking and seq != self._lacking) or not self._ready or seq < self.acknowledged
        if lacking:
            self._lacking = seq
        if again or seq > self.acknowledged:
            self._waiting_since = now
        self._sent = seq if again else max(self._sent, seq)
        self.acknowledged, self._ready = seq, True

    def overdue(self, now: float) -> bool:
        """Whether headquarters has been silent for too long; if so, everything after the cursor is to be sent again."""
        if self._ready and self._sent == self.acknowledged:
            return False
        if now - self._waiting_since < PATIENCE_S:
            return False
        if self._ready:
            self._sent = self.acknowledged
            self._waiting_since = now
        return True
