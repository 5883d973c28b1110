"""What the broker has not confirmed yet. A confirmation is no delivery: it only shows that the connection is alive.

Pure: no clock, no network.
"""

from typing import Final

RECORDS: Final = "records"
"""What ledger records are called among publications; any other has the name of its row."""


class Confirmations:
    """Publications by message id, in one session. ``patience_s``: for the next confirmation, where one is owed."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._open: dict[int, str] = {}
        self._since = 0.0

    def published(self, mid: int, what: str, now: float) -> None:
        """Something was handed to the connection."""
        if not self._open:
            self._since = now
        self._open[mid] = what

    def confirmed(self, mid: int, now: float) -> str | None:
        """The broker answers for a publication; what it was, None where it was none of this session."""
        self._since = now
        return self._open.pop(mid, None)

    def awaits_records(self) -> bool:
        """Whether records are still on their way to the broker: to send them again would only lengthen the queue."""
        return RECORDS in self._open.values()

    def stalled(self, now: float) -> bool:
        """Whether the broker owes confirmations and has given none for too long."""
        return bool(self._open) and now - self._since >= self._patience_s
