"""Where an update would be forgotten at a power cut, and is not begun."""

from pathlib import Path
from typing import Final

import pytest

from edge.errors import UserError
from edge.service.mounts import mount_of
from provisioning.update.lasting import refuse_forgetful

SEALED: Final = """\
22 1 0:21 / / rw,relatime - overlay overlayroot rw,lowerdir=/media/root-ro
30 22 179:3 / /var/lib/roundsman rw,noatime - ext4 /dev/mmcblk0p3 rw
31 22 179:4 / /opt/roundsman\\040new rw - ext4 /dev/mmcblk0p4 rw
"""


def test_a_sealed_root_forgets_and_a_partition_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the mount that is nearest."""
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(SEALED)
    monkeypatch.setattr("provisioning.update.lasting.MOUNTINFO", mountinfo)
    assert mount_of(Path("/var/lib/roundsman/a"), SEALED).kind == "ext4"
    assert mount_of(Path("/var/lib/roundsman-update"), SEALED).kind == "overlay"
    assert mount_of(Path("/opt/roundsman new"), SEALED).kind == "ext4"
    refuse_forgetful(Path("/var/lib/roundsman"))
    with pytest.raises(UserError, match="/opt/roundsman: forgets at a power cut"):
        refuse_forgetful(Path("/var/lib/roundsman"), Path("/opt/roundsman"))
