"""Which connections may stay: one that trickles, stalls or idles must not keep the screen from its own server.

waitress waits two minutes for a silent client, for ever for one that sends a byte now and then, and stops accepting at
its limit. Here each has a patience that no trickle renews, and where there are too many, the oldest that is not being
served makes room. Must not know what is asked or answered.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

MOST: Final = 64
"""Connections at a time. A screen has seven: six for its files, one for its stream."""

GRACE_S: Final = 0.25
"""What a new connection has to ask, before it may have to make room."""

Doing: TypeAlias = Literal["asking", "owed", "idle"]

PATIENCE_S: Final[dict[Doing, float]] = {
    "asking": 5.0,  # for a whole request, since it began
    "owed": 10.0,  # for a client that takes nothing of what waits for it
    "idle": 60.0,  # between two requests
}


@dataclass(frozen=True, slots=True)
class _Note:
    """What a connection was seen at, and since when. ``mark`` changes when it gets on."""

    doing: Doing
    mark: object
    since: float


class Connections:
    """The connections of a server; ``channels``: waitress's own table of them, in the order in which they came."""

    def __init__(self, channels: dict[int, Any]) -> None:
        self._channels = channels
        self._notes: dict[Any, _Note] = {}

    def sweep(self, now: float) -> None:
        """Close those whose patience is over at ``now`` (monotonic), and the oldest where there are too many."""
        channels = list(self._channels.values())
        notes = {channel: note for channel in channels if (note := self._note(channel, now)) is not None}
        surplus = len(channels) - MOST
        for channel, note in notes.items():
            seen_s = now - note.since
            if seen_s > PATIENCE_S[note.doing] or (surplus > 0 and seen_s >= GRACE_S):
                channel.handle_close()
                surplus -= 1
        self._notes = notes

    def _note(self, channel: Any, now: float) -> _Note | None:
        """What it is seen at; None for one that is being served and owed nothing."""
        doing: Doing
        if channel.total_outbufs_len:
            doing, mark = "owed", channel.last_activity
        elif channel.requests:
            return None
        elif channel.request is not None:
            doing, mark = "asking", channel.request
        else:
            doing, mark = "idle", channel.last_activity
        before = self._notes.get(channel)
        same = before is not None and before.doing == doing and before.mark == mark
        return before if same else _Note(doing, mark, now)
