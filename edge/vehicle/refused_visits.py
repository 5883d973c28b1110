"""What other vehicles report of their visits and cannot be so: a line in the log, once for each vehicle and reason.

It is for a technician: no officer's screen shows it. Must not judge a visit.
"""

from collections.abc import Callable, Mapping
from typing import Final

from edge.domain.visits import Reason, Refused

WORDS: Final[Mapping[Reason, str]] = {
    "off_grid": "outside the agency",
    "shift": "outside the shift they name",
    "time": "ended before they began",
    "future": "in the future",
    "old": "over seven days old",
    "short": "counted, but too short to count",
    "minutes": "with more minutes than the wall clock",
    "elsewhere": "while the vehicle was elsewhere",
    "too_many": "more than are kept for one vehicle",
}
MOST: Final = 1_000
"""Lines that are written in the daemon's life."""


class RefusedVisits:
    """Remembers what was written. ``line`` accepts a line."""

    def __init__(self, line: Callable[[str], None]) -> None:
        self._line = line
        self._written: set[tuple[str, Reason]] = set()

    def write(self, refused: Mapping[str, Refused]) -> None:
        """Write what was not written of a vehicle yet."""
        for unit, by_reason in refused.items():
            new = [(reason, count) for reason, count in by_reason.items() if (unit, reason) not in self._written]
            if not new or len(self._written) >= MOST:
                continue
            self._written.update((unit, reason) for reason, _ in new)
            said = ", ".join(f"{count} {WORDS[reason]}" for reason, count in new)
            self._line(f"visits: vehicle {unit!r:.80} reports impossible visits, which are not used: {said}")
