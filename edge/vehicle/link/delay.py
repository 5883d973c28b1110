"""How long headquarters' answers take: where they come to take long, more under way would only wait longer.

A fleet with more under way than headquarters takes before a car sends again sends everything twice. LEDBAT's measure
(RFC 6817, section 2.4.2): what an answer takes above the least of this session, so that a far network is no queue.
Pure: no clock. Must not know the window.
"""

from math import inf
from typing import Final

TARGET_S: Final = 0.5
"""Of queueing: an eighth of the time after which a car sends again, for windows double before it is seen."""


class AnswerDelay:
    """From a record's sending to its answer, in one session; one of those under way is timed, and each only once."""

    def __init__(self) -> None:
        self._timed: tuple[int, float] | None = None
        self._highest = 0
        self._last_s, self._least_s = 0.0, inf

    def long(self, now: float) -> bool:
        """Whether the last answer queued for longer than the target, or the next one has by now."""
        waiting = 0.0 if self._timed is None else now - self._timed[1]
        return max(self._last_s, waiting) - self._least_s > TARGET_S

    def sent(self, seq: int, now: float) -> None:
        """A record was sent. One that was sent before is not timed: its answer may be to the first sending."""
        if self._timed is None and seq > self._highest:
            self._timed = seq, now
        self._highest = max(self._highest, seq)

    def answered(self, seq: int, now: float) -> None:
        """Headquarters holds everything up to ``seq``."""
        if self._timed is not None and seq >= self._timed[0]:
            self._last_s, self._timed = now - self._timed[1], None
            self._least_s = min(self._least_s, self._last_s)

    def again(self) -> None:
        """What is under way is sent again: nothing of it is timed any more."""
        self._timed = None
