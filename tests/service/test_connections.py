"""Which connections may stay, on a clock that the test moves."""

from dataclasses import dataclass, field

import pytest

from edge.service.connections import MOST, PATIENCE_S, Connections, Doing


@dataclass(eq=False)
class Channel:
    """What the server keeps of a connection."""

    table: dict[int, "Channel"]
    request: object = None
    requests: list[object] = field(default_factory=list)
    total_outbufs_len: int = 0
    last_activity: float = 0.0

    def handle_close(self) -> None:
        """Gone."""
        for number in [number for number, one in self.table.items() if one is self]:
            del self.table[number]


class Bench:
    """A server's table of connections."""

    def __init__(self) -> None:
        self.table: dict[int, Channel] = {}
        self.connections = Connections(self.table)
        self.now = 0.0

    def open(self) -> Channel:
        """One more connection."""
        made = Channel(self.table)
        self.table[len(self.table) + 1000 * len(self.table)] = made
        return made

    def pass_time(self, seconds: float) -> None:
        """Second by second, with a look at each."""
        for _ in range(int(seconds)):
            self.now += 1.0
            self.connections.sweep(self.now)

    def stays(self, channel: Channel) -> bool:
        """Whether it is still open."""
        return channel in self.table.values()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def be(channel: Channel, doing: Doing) -> None:
    """Bring a connection into a condition."""
    channel.request = object() if doing == "asking" else None
    channel.total_outbufs_len = 1 if doing == "owed" else 0


@pytest.mark.parametrize("doing", PATIENCE_S)
def test_a_connection_that_does_not_get_on_is_closed(bench: Bench, doing: Doing) -> None:
    """When its patience is over, not before."""
    channel = bench.open()
    be(channel, doing)
    bench.pass_time(PATIENCE_S[doing])
    assert bench.stays(channel)
    bench.pass_time(2)
    assert not bench.stays(channel)


def test_a_byte_now_and_then_renews_no_request(bench: Bench) -> None:
    """Waitress's own time of the last activity does not count for a request that is not whole."""
    channel = bench.open()
    be(channel, "asking")
    for second in range(8):
        channel.last_activity = second
        bench.pass_time(1)
    assert not bench.stays(channel)


def test_who_gets_on_stays(bench: Bench) -> None:
    """Request after request, answer after answer, however long the connection is open."""
    channel = bench.open()
    for second in range(200):
        channel.last_activity = second
        be(channel, ("asking", "owed", "idle")[second % 3])
        bench.pass_time(1)
    assert bench.stays(channel)


def test_who_is_served_stays(bench: Bench) -> None:
    """A stream may be quiet for as long as it likes."""
    channel = bench.open()
    channel.requests = [object()]
    bench.pass_time(500)
    assert bench.stays(channel)


def test_a_stream_that_nobody_reads_is_closed(bench: Bench) -> None:
    """It is served and owed: what waits for it grows."""
    channel = bench.open()
    channel.requests, channel.total_outbufs_len = [object()], 1
    bench.pass_time(12)
    assert not bench.stays(channel)


def test_the_oldest_that_waits_makes_room(bench: Bench) -> None:
    """Of too many, those that are served stay whatever their age; a new one has a moment to ask."""
    stream = bench.open()
    stream.requests = [object()]
    waiting = [bench.open() for _ in range(MOST + 4)]
    bench.pass_time(1)
    assert all(bench.stays(one) for one in waiting)
    bench.pass_time(1)
    assert bench.stays(stream)
    assert [bench.stays(one) for one in waiting] == [False] * 5 + [True] * (MOST - 1)
