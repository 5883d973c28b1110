"""The threads of a process: started, asked to stop, and watched. One that ends or hangs ends the process.

A thread that looks whether it must stop is alive: so the event that asks it also tells when it last looked, and no
part has to do anything for its watching. Must not know what a thread does.
"""

import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from edge.errors import UserError

HUNG_S: Final = 20.0
"""Without a sign of life for so long, a thread hangs. A slow flash card stalls a write for a few seconds."""

HELD_UP_S: Final = 5.0
"""The check itself this late: the computer slept or was stopped, and no thread had its turn."""

SLICE_S: Final = 1.0
JOIN_S: Final = 10.0


class DeadThreadError(RuntimeError):
    """A thread has ended by itself."""


class HungThreadError(RuntimeError):
    """A thread gives no sign of life; ``stack`` says where it is."""

    def __init__(self, message: str, stack: str) -> None:
        super().__init__(message)
        self.stack = stack


class Heartbeat(threading.Event):
    """Asks a thread to stop, and knows when the thread last looked. ``now``: monotonic seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self.beat()

    def beat(self) -> None:
        """A sign of life."""
        self._beaten_at = self._now()

    def quiet_s(self) -> float:
        """Seconds since the last sign of life."""
        return self._now() - self._beaten_at

    def is_set(self) -> bool:
        """Whether to stop; asking is a sign of life."""
        self.beat()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """As `threading.Event.wait`; who waits here is alive all the while."""
        until = None if timeout is None else self._now() + timeout
        while not self.is_set():
            left = SLICE_S if until is None else min(SLICE_S, until - self._now())
            if left <= 0.0:
                return False
            super().wait(left)
        return True


@dataclass(slots=True)
class _Part:
    thread: threading.Thread
    heartbeat: Heartbeat
    failure: BaseException | None = None


class Supervisor:
    """The threads of one process. ``stops`` takes the mirror of each start; one that is quiet for ``hung_s`` hangs."""

    def __init__(self, stops: ExitStack, *, hung_s: float = HUNG_S, now: Callable[[], float] = time.monotonic) -> None:
        self._stops = stops
        self._hung_s = hung_s
        self._now = now
        self._checked_at = now()
        self._parts: dict[str, _Part] = {}
        self._stopped: dict[str, _Part] = {}

    def start(
        self,
        name: str,
        body: Callable[[threading.Event], None],
        wake: Callable[[], None] | None = None,
        heartbeat: Heartbeat | None = None,
    ) -> None:
        """Run a part in its own thread; its mirror asks it to stop, wakes it, and waits."""
        stop = heartbeat or Heartbeat(self._now)

        def guarded() -> None:
            try:
                body(stop)
            except BaseException as error:  # noqa: BLE001 - for `check`, which ends the process with it
                part.failure = error

        part = _Part(threading.Thread(target=guarded, name=name, daemon=True), stop)

        def end() -> None:
            self._stopped[name] = self._parts.pop(name)
            stop.set()
            if wake is not None:
                wake()
            part.thread.join(JOIN_S)

        self._parts[name] = part
        self._stops.callback(end)
        part.thread.start()

    def check(self) -> None:
        """Raises DeadThreadError where a thread has ended, and HungThreadError where one hangs.

        One that ended with a UserError raises that: it is the user's to correct.
        """
        held_up = self._now() - self._checked_at > HELD_UP_S
        self._checked_at = self._now()
        for name, part in list(self._parts.items()):
            if not part.thread.is_alive():
                raise _ended(name, part.failure) from part.failure
            if held_up:
                part.heartbeat.beat()
        quietest = max(self._parts, key=lambda name: self._parts[name].heartbeat.quiet_s(), default=None)
        if quietest is not None and self._parts[quietest].heartbeat.quiet_s() > self._hung_s:
            msg = f"thread {quietest!r} is hung: no sign of life for {self._hung_s:.0f} s"
            raise HungThreadError(msg, _where(self._parts[quietest].thread))

    def raise_failures(self) -> None:
        """Once all have been stopped: raises as `check` does for one that failed on its way out, or has not ended."""
        for name, part in self._stopped.items():
            if part.failure is not None:
                raise _ended(name, part.failure) from part.failure
            if part.thread.is_alive():
                msg = f"thread {name!r} is hung: it was asked to stop {JOIN_S:.0f} s ago"
                raise HungThreadError(msg, _where(part.thread))


def _ended(name: str, why: BaseException | None) -> Exception:
    if isinstance(why, UserError):
        return why
    return DeadThreadError(f"thread {name!r} stopped: {why!r}" if why else f"thread {name!r} stopped")


def _where(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)
    return "".join(traceback.format_stack(frame)) if frame is not None else ""
