"""Where a folder is mounted."""

from pathlib import Path

from edge.service.mounts import mount_of

TWICE = """\
22 1 179:2 / / rw - ext4 /dev/mmcblk0p2 rw
30 22 179:3 / /data rw - ext4 /dev/mmcblk0p3 rw
40 22 0:30 / /data rw,nosuid - tmpfs tmpfs rw,size=1000k
"""


def test_of_two_mounts_at_one_place_the_later_one_hides_the_other() -> None:
    """What is written there is in memory; options of both halves of a line count."""
    found = mount_of(Path("/data/records"), TWICE)
    assert (found.kind, found.forgets, found.options) == ("tmpfs", True, ("rw", "nosuid", "rw", "size=1000k"))
    assert not mount_of(Path("/database"), TWICE).forgets
