"""How often one may tap: a finger's pace. A stuck glass or a script must not flood the ledger or the engine's inbox.

Must not know what a tap does.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

BURST: Final = 20
EACH_S: Final = 0.2


class Rate:
    """``BURST`` taps at once, and one more every ``EACH_S``. ``now``: monotonic seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._left = float(BURST)
        self._at = now()

    def take(self) -> bool:
        """Whether one more is allowed; it then counts."""
        with self._lock:
            now = self._now()
            self._left = min(self._left + (now - self._at) / EACH_S, float(BURST))
            self._at = now
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True
