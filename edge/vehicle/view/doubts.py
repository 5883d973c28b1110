"""What a receiver gives that the rules cannot use, for the screen: a date that is not believed, too few positions."""

from datetime import UTC, datetime
from typing import Final

from edge.domain.clock import SMALL_S, STEADY_S
from edge.domain.state import State
from edge.domain.track import LOST_MOST_S
from edge.text.words import Notice

FRESH_S: Final = 60.0
"""A receiver that has not given the date since is not spoken of any more."""


def doubts(state: State, mono: float) -> tuple[Notice, ...]:
    """The notices of a committed state at a monotonic instant."""
    return tuple(one for one in (_date(state, mono), _interval(state)) if one is not None)


def _date(state: State, mono: float) -> Notice | None:
    rival = state.clock.rival
    if rival is None or rival.until - rival.since < STEADY_S or mono - rival.until > FRESH_S:
        return None
    if abs(rival.offset - state.clock.offset) <= SMALL_S:
        return None
    given = datetime.fromtimestamp(rival.until + rival.offset, UTC)
    return Notice("gps.wrong_date", {"date": f"{given:%Y-%m-%d %H:%M} UTC"}, "warning")


def _interval(state: State) -> Notice | None:
    interval = state.track.interval
    return None if interval <= LOST_MOST_S else Notice("gps.too_slow", {"interval": interval}, "warning")
