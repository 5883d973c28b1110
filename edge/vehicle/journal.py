"""What the screen says of link, receiver and store, one line in the log at each change: for who cannot see the screen.

Must not decide what is worth saying: that is the parts' own.
"""

from collections.abc import Callable
from typing import Final

from edge.vehicle.view.snapshot import GpsView, LinkView

LINK: Final = {"connected": "connected to the broker", "connecting": "connecting to the broker", "offline": "no link"}


class Journal:
    """Remembers what was written last. ``write`` takes a line."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._said: dict[str, str] = {}

    def tell(self, link: LinkView, gps: GpsView, notices: tuple[str, ...]) -> None:
        """Write what is said otherwise than before."""
        if link.state != "connecting":  # every attempt begins so
            self._of("link", link.sentence or LINK[link.state])
        self._of("gps", gps.sentence)
        self._of("store", " · ".join(notices))

    def _of(self, part: str, sentence: str) -> None:
        if sentence != self._said.get(part, ""):
            self._said[part] = sentence
            self._write(f"{part}: {sentence or 'all is well'}")
