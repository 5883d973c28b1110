"""A stop event that can say how often it was asked."""

import threading
import time
from itertools import pairwise


class Asked(threading.Event):
    """A stop event that remembers when it was last asked, as the daemon's watchdog does."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = [time.monotonic()]

    def is_set(self) -> bool:
        """Whether to stop."""
        self.at.append(time.monotonic())
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for it."""
        self.at.append(time.monotonic())
        return super().wait(timeout)

    def longest_silence(self) -> float:
        """Seconds."""
        asked = [*self.at, time.monotonic()]
        return max(later - earlier for earlier, later in pairwise(asked))
