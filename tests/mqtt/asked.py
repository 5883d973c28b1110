"""A stop event that can say how often it was asked."""

import math
import threading
import time
from itertools import pairwise


class Asked(threading.Event):
    """A stop event that remembers when it was last asked, as the daemon's watchdog does, and each wait's length.

    ``enough``: asked so often, it is set.
    """

    def __init__(self, enough: int | None = None) -> None:
        super().__init__()
        self.at: list[float] = [time.monotonic()]
        self.slices: list[float] = []
        self._enough = enough

    def is_set(self) -> bool:
        """Whether to stop."""
        self._asked()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for it."""
        self._asked()
        self.slices.append(math.inf if timeout is None else timeout)
        return super().wait(timeout)

    def _asked(self) -> None:
        self.at.append(time.monotonic())
        if self._enough is not None and len(self.at) > self._enough:
            self.set()

    def longest_silence(self) -> float:
        """Seconds."""
        asked = [*self.at, time.monotonic()]
        return max(later - earlier for earlier, later in pairwise(asked))
