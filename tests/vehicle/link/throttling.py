"""A link's pure parts over a broker that throttles, on a virtual clock: what gets through, and how long it takes."""

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from edge.mqtt.unconfirmed import Unconfirmed
from edge.vehicle.link.sender import Sender
from edge.vehicle.link.timings import TIMINGS

STEP_S = 0.01


@dataclass
class Bucket:
    """So many a second, and so many at once."""

    rate: float
    burst: float
    left: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.burst

    def takes(self, now: float) -> bool:
        """Whether it takes one more."""
        self.left, self.at = min(self.burst, self.left + self.rate * (now - self.at)), now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True


@dataclass
class Calendar:
    """So many in each second by the clock."""

    rate: int
    second: int = -1
    count: int = 0

    def takes(self, now: float) -> bool:
        """Whether it takes one more."""
        if int(now) != self.second:
            self.second, self.count = int(now), 0
        self.count += 1
        return self.count <= self.rate


@dataclass
class Run:
    """One car with so many records. ``takes``: whether the broker takes a publication; ``hangs_up``: or else ends."""

    count: int
    takes: Callable[[float], bool]
    rtt_s: float = 0.05
    hangs_up: bool = False
    delivers: bool = False
    room: int = 65_535
    now: float = 0.0
    held: int = 0
    sends: int = 0
    sessions: int = 0
    early: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.sender = Sender(0)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._down_until = 0.0
        self._connect()

    def _connect(self) -> None:
        self.sessions += 1
        self._events.clear()
        self.sender.connected(self.now)
        self.unconfirmed: Unconfirmed[int] = Unconfirmed(TIMINGS.confirm_s, self.room)
        self._mids = itertools.count(1)
        self._status_at = float("-inf")
        self._under_way = 0
        self._probe_at = 0.0
        self._waiting: deque[tuple[int, str, int]] = deque()

    def _later(self, what: Callable[[], None], after_s: float) -> None:
        heapq.heappush(self._events, (self.now + after_s, next(self._numbers), what))

    def _answer(self, lacking: bool) -> None:
        held = self.held
        self._later(lambda: self.sender.answer(held, self.now, lacking=lacking), self.rtt_s / 2)

    def _arrived(self, seq: int) -> None:
        if seq == self.held + 1:
            self.held = seq
            while self.held + 1 in self.early:
                self.held += 1
            self._answer(lacking=False)
        elif seq > self.held:
            self.early.add(seq)
            self._answer(lacking=True)
        else:
            self._answer(lacking=False)

    def _publish(self, what: str, seq: int = 0) -> bool:
        """Whether the connection is still there."""
        mid = next(self._mids)
        self.unconfirmed.published(mid, seq, self.now)
        if self._under_way >= self.room:
            self._waiting.append((mid, what, seq))
            return True
        return self._send(mid, what, seq)

    def _send(self, mid: int, what: str, seq: int) -> bool:
        self._under_way += 1
        if self.takes(self.now):
            self._later(lambda: self._confirmed(mid), self.rtt_s)
        elif self.hangs_up:
            self.sender.hung_up(self.now)
            self._down_until = self.now + 1.5
            return False
        elif not self.delivers:
            return True
        arrived = (lambda: self._answer(False)) if what == "status" else (lambda: self._arrived(seq))
        self._later(arrived, self.rtt_s / 2)
        return True

    def _confirmed(self, mid: int) -> None:
        if self.unconfirmed.confirmed(mid, self.now):
            self.sender.confirmed(self.now)
        self._under_way -= 1
        if self._waiting:
            self._send(*self._waiting.popleft())

    def turn(self) -> None:
        """A hundredth of a second."""
        self.now += STEP_S
        if self._down_until:
            if self.now < self._down_until:
                return
            self._down_until = 0.0
            self._connect()
        while self._events and self._events[0][0] <= self.now:
            heapq.heappop(self._events)[2]()
        for seq in filter(None, self.unconfirmed.passed()):
            self.sender.passed(seq)
        if self.unconfirmed.stalled(self.now) or self.unconfirmed.starved():
            self.sender.stalled(self.unconfirmed.lacking, self.now)
            self._down_until = self.now + 1.5
            return
        self._say()

    def _say(self) -> None:
        pause = TIMINGS.status_s if self.sender.ready else TIMINGS.ask_s
        if self.unconfirmed.quiet_s(self.now) >= TIMINGS.repeat_s and self.now >= self._probe_at:
            self._probe_at, last = self.now + TIMINGS.repeat_s, self.unconfirmed.last
            self._later(lambda: self.unconfirmed.probed(last), self.rtt_s)
        if self.now - self._status_at >= pause:
            self._status_at = self.now
            if not self._publish("status"):
                return
        self.sender.overdue(self.now, on_the_way=any(self.unconfirmed.open))
        after, _ = self.sender.window()
        room = min(self.sender.room(self.now), 128, self.count - after)
        for seq in range(after + 1, after + 1 + max(0, room)):
            self.sends += 1
            self.sender.sent(seq, self.now)
            if not self._publish("records", seq):
                return

    def seconds(self, most: float = 600.0) -> float:
        """Until headquarters has acknowledged all."""
        while self.sender.acknowledged < self.count and self.now < most:
            self.turn()
        return self.now
