"""What the broker has not confirmed yet. A confirmation is no delivery: it only shows that the connection is alive.

Pure: no clock, no network.
"""

from typing import Final, Literal, TypeAlias

CONFIRM_S: Final = 30.0
"""How long a broker may confirm nothing of what it was sent, before the connection counts as dead."""

What: TypeAlias = Literal["records", "visits", "status"]


class Confirmations:
    """Publications by message id, in one session."""

    def __init__(self) -> None:
        self._open: dict[int, What] = {}
        self._since = 0.0

    def published(self, mid: int, what: What, now: float) -> None:
        """Something was handed to the connection."""
        if not self._open:
            self._since = now
        self._open[mid] = what

    def confirmed(self, mid: int, now: float) -> What | None:
        """The broker answers for a publication; what it was, None where it was none of this session."""
        self._since = now
        return self._open.pop(mid, None)

    def awaits_records(self) -> bool:
        """Whether records are still on their way to the broker: to send them again would only lengthen the queue."""
        return "records" in self._open.values()

    def stalled(self, now: float) -> bool:
        """Whether the broker owes confirmations and has given none for too long."""
        return bool(self._open) and now - self._since >= CONFIRM_S
