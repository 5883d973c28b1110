"""The receiver of the fuzz tests, a process of its own: a genuine drive in real time, and between its moments the rest.

``python -m tests.hostile.nmea_feeder FD KIND COUNT SEED ZERO``: writes to the descriptor as fast as it is read, but no
more than `MOST` lines between two moments: on a fast machine, too, the drive has moments enough to be judged by.
``ZERO`` is the monotonic second at which the drive begins. Prints how many moments of the drive it wrote.
"""

import os
import random
import sys
import time
from typing import Final

from edge.demo.nmea import nmea_sentences
from tests.hostile.nmea_fuzz import Make, hostile, lies, now_of

START: Final = 1_792_000_000.0  # UTC of the drive's zero
LAT, LON, STEP = 41.88, -87.63, 1e-4  # degrees; degrees north a second: 11 m/s
EVERY_S: Final = 0.1
MOST: Final = 1_600
KINDS: Final[dict[str, Make]] = {"hostile": hostile, "lies": lies}


def epoch(second: float) -> bytes:
    """The genuine sentences of a moment of the drive."""
    return nmea_sentences(START + second, LAT + second * STEP, LON, 11.1, 0.0)


def feed(descriptor: int, make: Make, count: int, seed: int, zero: float) -> int:
    """Write ``count`` lines; the number of genuine moments."""
    rng, epochs, due = random.Random(seed), 0, 0.0  # noqa: S311 - a test's dice
    genuine = epoch(0.0).splitlines(keepends=True)
    waiting, since = bytearray(), 0
    for _ in range(count):
        second = time.monotonic() - zero
        if since >= MOST and second < due:
            time.sleep(due - second)
            second = due
        since += 1
        if second >= due:
            since = 0
            moment = round(second, 3)
            genuine = epoch(moment).splitlines(keepends=True)
            due, epochs = second + EVERY_S, epochs + 1
            waiting += b"\n" + b"".join(genuine)
        waiting += make(rng, genuine, now_of(START + second))
        if len(waiting) > 2048:
            write(descriptor, waiting)
            waiting.clear()
    write(descriptor, waiting + b"\n")
    return epochs


def write(descriptor: int, data: bytes | bytearray) -> None:
    """All of it, however little the terminal takes at once."""
    view = memoryview(bytes(data))
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    fd, kind, count, seed, zero = sys.argv[1:]
    print(feed(int(fd), KINDS[kind], int(count), int(seed), float(zero)))  # noqa: T201 - its answer
