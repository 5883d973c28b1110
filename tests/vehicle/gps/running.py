"""A source in its thread, as the daemon runs it, and a receiver at the far end of a pseudo-terminal."""

import os
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from edge.domain.inputs import Fix
from edge.vehicle.gps.port import Source
from tests.hostile.baud import as_heard
from tests.vehicle.gps.sentences import LAT, START, STEP, gga, rmc, zda
from tests.waiting import PATIENCE_S, wait_for


class Running:
    """A source in its thread, which ends when it is asked to, or the test fails."""

    def __init__(self, make: Callable[[Callable[[Fix], None]], Source]) -> None:
        self.fixes: list[Fix] = []
        self.source = make(self.fixes.append)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.source.run, args=(self._stop,), daemon=True)
        self._thread.start()

    @property
    def state(self) -> str:
        """What the source says of itself now."""
        return self.source.status().state

    def more(self) -> None:
        """A new fix comes."""
        before = len(self.fixes)
        wait_for(lambda: len(self.fixes) > before)

    def settled(self) -> None:
        """Its receiver's interval is known: a second and a half of fixes came."""
        wait_for(lambda: self.fixes and self.fixes[-1].mono - self.fixes[0].mono > 1.5)

    def stop(self) -> None:
        """Ask it to end, and see that it does."""
        self._stop.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "still running long after it was asked to stop"


@contextmanager
def running(make: Callable[[Callable[[Fix], None]], Source]) -> Iterator[Running]:
    run = Running(make)
    try:
        yield run
    finally:
        run.stop()


class Receiver:
    """A receiver behind a path, driving north from ``START`` since it was made; speaks ``rate`` times a second.

    ``sent``: the seconds since ``START`` that it has told of.
    """

    def __init__(self, path: Path, rate: float = 5.0, *, zda_first: bool = False) -> None:
        self.path = path
        self.sent: list[float] = []
        self._zda_first = zda_first
        self.silent = threading.Event()
        self.babbling = threading.Event()
        self.indoors = threading.Event()
        self._period = 1 / rate
        self._begun = time.monotonic()
        self._master = self._slave = -1
        self._lock = threading.Lock()
        self._over = threading.Event()
        self.plug()
        self._thread = threading.Thread(target=self._speak, daemon=True)
        self._thread.start()

    def plug(self) -> ExitStack:
        """Appear under the path, as a new device; the one before, if it is still there, is the caller's to close."""
        before = ExitStack()
        if self._master >= 0:
            before.callback(os.close, self._slave)
            before.callback(os.close, self._master)
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        new = self.path.with_suffix(".new")
        new.symlink_to(os.ttyname(slave))
        new.replace(self.path)
        with self._lock:
            self._master, self._slave = master, slave
        return before

    @property
    def terminal(self) -> str:
        """The device's own name, behind the path."""
        return os.ttyname(self._slave)

    def unplug(self) -> None:
        """Go, path and all."""
        self.path.unlink()
        with self._lock:
            os.close(self._slave)
            os.close(self._master)
            self._master = -1

    def close(self) -> None:
        """Switch off."""
        self._over.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the receiver goes on speaking"
        if self._master >= 0:
            self.unplug()

    def _speak(self) -> None:
        while not self._over.wait(self._period):
            second = round(time.monotonic() - self._begun, 1)
            place = LAT + second * STEP
            data = gga(second, place) + rmc(second, place, knots="21.6")
            if self.indoors.is_set():
                data = gga(second, quality=0, sats="00") + rmc(second, status="V")
            if self._zda_first:
                data = zda(second) + data
            if self.babbling.is_set():
                data = as_heard(data, 9600, 4800)
            with self._lock:
                if self._master >= 0 and not self.silent.is_set():
                    with suppress(BlockingIOError):
                        os.write(self._master, data)
                        self.sent.append(second)


@contextmanager
def receiver(path: Path, rate: float = 5.0, *, zda_first: bool = False) -> Iterator[Receiver]:
    made = Receiver(path, rate, zda_first=zda_first)
    try:
        yield made
    finally:
        made.close()


def newest(fixes: list[Fix]) -> float:
    """Seconds since ``START`` of the latest fix."""
    return fixes[-1].utc - START
