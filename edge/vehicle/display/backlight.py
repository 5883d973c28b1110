"""The panel's backlight through Linux's sysfs: found, written when it must change, never a reason to end.

`Documentation/ABI/stable/sysfs-class-backlight` of Linux has its files. Must not decide how bright it is to be.
"""

from pathlib import Path
from typing import Final

from edge.text.words import Notice, os_error

CLASS: Final = Path("/sys/class/backlight")
PREFERRED: Final = ("firmware", "platform", "raw")
"""Which of several to use, by their ``type``, as that document asks for."""

POWER_ON: Final = "0"
POWER_OFF: Final = "4"
RETRY_S: Final = 60.0
"""What was refused is tried again so much later."""


class Backlight:
    """One backlight. ``given``: its folder, or one of several such folders; None: there is none to be used.

    ``works``: whether it does what is asked; ``trouble``: why not, None where there is no backlight at all.
    """

    def __init__(self, given: Path | None) -> None:
        self._given = given
        self._shown: tuple[Path, int, bool] | None = None
        self._again_at = 0.0
        self.works = False
        self.trouble: Notice | None = None

    def show(self, level: float, mono: float) -> None:
        """Have it so bright, 0 (off) to 1, at a monotonic second; what it already is is not written."""
        folder = _found(self._given)
        if folder is None:
            self._shown, self.works, self.trouble = None, False, None
            return
        if self.trouble is not None and mono < self._again_at:
            return
        try:
            wanted = (folder, _scaled(folder, level), level > 0.0)
            if wanted != self._shown:
                _write(*wanted)
        except (OSError, ValueError) as error:
            why = os_error(error) if isinstance(error, OSError) else "einval"
            self._shown, self.works, self._again_at = None, False, mono + RETRY_S
            self.trouble = Notice("display.no_backlight", {"path": str(folder), "why": why}, "warning")
        else:
            self._shown, self.works, self.trouble = wanted, True, None


def _found(given: Path | None) -> Path | None:
    if given is None:
        return None
    if (given / "max_brightness").exists():
        return given
    try:
        folders = sorted(one.parent for one in given.glob("*/max_brightness"))
    except OSError:
        return None
    return min(folders, key=_preference, default=None)


def _preference(folder: Path) -> int:
    try:
        kind = (folder / "type").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return len(PREFERRED)
    return PREFERRED.index(kind) if kind in PREFERRED else len(PREFERRED)


def _scaled(folder: Path, level: float) -> int:
    """Raises OSError, and ValueError where the file holds no number."""
    most = int((folder / "max_brightness").read_text(encoding="ascii"))
    return 0 if level <= 0.0 else max(1, round(level * most))


def _write(folder: Path, value: int, lit: bool) -> None:
    """Raises OSError."""
    if (folder / "bl_power").exists():
        (folder / "bl_power").write_text(POWER_ON if lit else POWER_OFF, encoding="ascii")
    (folder / "brightness").write_text(str(value), encoding="ascii")
