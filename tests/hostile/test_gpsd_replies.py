"""Replies that no gpsd should send: odd values in every place of a good one; floods, trickles and silence."""

import math
import random
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from edge.domain.inputs import Fix
from edge.service.supervisor import HUNG_S
from edge.vehicle.gps.gpsd import GpsdSource
from edge.vehicle.gps.gpsd_lines import Lines
from tests.hostile.mqtt_fuzz import changed
from tests.vehicle.gps.sentences import LAT, LON, STEP
from tests.waiting import PATIENCE_S

COUNT = 20_000


def reports(second: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Good reports of a drive: a position, and the sky."""
    minute, rest = divmod(second, 60)
    time = f"2026-03-02T{12 + minute // 60:02d}:{minute % 60:02d}:{rest:02d}.000Z"
    tpv = {
        "class": "TPV", "mode": 3, "time": time, "lat": LAT + second * STEP, "lon": LON, "speed": 11.1, "status": 1,
        "epx": 9.8, "epy": 19.6, "eph": 12.0, "eps": 1.0, "alt": 180.0, "climb": 0.0,
    }  # fmt: skip
    sky = {"class": "SKY", "hdop": 1.2, "satellites": [{"PRN": 5, "used": True}, {"PRN": 7, "used": False}]}
    return tpv, sky


def test_no_reply_is_a_crash_or_a_figure_that_is_none() -> None:
    """Every fix has a time of this century, a place on the globe, and figures that JSON has a number for."""
    rng, now, fixes = random.Random(1), 0, list[Fix]()  # noqa: S311
    source, lines = GpsdSource("127.0.0.1", 1, fixes.append, lambda: float(now)), Lines(Counter())
    lines.feed(b'{"class":"VERSION"}\n')
    for now in range(COUNT):
        for report in reports(now % 30_000):
            for one in lines.feed(changed(rng, report).encode() + b"\n"):
                source._report(one)
    assert len(fixes) > COUNT // 20
    for fix in fixes:
        assert 0 < fix.utc < 4_102_444_800
        assert abs(fix.lat) <= 90
        assert abs(fix.lon) <= 180
        assert fix.speed is None or 0 <= fix.speed <= 90
        assert 0 < fix.accuracy < math.inf
    assert source.status().refused.keys() > {"gpsd_reply", "bad_time", "out_of_range"}


class Pulse(threading.Event):
    """As the daemon's watch sees a thread: alive when it asks whether it must stop. ``longest``: seconds between."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = time.monotonic()
        self.longest = 0.0

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest, self._asked = max(self.longest, now - self._asked), now

    def is_set(self) -> bool:
        """As ever."""
        self._beat()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """As ever."""
        self._beat()
        done = super().wait(timeout)
        self._beat()
        return done


FLOODS = {
    "newlines": b"\n" * 1000,
    "numbers": b"0\n" * 1000,
    "no line end": b"x" * 100_000,
    "another class": b'{"class":"SKY"}\n' * 100,
    "polls": b'{"class":"POLL","active":1,"tpv":[],"sky":[]}\n' * 100,
    "greetings": b'{"class":"VERSION"}\n' * 100,
    "a byte now and then": b"",
    "nothing": None,
}


@pytest.mark.parametrize("flood", FLOODS)
def test_whatever_answers_the_source_gives_signs_of_life(flood: str) -> None:
    """A peer that floods, trickles or is mute: the thread goes on asking whether it must stop, and stops when asked."""
    data, over, pulse = FLOODS[flood], threading.Event(), Pulse()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while not over.wait(0.0 if data else 0.1):
                connection.sendall(b"{" if data == b"" else data or b"")

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=server.accept()[:1], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, daemon=True).start()
        source = GpsdSource("127.0.0.1", server.getsockname()[1], print, time.monotonic)
        thread = threading.Thread(target=source.run, args=[pulse])
        thread.start()
        time.sleep(1.0)
        pulse.set()
        thread.join(PATIENCE_S)
        over.set()
        server.shutdown(socket.SHUT_RDWR)
    assert not thread.is_alive()
    assert pulse.longest < HUNG_S / 2, "the daemon's watch would soon take it for hung"
