"""Times that no record can have yet. Such a record is stored and proved; only what is listed first differs."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

AHEAD_S: Final = 2 * 86_400.0
"""A record's shift may begin tomorrow, in whatever zone; its clock may be wrong by less."""

SET: Final = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
"""Before this headquarters' own clock is not set, and judges nobody's."""

IMPOSSIBLE: Final = "time or shift is days ahead of headquarters' clock; stored, but listed last"


def is_impossible(time: float, shift: str | None, now: float) -> bool:
    """Whether a record's time, or its shift's date, lies days ahead (POSIX seconds)."""
    if now < SET:
        return False
    return time > now + AHEAD_S or (shift is not None and shift[:10] > last_day(now))


@lru_cache(maxsize=4)
def last_day(now: float) -> str:
    """The last date (ISO) on which a shift of a record may begin."""
    return datetime.fromtimestamp(now + AHEAD_S, UTC).date().isoformat()
