"""How many failed logins lock an account or a network address, and for how long. Must not know a store or a clock.

A try counts before its password is looked at, so that many at once are as many; a right one is taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

Of: TypeAlias = Literal["account", "address"]

TRIES: Final[Mapping[Of, int]] = {"account": 5, "address": 30}
"""Failed logins within `WINDOW_S`; an office may share one address."""

WINDOW_S: Final = 900.0
LOCK_S: Final = 900.0


@dataclass(frozen=True, slots=True)
class Tries:
    """Failed logins since an instant; ``until``: locked until then, None where it is not. POSIX seconds."""

    wrong: int = 0
    since: float = 0.0
    until: float | None = None


def left_s(tries: Tries, now: float) -> float:
    """Seconds for which it is locked; 0 where it is not."""
    return 0.0 if tries.until is None else max(0.0, tries.until - now)


def counted(tries: Tries, of: Of, now: float) -> Tries:
    """One more try of what is not locked."""
    over = tries.wrong == 0 or tries.until is not None or not 0.0 <= now - tries.since < WINDOW_S
    wrong, since = (1, now) if over else (tries.wrong + 1, tries.since)
    return Tries(wrong, since, now + LOCK_S if wrong >= TRIES[of] else None)


def taken_back(tries: Tries) -> Tries:
    """The last try was right after all."""
    return replace(tries, wrong=max(0, tries.wrong - 1), until=None)
