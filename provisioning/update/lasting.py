"""Refuses to write where a power cut takes what was written. Must not write anything."""

from pathlib import Path

from edge.errors import UserError
from edge.service.mounts import MOUNTINFO, mount_of


def refuse_forgetful(*folders: Path) -> None:
    """Raises UserError for the first folder that is in memory, as a root is that `overlayroot` sealed; what to do."""
    mountinfo = MOUNTINFO.read_text(encoding="utf-8")
    for folder in (one.resolve() for one in folders):
        if mount_of(folder, mountinfo).forgets:
            how = "mount a partition there, or leave the root writable"
            msg = f"{folder}: forgets at a power cut what is written; {how}"
            raise UserError(msg)
