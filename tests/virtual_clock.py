"""A computer's clocks in virtual time, with a monotonic clock of their own for each boot. Must not wait."""


class VirtualClock:
    """True seconds since the drive began, and this boot's clocks. ``wrong``: how far off the computer's own is."""

    def __init__(self, began: float) -> None:
        self.boot = ""
        self.now = 0.0
        self.wrong = 0.0
        self._began = began
        self._booted = 0.0
        self.reboot(wrong=0.0)

    def reboot(self, wrong: float) -> None:
        """The computer starts: its monotonic clock with it, and its UTC as wrong as said."""
        self.boot = f"boot at {self.now}"
        self.wrong = wrong
        self._booted = self.now - 20.0

    def mono(self) -> float:
        """Seconds since the boot."""
        return self.now - self._booted

    def true_utc(self) -> float:
        """POSIX seconds by the satellites."""
        return self._began + self.now

    def utc(self) -> float:
        """POSIX seconds by the computer."""
        return self.true_utc() + self.wrong

    def ntp(self) -> bool:
        """Never: there is no network."""
        return False

    def real(self, seconds: float) -> float | None:  # noqa: ARG002 - nobody waits here
        """Waiting does not help."""
        return None
