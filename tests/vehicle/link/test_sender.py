"""The sender: whatever the wire does, every record gets through, and never more than a window is under way."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.vehicle.link.sender import FIRST_WINDOW, LEAST_WINDOW, WINDOW, Sender
from edge.vehicle.link.timings import TIMINGS

ROOM = 128


@dataclass
class Wire:
    """A sender, a broker that may do anything, and a headquarters that stores only the next record."""

    count: int
    held: int = 0
    now: float = 0.0
    sends: int = 0
    sender: Sender = field(default_factory=lambda: Sender(0))
    up: deque[int] = field(default_factory=deque)
    down: deque[tuple[int, bool]] = field(default_factory=deque)

    def send(self) -> None:
        """The link's turn: what there is room for."""
        self.sender.overdue(self.now)
        after, room = self.sender.window()
        assert room >= 0
        for seq in range(after + 1, min(after + min(room, ROOM), self.count) + 1):
            self.sender.sent(seq, self.now)
            self.up.append(seq)
            self.sends += 1
        assert self.sender.window()[0] - self.sender.acknowledged <= WINDOW

    def take(self, batch: int) -> None:
        """Headquarters' turn: a few records, one answer."""
        if not self.up:
            return
        highest = 0
        for _ in range(min(batch, len(self.up))):
            seq = self.up.popleft()
            highest = max(highest, seq)
            if seq == self.held + 1:
                self.held += 1
        self.down.append((self.held, highest > self.held))

    def answer(self) -> None:
        """An acknowledgement arrives."""
        if self.down:
            held, lacking = self.down.popleft()
            self.sender.answer(held, self.now, lacking=lacking)
            assert self.sender.acknowledged <= self.count

    def reconnect(self) -> None:
        """A new session: what was under way is gone, and the vehicle's status is answered."""
        self.up.clear()
        self.down.clear()
        self.sender.connected(self.now)
        self.status()

    def status(self) -> None:
        """Headquarters answers the vehicle's status."""
        self.down.append((self.held, False))

    def lose_database(self) -> None:
        """Headquarters begins anew."""
        self.held = 0


def harm(wire: Wire, what: str, draw: st.DataObject) -> None:
    """One bad or good thing that a network, a broker or headquarters may do."""
    queue: deque[Any] = wire.up if draw.draw(st.booleans(), label="upwards") else wire.down
    if what == "lose" and queue:
        del queue[draw.draw(st.integers(0, len(queue) - 1))]
    elif what == "repeat" and queue:
        queue.append(queue[draw.draw(st.integers(0, len(queue) - 1))])
    elif what == "swap" and len(queue) > 1:
        queue.rotate(draw.draw(st.integers(1, len(queue) - 1)))
    elif what == "wait":
        wire.now += draw.draw(st.sampled_from([0.1, 1.0, TIMINGS.patience_s]))
    elif what == "take":
        wire.take(draw.draw(st.sampled_from([1, 20, 500])))
    elif what in {"send", "answer", "reconnect", "status", "lose_database"}:
        getattr(wire, what)()


THINGS = ["send", "take", "answer", "lose", "repeat", "swap", "wait", "reconnect", "status", "lose_database"]


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 1500), st.lists(st.sampled_from(THINGS), max_size=60), st.data())
def test_every_record_gets_through_whatever_happened(count: int, things: list[str], data: st.DataObject) -> None:
    """After any history of losses, repeats, reorderings, sessions and lost databases, a sound wire delivers all."""
    wire = Wire(count)
    wire.status()
    for what in things:
        harm(wire, what, data)
    turns = 40 * (1 + count // FIRST_WINDOW)
    go_on(wire, turns)
    assert wire.held == count
    assert wire.sender.acknowledged == count
    wire.sends = 0
    go_on(wire, turns)
    assert wire.sends == 0, "what has arrived is sent again for ever"


def go_on(wire: Wire, turns: int) -> None:
    """A sound wire, a turn each 5 s."""
    for _ in range(turns):
        wire.status()
        wire.send()
        while wire.up:
            wire.take(500)
        while wire.down:
            wire.answer()
        wire.now += 5.0


@given(room=st.integers(20, 300), pace=st.integers(1, 100))
@settings(deadline=None, max_examples=30)
def test_a_broker_that_confirms_and_drops_does_not_make_the_fleet_send_for_ever(room: int, pace: int) -> None:
    """It holds so many for headquarters and drops the rest: all arrive, at less than three times their number."""
    wire = Wire(2000)
    wire.status()
    wire.answer()
    while wire.held < wire.count:
        wire.send()
        while len(wire.up) > room:
            wire.up.pop()
        for _ in range(1 + room // pace):
            wire.take(pace)
            wire.answer()
        wire.now += 0.1
        assert wire.now < 10_000.0
    assert wire.sends < 3 * wire.count


def run_slowly(wire: Wire, batch: int, lost_send: int) -> None:
    """A headquarters that stores a few records a turn, of a wire on which one record was lost."""
    wire.status()
    wire.answer()
    for _ in range(60 * wire.count // batch):
        before = wire.sends
        wire.send()
        if before < lost_send <= wire.sends:
            wire.up.remove(lost_send)
        wire.take(batch)
        wire.answer()
        wire.now += 0.01
        if wire.sender.acknowledged == wire.count or wire.sends > 10 * wire.count:
            return


def test_one_lost_record_does_not_flood_a_slow_headquarters() -> None:
    """Every record after the lost one is answered with what is lacking: the first answer starts a repeat, no other."""
    for batch in (1, 20):
        wire = Wire(3000)
        run_slowly(wire, batch, lost_send=100)
        assert wire.held == wire.count
        assert wire.sends <= wire.count + 2 * WINDOW


def send_together(cars: int, count: int, rate: int) -> list[Wire]:
    """A fleet before a headquarters that takes so many of its records a second, in the order in which they come."""
    wires, queue = [Wire(count) for _ in range(cars)], deque[tuple[Wire, int]]()
    for wire in wires:
        wire.sender.answer(0, 0.0)
    for turn in range(40 * cars * count // rate):
        for wire in wires:
            wire.now = turn / 20.0
            wire.send()
            queue.extend((wire, seq) for seq in wire.up)
            wire.up.clear()
        for wire, seq in [queue.popleft() for _ in range(min(rate // 20, len(queue)))]:
            wire.up.append(seq)
        for wire in wires:
            wire.take(rate)
            wire.answer()
    return wires


def test_a_fleet_before_a_slow_headquarters_sends_hardly_anything_twice() -> None:
    """24 windows of 512 would take it 6 or 12 s, and a car sends again after 4 s: windows stay smaller."""
    for rate in (1000, 2000):
        wires = send_together(24, 2000, rate)
        assert [wire.held for wire in wires] == [2000] * 24
        assert sum(wire.sends for wire in wires) <= 1.01 * 24 * 2000


def test_a_far_network_is_no_queue() -> None:
    """Each answer takes 3 s, however little is under way: the window grows to its most all the same."""
    wire, answers = Wire(30_000), deque[tuple[float, int, bool]]()
    wire.sender.answer(0, 0.0)
    for turn in range(1200):
        wire.now = turn / 20.0
        while answers and answers[0][0] <= wire.now:
            wire.sender.answer(answers[0][1], wire.now, lacking=answers[0][2])
            answers.popleft()
        wire.send()
        wire.take(len(wire.up))
        while wire.down:
            answers.append((wire.now + 3.0, *wire.down.popleft()))
    assert wire.sender.window()[0] - wire.sender.acknowledged + wire.sender.window()[1] == WINDOW
    assert wire.sends == wire.held


def test_a_record_that_is_refused_for_good_is_repeated_with_pauses() -> None:
    """Headquarters complains of it each time (a broken chain): at once the first time, then ever more rarely."""
    sender, sends = Sender(0), 0
    sender.answer(0, 0.0)
    for tick in range(1000):
        now = tick * 0.1
        sender.overdue(now)
        if sender.window()[0] == 0:
            sender.sent(1, now)
            sends += 1
            sender.answer(0, now, lacking=True)
    assert 2 <= sends <= 4 + 100.0 / TIMINGS.patience_s


def test_an_answer_to_a_status_in_mid_stream_repeats_nothing() -> None:
    """Every 15 s headquarters says what it holds, while records are under way: that is no complaint."""
    wire = Wire(400)
    wire.status()
    wire.answer()
    wire.send()
    wire.status()
    wire.answer()
    wire.send()
    assert wire.sends == FIRST_WINDOW
    assert list(wire.up) == list(range(1, FIRST_WINDOW + 1))


def test_nothing_is_sent_before_headquarters_has_said_what_it_holds() -> None:
    """In every session anew: the cursor is where headquarters says."""
    sender = Sender(40)
    assert sender.window() == (40, 0)
    sender.connected(0.0)
    assert sender.window() == (40, 0)
    sender.answer(30, 1.0)
    assert sender.window() == (30, FIRST_WINDOW)
    sender.connected(0.0)
    assert sender.window() == (30, 0)


def test_never_more_than_a_window_is_under_way() -> None:
    """Then it waits for an answer."""
    sender = Sender(0)
    sender.answer(0, 0.0)
    for seq in range(1, FIRST_WINDOW + 1):
        sender.sent(seq, 0.0)
    assert sender.window() == (FIRST_WINDOW, 0)
    sender.answer(10, 1.0)
    assert sender.window() == (FIRST_WINDOW, 20)


def test_the_window_doubles_until_something_is_lost_and_is_halved_by_every_loss() -> None:
    """Like TCP: what a broker holds for headquarters is shared by the whole fleet."""
    sender = Sender(0)
    sender.answer(0, 0.0)
    for done in (64, 192, 448, 960):
        sender.answer(done, 1.0)
    assert sender.window()[1] == WINDOW
    sender.answer(961, 1.0, lacking=True)
    assert sender.window() == (961, WINDOW // 2)
    sender.answer(961 + WINDOW // 2, 1.0)
    assert sender.window()[1] == WINDOW // 2 + 4
    for lacking in range(2000, 2020):
        sender.answer(lacking, 2.0, lacking=True)
    assert sender.window() == (2019, LEAST_WINDOW)


def test_an_answer_that_another_has_overtaken_repeats_nothing() -> None:
    """Receivers side by side: the older answer comes after the newer one, now and then."""
    sender = Sender(0)
    sender.answer(0, 0.0)
    for seq in range(1, 41):
        sender.sent(seq, 0.0)
    for now, seq in ((1.0, 20), (1.1, 10), (2.0, 30), (5.0, 25), (5.1, 40)):
        sender.answer(seq, now)
        assert sender.window()[0] == 40
    assert sender.acknowledged == 40


def test_a_headquarters_that_lost_its_database_is_sent_everything_again() -> None:
    """In the middle of a session, once it goes on saying so: from the record after the one it holds."""
    sender = Sender(300)
    sender.answer(300, 0.0)
    sender.sent(301, 0.0)
    sender.answer(0, 1.0)
    sender.answer(0, 1.0 + TIMINGS.behind_s)
    assert sender.window() == (0, FIRST_WINDOW)
    assert sender.acknowledged == 0


def test_silence_is_told_after_ten_seconds_and_what_is_under_way_is_repeated() -> None:
    """Counted from the first record under way, repeats or no repeats; an answer that brings nothing new ends it too."""
    sender = Sender(0)
    sender.answer(0, 1000.0 - TIMINGS.silence_s / 2)
    assert not sender.overdue(1000.0)
    sender.sent(1, 1000.0)
    sender.sent(2, 1003.0)
    assert not sender.overdue(1000.0 + TIMINGS.repeat_s - 0.1)
    assert sender.window() == (2, FIRST_WINDOW - 2)
    assert not sender.overdue(1000.0 + TIMINGS.repeat_s)
    assert sender.window() == (0, FIRST_WINDOW // 2)
    sender.sent(1, 1000.0 + TIMINGS.repeat_s)
    assert not sender.overdue(1000.0 + TIMINGS.patience_s - 0.1)
    assert sender.overdue(1000.0 + TIMINGS.patience_s)
    sender.answer(0, 1000.0 + TIMINGS.patience_s)
    assert not sender.overdue(1000.0 + TIMINGS.patience_s + 0.1)


def test_silence_is_overdue_with_nothing_under_way_when_two_statuses_were_not_answered() -> None:
    """Headquarters is gone, though there is nothing to lose: better said before there is."""
    sender = Sender(0)
    sender.answer(0, 0.0)
    assert not sender.overdue(TIMINGS.silence_s - 0.1)
    assert sender.overdue(TIMINGS.silence_s)
    sender.answer(0, TIMINGS.silence_s + 1.0)
    assert not sender.overdue(TIMINGS.silence_s + 2.0)


def test_what_has_not_even_reached_the_broker_is_not_sent_again() -> None:
    """A slow link: the silence is told, but a repeat would only lengthen the queue."""
    sender = Sender(0)
    sender.answer(0, 0.0)
    sender.sent(1, 0.0)
    assert sender.overdue(TIMINGS.patience_s, on_the_way=True)
    assert sender.window() == (1, FIRST_WINDOW - 1)
    assert sender.overdue(TIMINGS.patience_s)
    assert sender.window()[0] == 0


def test_a_record_that_never_gets_through_is_told() -> None:
    """A gap that closes is nobody's business; one that stays is the fleet admin's."""
    sender = Sender(0)
    sender.answer(0, 0.0)
    sender.answer(5, 1.0, lacking=True)
    assert not sender.losing(1.0)
    assert not sender.losing(0.9 + TIMINGS.patience_s)
    assert sender.losing(1.0 + TIMINGS.patience_s)
    sender.answer(6, 2.0 + TIMINGS.patience_s)
    assert not sender.losing(2.0 + TIMINGS.patience_s)
