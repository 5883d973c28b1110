"""Which ledger record goes next: in order, after the cursor, with a window of unacknowledged ones.

A broker's acknowledgement counts for nothing; only headquarters' own moves the cursor. Where that stays out, or says
that something is lacking, everything after the cursor is sent again. A broker that has too much to hold drops records
though it acknowledges them: as in TCP the window grows with what arrives, and is halved by what does not, so that a
fleet shares the broker's room instead of sending the same records over and over. Where answers come to take long it
shrinks: what is under way then waits in a queue. Pure: no clock, no network.
"""

from typing import Final

from edge.vehicle.link.delay import AnswerDelay
from edge.vehicle.link.pace import Pace
from edge.vehicle.link.timings import TIMINGS, Timings

WINDOW: Final = 512
"""Records under way at once, at most: a few hundred kilobytes."""

FIRST_WINDOW: Final = 64
LEAST_WINDOW: Final = 8
GROWTH: Final = 4
"""By how many records the window grows each time one has arrived, once something was lost. Before, it doubles."""


class Sender:
    """The cursor, what is under way, and since when headquarters owes an answer."""

    def __init__(self, acknowledged: int, timings: Timings = TIMINGS) -> None:
        self._timings = timings
        self.acknowledged = acknowledged
        self._pace = Pace()
        self._sent = acknowledged
        self.connected(0.0)

    def begin_ledger(self, now: float) -> None:
        """The vehicle has begun another ledger: nothing of it is acknowledged."""
        self.acknowledged = 0
        self.connected(now)

    def connected(self, now: float) -> None:
        """A new session: nothing is under way, and nothing is sent until headquarters has said what it holds."""
        self._sent = self.acknowledged
        self._ready = False
        self._heard = now
        self._waiting_since: float | None = now
        self._lacking: int | None = None
        self._lacking_since = now
        self._behind_since: float | None = None
        self._delay = AnswerDelay()
        self._repeat_s, self._repeat_at = self._timings.repeat_s, now
        self._window, self._lossy = float(FIRST_WINDOW), False
        self._passed: set[int] = set()  # records that the broker confirmed a later one than

    @property
    def ready(self) -> bool:
        """Whether headquarters has spoken in this session."""
        return self._ready

    def losing(self, now: float) -> bool:
        """Whether headquarters has lacked the same record for long, however often it was sent."""
        return self._lacking == self.acknowledged and now - self._lacking_since >= self._timings.patience_s

    def window(self) -> tuple[int, int]:
        """After which number to read, and how many may be sent now."""
        return self._sent, max(0, int(self._window) - (self._sent - self.acknowledged)) if self._ready else 0

    def room(self, now: float) -> int:
        """How many may be sent now, with a broker that takes only so many a second."""
        allowed, (_, room) = self._pace.room(now), self.window()
        return room if allowed is None else min(room, allowed)

    def pause_s(self) -> float | None:
        """Until one more may be sent, where the broker's pace is what the next record waits for."""
        return self._pace.pause_s() if self.window()[1] > 0 else None

    def confirmed(self, now: float) -> None:
        """The broker has confirmed a record."""
        self._pace.confirmed(now)

    def passed(self, seq: int) -> None:
        """The broker has confirmed a later one than this: it was dropped, or only its confirmation was."""
        if seq > self.acknowledged:
            self._passed.add(seq)

    def stalled(self, lacking: int, now: float) -> None:
        """The session is over, for the broker has lost so many confirmations."""
        self._pace.dropped(lacking, now)

    def hung_up(self, now: float) -> None:
        """The broker has ended the session because of too much."""
        self._pace.hung_up(now)

    def sent(self, seq: int, now: float) -> None:
        """A record was handed to the broker."""
        self._pace.sent(1, now)
        self._passed.discard(seq)
        self._delay.sent(seq, now)
        if self._waiting_since is None:
            self._waiting_since, self._repeat_at = now, now + self._repeat_s
        self._sent = seq

    def answer(self, seq: int, now: float, *, lacking: bool = False) -> None:
        """Headquarters holds the ledger up to ``seq``, and says whether it lacks the next, though a later one came."""
        if self._overtaken(seq, now, lacking=lacking):
            self._heard = now
            return
        lost = lacking and (seq != self._lacking or now >= self._repeat_at)
        again = lost or not self._ready or seq < self.acknowledged
        if seq > self.acknowledged:
            self._repeat_s, self._repeat_at = self._timings.repeat_s, now + self._timings.repeat_s
            self._waiting_since = now
            self._delay.answered(seq, now)
        if lost:
            self._slow_down(now, more=seq == self._lacking)
            if seq != self._lacking:
                self._lacking, self._lacking_since = seq, now
        elif seq > self.acknowledged:
            self._fit(seq - self.acknowledged, now)
        if again:
            self._go_back_to(seq)
        self._sent = max(self._sent, seq)
        self._passed = {one for one in self._passed if one > seq}
        self.acknowledged, self._ready, self._heard = seq, True, now
        if self._sent == seq:
            self._waiting_since = None

    def overdue(self, now: float, *, on_the_way: bool = False) -> bool:
        """Whether headquarters has been silent for too long. What was not acknowledged in time is to be sent again.

        ``on_the_way``: some of it has not even reached the broker; on a slow link a repeat would only be in its way.
        """
        if self._waiting_since is None:
            return now - self._heard >= self._timings.silence_s
        if self._ready and not on_the_way and now >= self._repeat_at:
            self._go_back_to(self.acknowledged)
            self._slow_down(now, more=True)
        return now - max(self._waiting_since, self._heard) >= self._timings.patience_s

    def _go_back_to(self, seq: int) -> None:
        """What was sent after a record is sent again."""
        self._sent = seq
        self._delay.again()

    def _overtaken(self, seq: int, now: float, *, lacking: bool) -> bool:
        """Whether an answer was overtaken by a newer one: it says less, and has not said so for long."""
        if lacking or not self._ready or seq >= self.acknowledged:
            self._behind_since = None
            return False
        if self._behind_since is None:
            self._behind_since = now
        return now - self._behind_since < self._timings.behind_s

    def _fit(self, arrived: int, now: float) -> None:
        """So many have arrived: the window grows, or shrinks by half of them where answers take long."""
        if self._delay.long(now):
            self._window = max(LEAST_WINDOW, self._window - arrived / 2.0)
            return
        self._window = min(WINDOW, self._window + (GROWTH * arrived / self._window if self._lossy else arrived))

    def _slow_down(self, now: float, *, more: bool) -> None:
        """Something was lost; ``more``: the same as before. Where the broker throttles, the window is not to blame."""
        self._pace.dropped(len(self._passed), now)
        self._passed.clear()
        self._repeat_s = min(2.0 * self._repeat_s, self._timings.patience_s) if more else self._timings.repeat_s
        self._repeat_at = now + self._repeat_s
        if not self._pace.limited:
            self._window, self._lossy = max(LEAST_WINDOW, self._window / 2.0), True
