"""What the screen says of link, receiver and the rest, a line in the log at each change: for who cannot see the screen.

Must not decide what is worth saying: that is the parts' own.
"""

from collections.abc import Callable

from edge.text.words import Notice, say, word
from edge.vehicle.view.snapshot import GpsView, LinkView


class Journal:
    """Remembers what was written last. ``line`` takes a line."""

    def __init__(self, line: Callable[[str], None]) -> None:
        self._line = line
        self._written: dict[str, str] = {}

    def write(self, link: LinkView, gps: GpsView, notices: tuple[Notice, ...]) -> None:
        """Write what is otherwise than before."""
        if link.state != "connecting":  # every attempt begins so
            self._of("link", link.notice or Notice(f"link.{link.state}"))
        self._of("gps", gps.notice)
        self._of("vehicle", *notices)

    def _of(self, part: str, *notices: Notice | None) -> None:
        text = " · ".join(say(one) for one in notices if one is not None)
        if text != self._written.get(part, ""):
            self._written[part] = text
            self._line(f"{part}: {text or word('log', 'ok')}")
