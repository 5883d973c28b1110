"""Clients that are slow on purpose: a byte now and then, half a body, nothing read. The screen's own stay quick."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from edge.service.connections import MOST, PATIENCE_S
from tests.hostile.raw_http import ask, many, request, state, trickle
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.town import build_town
from tests.waiting import PATIENCE_S as LONG_S

PROMPT_S = PATIENCE_S["asking"]
"""Who had to wait for a slow client would wait for as long as that is borne."""

GROWTH = 32 << 20  # bytes
STREAM = request(b"GET /api/stream")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A vehicle on patrol."""
    town = build_town(tmp_path)
    made = Scene(Bench(town.agency), town.plan)
    made.patrol()
    return made


@pytest.fixture
def port(scene: Scene) -> Iterator[int]:
    """Where its screen is served."""
    with served(scene.bench) as number:
        yield number


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def prompt(took: list[float]) -> bool:
    """Whether the answers came in time; one may be late, for the machine runs other tests too."""
    return sorted(took)[-2] < PROMPT_S


def test_slow_clients_do_not_keep_the_screen_waiting(port: int) -> None:
    """120 heads that trickle, 60 bodies half sent, 40 streams and 60 maps that nobody reads: the screen goes on.

    And no trickle renews a patience: when it is over, those connections are closed, and memory has not grown.
    """
    body = request(b"POST /api/taps/resume", b"Content-Length: 4000") + b"{"
    before = resident()
    with ExitStack() as stack:
        unread = [many(port, 40, STREAM), many(port, 60, request(b"GET /api/map") * 30)]
        for one in unread:
            stack.enter_context(one)
        slow = stack.enter_context(many(port, 60, body)) + stack.enter_context(
            many(port, 120, b"GET / HTTP/1.1\r\nX: ")
        )
        began, alive, took = time.monotonic(), len(slow), []
        while alive and time.monotonic() - began < LONG_S:
            shown, seconds = state(port)
            assert shown["mode"] == "patrol"
            took.append(seconds)
            time.sleep(0.1)
            alive = trickle(slow, b"x")
        assert alive == 0
        assert prompt(took)
        assert resident() - before < GROWTH


def test_a_storm_of_streams_does_not_keep_the_screen_waiting(port: int) -> None:
    """Streams asked for as fast as it goes, none read: no thread is left to them that the rest needs."""
    with ExitStack() as stack:
        took = []
        for _ in range(40):
            stack.enter_context(many(port, 25, STREAM))
            took.append(state(port)[1])
        assert prompt(took)
    assert ask(port, request(b"GET /healthz")).status == 200


def test_idle_connections_make_room(port: int) -> None:
    """As many as one likes, never a byte: the next client is answered at once."""
    with many(port, 5 * MOST):
        assert prompt([state(port)[1] for _ in range(10)])
