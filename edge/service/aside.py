"""A call that may hang, made in a thread of its own: who waits for it goes on giving signs of life, and gives it up.

For opening a device, whose driver answers when it likes if its hardware is stuck, and for a name server. Must not know
what is called.
"""

import threading
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

SLICE_S: Final = 0.2
"""How often ``stop`` is asked."""

ResultT = TypeVar("ResultT")


class Aside(Generic[ResultT]):
    """``discard`` gets the result of a call that ended after it was given up.

    ``name``: of the threads; ``at_once``: how many calls may hang beside each other.
    """

    def __init__(self, discard: Callable[[ResultT], None], name: str = "aside", at_once: int = 1) -> None:
        self._discard = discard
        self._name = name
        self._at_once = at_once
        self._under_way: list[_Call[ResultT]] = []

    def call(self, work: Callable[[], ResultT], stop: threading.Event, within_s: float) -> ResultT | None:
        """What ``work`` returns or raises; None where ``stop`` came first.

        Raises TimeoutError where it takes longer than ``within_s``, or too many earlier calls hang yet.
        """
        self._under_way = [call for call in self._under_way if call.is_alive()]
        if len(self._under_way) >= self._at_once:
            msg = "an earlier attempt still hangs"
            raise TimeoutError(msg)
        call = _Call(work, self._discard, self._name)
        self._under_way.append(call)
        call.start()
        end = time.monotonic() + within_s
        while not call.ended.wait(SLICE_S):
            if stop.is_set() or time.monotonic() > end:
                break
        return call.result(late=not stop.is_set())


class _Call(threading.Thread, Generic[ResultT]):
    """The thread of one call."""

    def __init__(self, work: Callable[[], ResultT], discard: Callable[[ResultT], None], name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._discard = discard
        self._lock = threading.Lock()
        self._given_up = False
        self._results: list[ResultT] = []
        self._error: BaseException | None = None
        self.ended = threading.Event()

    def run(self) -> None:
        try:
            result = self._work()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            self._error = error
        else:
            with self._lock:
                if self._given_up:
                    self._discard(result)
                else:
                    self._results.append(result)
        self.ended.set()

    def result(self, *, late: bool) -> ResultT | None:
        """What came, or from now on nothing. Raises what the call raised, or TimeoutError where it is ``late``."""
        with self._lock:
            if self._results:
                return self._results[0]
            self._given_up = True
        if self._error is not None:
            raise self._error
        if late:
            msg = "it does not answer"
            raise TimeoutError(msg)
        return None
