"""Has the unit ask headquarters for what it has announced: the last download notice in force is noted in a file.

``roundsman-fetch.path`` watches that file and starts the download, so the daemon needs no right to start anything; what
this unit may have, headquarters decides. A notice that was noted is not noted again, not after a restart either; where
the file is lost or cannot be written, the quarter-hourly timer asks. Must not download anything.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from edge.contract.signed_kinds import DOWNLOAD
from edge.vehicle.in_force import InForce

FILE: Final = "announced"
"""In the daemon's data folder; `roundsman-fetch.path` names it."""

SPREAD_S: Final = 60.0
"""Within so long after a notice the fleet asks, each car at another moment."""


class Announced:
    """Of one car. ``after_s``: how long after it heard a notice this car asks; ``mono``: seconds that only grow."""

    def __init__(self, file: Path, in_force: InForce, after_s: float, mono: Callable[[], float]) -> None:
        self._file = file
        self._in_force = in_force
        self._after_s = after_s
        self._mono = mono
        self._heard: tuple[str, float] | None = None
        self._noted = _content(file)

    def tend(self) -> None:
        """Note the notice in force once it is due. Call it every second or so."""
        document = self._in_force.get(DOWNLOAD)
        if document is None or document.digest == self._noted:
            return
        if self._heard is None or self._heard[0] != document.digest:
            self._heard = (document.digest, self._mono())
        if self._mono() - self._heard[1] >= self._after_s:
            self._noted = document.digest
            with suppress(OSError):  # the timer asks
                self._file.write_text(document.digest, encoding="ascii")


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
