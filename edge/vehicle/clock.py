"""The vehicle's clocks behind one port: the computer's, or a recording's at any pace.

Monotonic seconds rule every duration; the computer's UTC is only a first guess. Must not be read by the domain.
"""

import ctypes
import threading
import time
from pathlib import Path
from typing import Final, Protocol

TIME_ERROR: Final = 5  # adjtimex(2): the clock is not synchronised
TIMEX_BYTES: Final = 256  # struct timex is 208 bytes on 64-bit Linux
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """What the engine asks of a clock."""

    boot: str

    def mono(self) -> float:
        """Monotonic seconds."""

    def utc(self) -> float:
        """The computer's own POSIX seconds."""

    def ntp(self) -> bool:
        """Whether NTP disciplines the computer's clock."""

    def real(self, seconds: float) -> float | None:
        """How long to wait, in real seconds, for some seconds of this clock; None where waiting does not help."""


class SystemClock:
    """The computer's clocks. Monotonic time goes on while the computer sleeps (``CLOCK_BOOTTIME``)."""

    def __init__(self) -> None:
        self.boot = BOOT_ID.read_text().strip()
        self._libc = ctypes.CDLL(None)

    def mono(self) -> float:
        """See `Clock`."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def utc(self) -> float:
        """See `Clock`."""
        return time.time()

    def ntp(self) -> bool:
        """See `Clock`; adjtimex(2) with no modes set only reads."""
        state = int(self._libc.adjtimex(ctypes.create_string_buffer(TIMEX_BYTES)))
        return 0 <= state < TIME_ERROR

    def real(self, seconds: float) -> float | None:
        """See `Clock`."""
        return max(0.0, seconds)


class PacedClock:
    """A recording that began at a real instant and runs at ``speed`` ×: a restarted daemon finds its place in it."""

    boot = "replay"

    def __init__(self, began: float, speed: float) -> None:
        self._began = began
        self._speed = speed

    def mono(self) -> float:
        """Seconds into the recording."""
        return (time.time() - self._began) * self._speed

    def utc(self) -> float:
        """Nothing is known of the recording's date before its first fix; before it begins, it is 1970."""
        return max(0.0, self.mono())

    def ntp(self) -> bool:
        """Never."""
        return False

    def real(self, seconds: float) -> float | None:
        """See `Clock`."""
        return max(0.0, seconds / self._speed)

    def wait_until(self, mono: float, stop: threading.Event) -> None:
        """Return when the recording has got so far, or when asked to stop."""
        stop.wait(self.real(mono - self.mono()))


class StepClock:
    """A recording played as fast as the machine goes: each fix moves the time."""

    boot = "replay"

    def __init__(self) -> None:
        self._mono = 0.0

    def mono(self) -> float:
        """The time of the latest fix."""
        return self._mono

    def utc(self) -> float:
        """Nothing is known of the recording's date before its first fix."""
        return self._mono

    def ntp(self) -> bool:
        """Never."""
        return False

    def real(self, seconds: float) -> float | None:  # noqa: ARG002 - waiting moves no time here
        """See `Clock`."""
        return None

    def wait_until(self, mono: float, stop: threading.Event) -> None:  # noqa: ARG002 - there is nothing to wait for
        """It is so late now."""
        self._mono = max(self._mono, mono)
