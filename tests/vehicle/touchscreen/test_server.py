"""The server: its streams, their cap, and its end."""

import http.client
import json
import threading
import time
from contextlib import ExitStack, closing

import pytest

from edge.errors import UserError
from edge.vehicle.touchscreen.api.state import BURST, EACH_S, HEARTBEAT_S
from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.touchscreen.server import serve
from edge.vehicle.touchscreen.streams import Streams
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.serving import HOST, served
from tests.waiting import PATIENCE_S, wait_for


class Listener:
    """One client of the event stream."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)
        self.connection.request("GET", "/api/stream")
        self.answer = self.connection.getresponse()

    def event(self) -> dict[str, object]:
        """The next snapshot."""
        while (line := self.answer.readline()) and not line.startswith(b"data: "):
            pass
        found: dict[str, object] = json.loads(line[6:])
        return found

    def to_its_end(self) -> bytes:
        """What comes until the server ends the stream, at most for `PATIENCE_S`: heartbeats alone would never end."""
        until, read = time.monotonic() + PATIENCE_S, b""
        while line := self.answer.readline():
            read += line
            assert time.monotonic() < until, "the stream has not ended"
        return read

    def close(self) -> None:
        """Leave."""
        self.answer.close()
        self.connection.close()


def _get(port: int, path: str) -> dict[str, object]:
    with closing(http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)) as connection:
        connection.request("GET", path)
        found: dict[str, object] = json.loads(connection.getresponse().read())
        return found


def _until(port: int, streams: int) -> None:
    """Wait until so many streams are open, at most `PATIENCE_S`."""
    until = time.monotonic() + PATIENCE_S
    while (now := _get(port, "/healthz")["streams"]) != streams:
        assert time.monotonic() < until, f"{now} streams are open"
        time.sleep(0.02)


def test_the_oldest_stream_ends_at_the_cap() -> None:
    """The newest are kept, in order."""
    streams = Streams(cap=2)
    with ExitStack() as stack:
        first, second, third = (stack.enter_context(streams.one()) for _ in range(3))
        assert (first.ended, second.ended, third.ended) == (True, False, False)
        assert len(streams) == 2
    assert len(streams) == 0


def test_no_stream_outlives_the_end() -> None:
    """Those that come late are ended too."""
    streams = Streams()
    with streams.one() as early:
        streams.end_all()
        assert early.ended
        with streams.one() as late:
            assert late.ended


def test_a_stream_brings_each_new_state(scene: Scene) -> None:
    """At once the present one, then every change, each as the snapshot's JSON."""
    scene.patrol()
    with served(scene.bench) as port, closing(Listener(port)) as listener:
        assert listener.answer.headers["Content-Type"].startswith("text/event-stream")
        assert listener.event()["mode"] == "patrol"
        scene.bench.drive(scene.near(480.0, -330.0), scene.near(20.0, -15.0), 45)
        while (mode := listener.event()["mode"]) == "patrol":
            pass
        assert mode == "visit"


def test_a_stream_brings_at_most_five_states_a_second(scene: Scene) -> None:
    """The first come at once; then a burst of inputs is one event each fifth of a second, of the last state."""
    scene.patrol()
    began, before = time.monotonic(), scene.bench.generation()  # before the stream, whose pace begins with it
    with served(scene.bench) as port, closing(Listener(port)) as listener:
        listener.event()
        for _ in range(BURST + 2):
            scene.bench.drive(scene.near(480.0, -330.0), scene.near(400.0, -330.0), 50)
            listener.event()
        assert scene.bench.generation() - before == 50 * (BURST + 2)
        assert time.monotonic() - began >= EACH_S * 3 - 0.01


def test_a_quiet_stream_has_a_heartbeat(bench: Bench) -> None:
    """Without any change the snapshot comes again after 1.5 s, so silence means a broken stream; and no sooner."""
    with served(bench) as port:
        began = time.monotonic()
        with closing(Listener(port)) as listener:
            listener.event()
            listener.event()
            assert time.monotonic() - began >= HEARTBEAT_S


def test_open_streams_never_starve_the_rest(scene: Scene) -> None:
    """Of 30 streams, 16 stay: each that comes beyond them ends the oldest, and the state is answered all the while."""
    scene.patrol()
    with served(scene.bench) as port, ExitStack() as stack:
        listeners = [stack.enter_context(closing(Listener(port))) for _ in range(16)]
        for _ in range(14):
            listeners.append(stack.enter_context(closing(Listener(port))))
            assert _get(port, "/api/state")["mode"] == "patrol"
            listeners[len(listeners) - 17].to_its_end()
        _until(port, 16)
        scene.bench.at(*scene.near(470.0, -330.0))
        for newest in listeners[14:]:
            assert newest.event()["mode"] == "patrol"


def test_a_long_stream_ends(scene: Scene) -> None:
    """After so many bytes, before waitress would have a thread wait for a client that stalls."""
    scene.patrol()
    with served(scene.bench, streams=Streams(longest=1)) as port, closing(Listener(port)) as listener:
        listener.event()
        scene.bench.at(*scene.near(470.0, -330.0))
        assert b"data:" not in listener.to_its_end()


def test_a_client_that_leaves_frees_its_stream(bench: Bench) -> None:
    """At the next heartbeat or state at the latest."""
    with served(bench) as port:
        listener = Listener(port)
        listener.event()
        _until(port, 1)
        listener.close()

        def left() -> bool:
            bench.silence(1)
            return _get(port, "/healthz")["streams"] == 0

        wait_for(left)


def test_it_stops_with_streams_open(scene: Scene) -> None:
    """And with a connection idle; no thread is left over."""
    scene.patrol()
    before = set(threading.enumerate())
    server = serve(create_app(scene.bench, trusted_hosts=[HOST]), HOST, 0)
    stop = threading.Event()
    thread = threading.Thread(target=server.run, args=[stop])
    thread.start()
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(closing(Listener(server.port)))
        idle = stack.enter_context(closing(http.client.HTTPConnection(HOST, server.port)))
        idle.connect()
        stop.set()
        server.wake()
        wait_for(lambda: not thread.is_alive())
    wait_for(lambda: set(threading.enumerate()) <= before)  # one that has ended leaves the list a moment later


def test_waking_a_server_that_has_ended_does_nothing(bench: Bench) -> None:
    """It may end by itself between being asked and being woken: its descriptor is then another file's, or none."""
    server = serve(create_app(bench, trusted_hosts=[HOST]), HOST, 0)
    stop = threading.Event()
    stop.set()
    server.run(stop)
    server.wake()


def test_at_most_a_few_streams_wait_for_their_end() -> None:
    """Told to end, a stream still has its thread: in a storm of them the newest is born ended, and holds none."""
    streams = Streams(cap=2)
    with ExitStack() as stack:
        opened = [stack.enter_context(streams.one()) for _ in range(8)]
        assert [one.ended for one in opened] == [True] * 4 + [False] * 2 + [True] * 2
        assert len(streams) == 2
    with streams.one() as later:
        assert not later.ended


def test_a_taken_port_is_said_in_a_sentence(bench: Bench) -> None:
    """It names the address and the mend."""
    with served(bench) as port, pytest.raises(UserError, match=rf"cannot listen on 127\.0\.0\.1:{port} .* choose"):
        serve(create_app(bench, trusted_hosts=[HOST]), HOST, port)
