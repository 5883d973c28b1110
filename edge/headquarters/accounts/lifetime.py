"""How long a session lasts. Must not read a clock."""

from typing import Final

IDLE_S: Final = 1800.0
"""Without a request (CJIS Security Policy, *Session Lock*: at most 30 min)."""

LONGEST_S: Final = 12 * 3600.0
"""At most, however much it is used: a long shift."""

SEEN_EVERY_S: Final = 60.0
"""A request is noted so often: not each is a write."""

CODE_S: Final = 72 * 3600.0
"""How long a one-time code may be used."""


def is_live(began: float, seen: float, now: float) -> bool:
    """Whether a session may be used (POSIX seconds). A clock that was put back ends none."""
    return now < began + LONGEST_S and now < seen + IDLE_S
