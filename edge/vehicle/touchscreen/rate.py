"""How often something may be: a few at once, then at a pace. Must not know what.

For taps a finger's pace: a stuck glass or a script must not flood the ledger or the engine's inbox.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

BURST: Final = 20
EACH_S: Final = 0.2


class Rate:
    """``burst`` at once, and one more every ``each_s``. ``now``: monotonic seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic, burst: int = BURST, each_s: float = EACH_S) -> None:
        self._now = now
        self._burst = float(burst)
        self._each_s = each_s
        self._lock = threading.Lock()
        self._left = self._burst
        self._at = now()

    def take(self) -> bool:
        """Whether one more is allowed; it then counts."""
        with self._lock:
            self._fill()
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True

    def wait_s(self) -> float:
        """Seconds until one more is allowed; 0 where it is now."""
        with self._lock:
            self._fill()
            return max(0.0, 1.0 - self._left) * self._each_s

    def _fill(self) -> None:
        now = self._now()
        self._left = min(self._left + (now - self._at) / self._each_s, self._burst)
        self._at = now
