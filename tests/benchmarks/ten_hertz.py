"""What a car costs that hears ten fixes a second, with one screen open: processor and memory of the vehicle's process.

A drive through the demo's city at 10 Hz (RMC, GGA and GST each time) goes to the vehicle through one pseudo-terminal,
and at the same times to a bare script (pyserial, pynmea2) through another. Processor: user and system seconds of each
process, from /proc, as a share of one core.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Final

from edge.demo.drive import motions
from edge.demo.motion import Motion
from edge.demo.receiver import Receiver
from tests.benchmarks.processes import HOST, cpu_seconds, get, resident_mb, running
from tests.benchmarks.road import fed, on_the_road
from tests.benchmarks.town import Town

SECONDS: Final = 30.0
WARM_S: Final = 5.0
DRIVE_S: Final = 300  # longer than everything takes to start
HERTZ: Final = 10
UNDER_WAY_S: Final = 30  # the drive's first seconds, parked


@dataclass(frozen=True)
class Cost:
    """Shares of a core in per cent, the car's and the bare script's, and the car's resident memory in 10⁶ bytes."""

    cpu: float
    bare_cpu: float
    resident_mb: float


def measure(town: Town, folder: Path) -> Cost:
    """A car and a bare script, side by side."""
    epochs = list(_drive(town, time.time(), DRIVE_S))
    script = [sys.executable, str(Path(__file__).with_name("bare_receiver.py")), str(folder / "other")]
    with (
        fed(folder / "other", epochs),
        running(folder, *script) as bare,
        on_the_road(town, folder, epochs) as car,
        _stream(car.port),
    ):
        time.sleep(WARM_S)
        began, before = time.monotonic(), (cpu_seconds(car.pid), cpu_seconds(bare))
        time.sleep(SECONDS)
        took, after = time.monotonic() - began, (cpu_seconds(car.pid), cpu_seconds(bare))
        gps = json.loads(get(car.port, "/api/state"))["gps"]
        assert gps["fixes"] > HERTZ * SECONDS, f"the car has not heard ten fixes a second: {gps}"
        shares = [100.0 * (new - old) / took for old, new in zip(before, after, strict=True)]
        return Cost(shares[0], shares[1], resident_mb(car.pid))


def _drive(town: Town, start_utc: float, seconds: int) -> Iterator[tuple[float, bytes]]:
    """A drive through the city at 10 Hz, between the places where the car is each second."""
    city = town.site.city
    receiver = Receiver(city.layout.tunnel, Random("benchmark"))  # noqa: S311 - noise, not a secret
    places = islice(motions(city, 1), UNDER_WAY_S, UNDER_WAY_S + seconds + 1)
    for second, (here, there) in enumerate(pairwise(places)):
        for tenth in range(HERTZ):
            utc = start_utc + second + tenth / HERTZ
            yield utc, receiver.epoch(utc, _between(here, there, tenth / HERTZ))


def _between(here: Motion, there: Motion, share: float) -> Motion:
    return Motion(here.x + share * (there.x - here.x), here.y + share * (there.y - here.y), here.course, here.speed)


@contextmanager
def _stream(port: int) -> Iterator[None]:
    """One screen that reads its stream."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=10.0)) as connection:
        connection.request("GET", "/api/stream")
        answer = connection.getresponse()

        def read() -> None:
            while answer.readline():
                pass

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        yield
