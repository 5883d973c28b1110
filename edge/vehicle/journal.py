"""What the screen says of link, receiver and the rest, a line in the log at each change: for who cannot see the screen.

A fault that comes and goes all day must not fill the log: what changes too often is named once, and written again when
it is steady. Must not decide what is worth saying: that is the parts' own.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edge.text.words import Notice, say, word
from edge.vehicle.view.snapshot import GpsView, LinkView

HOUR_S: Final = 3600.0
MOST: Final = 12
"""Changes of one part in an hour that are written."""

STEADY_S: Final = 600.0
"""What changed too often and then did not for so long is steady."""


@dataclass(slots=True)
class _Part:
    """``seen`` now, ``written`` last (None: is to be), when it ``changed`` within an hour; ``unsteady``: too often."""

    seen: str = ""
    written: str | None = ""
    changed: tuple[float, ...] = ()
    unsteady: bool = False


class Journal:
    """Remembers what was written last. ``line`` accepts a line; ``mono``: monotonic seconds."""

    def __init__(self, line: Callable[[str], None], mono: Callable[[], float] = time.monotonic) -> None:
        self._line = line
        self._mono = mono
        self._parts: defaultdict[str, _Part] = defaultdict(_Part)

    def write(self, link: LinkView, gps: GpsView, notices: tuple[Notice, ...]) -> None:
        """Write what is otherwise than before."""
        if link.state != "connecting":  # every attempt begins so
            self._of("link", link.notice or Notice(f"link.{link.state}"))
        self._of("gps", gps.notice)
        self._of("vehicle", *notices)

    def _of(self, name: str, *notices: Notice | None) -> None:
        text = " · ".join(say(one) for one in notices if one is not None)
        part, now = self._parts[name], self._mono()
        if text != part.seen:
            part.seen = text
            part.changed = (*(at for at in part.changed if now - at < HOUR_S), now)
        if part.unsteady:
            part.unsteady = now - part.changed[-1] < STEADY_S
        elif text != part.written and len(part.changed) > MOST:
            part.unsteady, part.written = True, None
            self._line(f"{name}: {word('log', 'unsteady')}")
        if text != part.written and not part.unsteady:
            part.written = text
            self._line(f"{name}: {text or word('log', 'ok')}")
