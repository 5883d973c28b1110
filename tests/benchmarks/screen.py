"""How soon a fix is on the screen, and how soon the vehicle answers a question with as many screens open as it takes.

A real car hears two epochs a second, at uneven times. From the writing of an epoch until a client of the stream has
read the event that shows its position, or a later one's. What bounds it: the receiver's bytes are gathered for 0.02 s.

Then 30 clients ask for a stream, of which the vehicle keeps 16 (all of them read by another process), and another asks
for ``/api/state``, again and again.
"""

import http.client
import json
import multiprocessing
import selectors
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any, Final

import pynmea2

from edge.demo.drive import motions
from edge.demo.receiver import Receiver
from tests.benchmarks.processes import HOST, PATIENCE_S, get
from tests.benchmarks.road import Car, on_the_road
from tests.benchmarks.sides import seconds
from tests.benchmarks.table import Figure
from tests.benchmarks.town import Town

FIXES: Final = 120
APART_S: Final = (0.35, 0.65)
WARM: Final = 6  # epochs
STREAMS: Final = 30
QUESTIONS: Final = 600
PAUSE_S: Final = 0.01
DIGITS: Final = 7  # of a latitude: a centimetre


def figures(town: Town, folder: Path) -> list[Figure]:
    """Milliseconds from fix to screen, and to an answer: the median and the 99th percentile."""
    written: dict[float, float] = {}
    with on_the_road(town, folder, _epochs(town, written)) as car:
        shown = _shown(car, written)
        with _screens(car.port):
            answered = sorted(_answer(car.port) for _ in range(QUESTIONS))
    return [
        Figure("fix → screen event, p50", _percentile(shown, 50), "ms"),
        Figure("fix → screen event, p99", _percentile(shown, 99), "ms"),
        Figure("/api/state, 30 streams asked for, p50", _percentile(answered, 50), "ms"),
        Figure("/api/state, 30 streams asked for, p99", _percentile(answered, 99), "ms"),
    ]


def _percentile(seconds: Sequence[float], which: int) -> float:
    """Milliseconds."""
    return 1e3 * quantiles(seconds, n=100, method="inclusive")[which - 1]


def _epochs(town: Town, written: dict[float, float]) -> Iterator[tuple[float, bytes]]:
    """A drive that never ends, each epoch now; ``written``: when, by its latitude."""
    city, random = town.site.city, Random("benchmark")  # noqa: S311 - noise, not a secret
    receiver = Receiver(city.layout.tunnel, random)
    for motion in motions(city, 1):
        time.sleep(random.uniform(*APART_S))
        sentences = receiver.epoch(time.time(), motion)
        yield time.time(), sentences
        latitude = pynmea2.parse(sentences.split()[0].decode()).latitude
        if latitude:  # none in the tunnel
            written[round(latitude, DIGITS)] = time.perf_counter()
        yield time.time(), sentences


def _shown(car: Car, written: Mapping[float, float]) -> list[float]:
    """Seconds from each epoch to the first event with its position or a later one."""
    taken, first, shown = list[float](), None, 0
    for now, event in _events(car.port):
        latitude = event["position"]["lat"]
        order = list(written)
        if latitude is None or round(latitude, DIGITS) not in written:
            continue
        latest = order.index(round(latitude, DIGITS)) + 1
        first = latest if first is None else first
        taken += [now - written[one] for one in order[max(first, shown) : latest]]
        shown = max(shown, latest)
        if len(taken) >= WARM + FIXES:
            break
    return taken[WARM:]


def _events(port: int) -> Iterator[tuple[float, dict[str, Any]]]:
    """Each event of the stream, with the second at which it was read."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=10.0)) as connection:
        connection.request("GET", "/api/stream")
        answer = connection.getresponse()
        while line := answer.readline():
            if line.startswith(b"data: "):
                yield time.perf_counter(), json.loads(line[6:])


def _answer(port: int) -> float:
    time.sleep(PAUSE_S)
    return seconds(lambda: get(port, "/api/state"))


@contextmanager
def _screens(port: int) -> Iterator[None]:
    """Many screens that read what they are sent, in a process of their own."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    process = spawn.Process(target=_read_many, args=(port, ready), daemon=True)
    process.start()
    try:
        assert ready.wait(PATIENCE_S), "the streams do not open"
        yield
    finally:
        process.terminate()
        process.join()


def _read_many(port: int, ready: Event) -> None:
    with selectors.DefaultSelector() as selector:
        for _ in range(STREAMS):
            opened = socket.create_connection((HOST, port))
            opened.sendall(f"GET /api/stream HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            selector.register(opened, selectors.EVENT_READ)
            time.sleep(PAUSE_S)
        ready.set()
        while selector.get_map():
            for key, _ in selector.select():
                stream = key.fileobj
                assert isinstance(stream, socket.socket)
                if not stream.recv(65536):  # ended, for there were too many
                    selector.unregister(stream)
                    stream.close()
