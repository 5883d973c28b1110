"""A million lines of damage and nonsense through a real pseudo-terminal: no crash, no bogus fix, no growth.

A fix is *genuine* where place and time are those of the drive that is interleaved. What is not, is bogus; only of a
sentence with a valid checksum, of here and now, can nobody know: of those the gate promises that each one can follow
the one before it.
"""

import fcntl
import os
import subprocess
import sys
import termios
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import IO

import pytest

from edge.domain.inputs import Fix
from edge.vehicle.gps.gate import FASTEST, SLACK, WANDER, distance
from edge.vehicle.gps.serial_nmea import SerialSource
from tests.hostile.nmea_feeder import LAT, LON, START, STEP
from tests.waiting import PATIENCE_S, wait_for

pytestmark = pytest.mark.timeout(300)  # at the pace of a serial line

ROOT = Path(__file__).parents[2]
EXACT = 2e-8  # degrees: what NMEA's last digit leaves open
GROWTH = 8 << 20  # bytes


class Fuzzed:
    """A serial source on a terminal that a feeder writes to; ``fixes`` is what came out of it."""

    def __init__(self, kind: str, count: int, seed: int) -> None:
        self.fixes: list[Fix] = []
        self.died: BaseException | None = None
        self.zero = time.monotonic()
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.source = SerialSource(os.ttyname(self._slave), 9600, self.fixes.append, time.monotonic)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        wait_for(lambda: self.source.status().state != "connecting")
        command = [sys.executable, "-m", "tests.hostile.nmea_feeder", self._master, kind, count, seed, self.zero]
        self._feeder = subprocess.Popen(
            [str(word) for word in command], cwd=ROOT, pass_fds=[self._master], stdout=subprocess.PIPE, text=True
        )

    def _run(self) -> None:
        try:
            self.source.run(self._stop)
        except BaseException as error:  # noqa: BLE001 - what the daemon's watchdog would report
            self.died = error

    def finish(self) -> int:
        """Wait for the last line and its reading; how many genuine moments were written."""
        answer: IO[str] | None = self._feeder.stdout
        assert answer is not None
        with answer:
            written = int(answer.read())
        assert self._feeder.wait(PATIENCE_S) == 0
        wait_for(lambda: not self._unread())
        time.sleep(0.3)  # the last bytes are read, and not yet judged
        return written

    def _unread(self) -> int:
        return int.from_bytes(fcntl.ioctl(self._slave, termios.FIONREAD, b"\0" * 4), sys.byteorder)

    def close(self) -> None:
        """End both; fails where the source has ended by itself, or does not when it is asked to."""
        self._feeder.kill()
        self._feeder.wait(PATIENCE_S)
        self._stop.set()
        self._thread.join(PATIENCE_S)
        os.close(self._slave)
        os.close(self._master)
        assert not self._thread.is_alive(), "still running long after it was asked to stop"
        assert self.died is None, f"the source has ended: {self.died!r}"


@contextmanager
def fuzzed(kind: str, count: int, seed: int) -> Iterator[Fuzzed]:
    made = Fuzzed(kind, count, seed)
    try:
        yield made
    finally:
        made.close()


def bogus(run: Fuzzed, fix: Fix) -> bool:
    """Whether a fix is not of the drive: another place than the drive's at its time, or another time than now."""
    away = max(abs(fix.lat - LAT - (fix.utc - START) * STEP), abs(fix.lon - LON))
    return away > EXACT or abs((fix.utc - START) - (fix.mono - run.zero)) > SLACK


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


LINES = [pytest.param(100_000, id="100,000"), pytest.param(1_000_000, id="1,000,000", marks=pytest.mark.long)]


@pytest.mark.parametrize("lines", LINES)
def test_no_hostile_line_makes_a_fix(lines: int) -> None:
    """Every fix is genuine, most genuine moments come through, memory stays, and each refusal has its reason."""
    with fuzzed("hostile", lines, seed=lines) as run:
        wait_for(lambda: len(run.fixes) >= 10)
        before = resident()
        written = run.finish()
        assert [fix for fix in run.fixes if bogus(run, fix)] == []
        assert len(run.fixes) > 0.25 * written
        assert resident() - before < GROWTH
        refused = run.source.status().refused
        assert {"checksum", "no_checksum", "unreadable", "too_long", "bad_date", "bad_time"} <= refused.keys()


@pytest.mark.parametrize("lines", [pytest.param(60_000, id="60,000")])
def test_a_lie_can_only_follow(lines: int) -> None:
    """Any digits under a valid checksum: who may believe them? Each fix can follow the one before, and is of now.

    Time advances, at most `SLACK` out of step, and the way can be driven; what cannot follow must first be told alike
    for seconds on end, and is flagged.
    """
    with fuzzed("lies", lines, seed=lines) as run:
        run.finish()
        assert len(run.fixes) > 5
        for before, fix in pairwise(run.fixes):
            if "relocated" in fix.flags or "clock_stepped" in fix.flags:
                continue
            passed = fix.utc - before.utc
            assert passed > 0
            assert distance(before, fix) <= FASTEST * passed + WANDER
            assert abs((fix.utc - START) - (fix.mono - run.zero)) < 2 * SLACK
        assert not bogus(run, run.fixes[0])
