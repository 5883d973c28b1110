"""Where a folder is mounted, and whether what is written there outlives a power cut. Must not write anything."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOUNTINFO: Final = Path("/proc/self/mountinfo")
IN_MEMORY: Final = ("tmpfs", "ramfs", "overlay")
"""File systems that a power cut empties; an overlay's upper folder is in memory on a sealed device."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A file system: its type and options, as /proc/self/mountinfo has them."""

    place: Path
    kind: str
    options: tuple[str, ...]

    @property
    def forgets(self) -> bool:
        """Whether what is written there is gone at a power cut."""
        return self.kind in IN_MEMORY


def mount_of(folder: Path, mountinfo: str) -> Mount:
    """The mount that a folder is in: the deepest, and of two at one place the later one, which hides the other.

    ``mountinfo``: the text of `MOUNTINFO` (proc(5), /proc/PID/mountinfo).
    """
    mounts = []
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        place, options = before.split()[4:6]
        kind, _, of_disk = after.split()[:3]
        path = Path(place.replace("\\040", " "))
        mounts.append(Mount(path, kind, (*options.split(","), *of_disk.split(","))))
    holding = (one for one in reversed(mounts) if folder.is_relative_to(one.place))
    return max(holding, key=lambda one: len(one.place.parts), default=Mount(Path("/"), "", ()))  # in a chroot: none
