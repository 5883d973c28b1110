"""Where records go: what is in memory, unsafe, full, too fast or worn is named, with what to do."""

import os
from pathlib import Path

import pytest

from edge.service.mounts import Mount, mount_of
from edge.vehicle.checks.storage import of_mount, of_room, of_syncs, of_wear

MOUNTINFO = """\
22 1 0:21 / / rw,relatime - overlay overlayroot rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay
30 22 179:3 / /var/lib/roundsman rw,nosuid,nodev,noatime - ext4 /dev/mmcblk0p3 rw
31 22 0:5 / /mnt/a\\040stick rw - vfat /dev/sda1 rw
"""


@pytest.mark.parametrize(
    ("folder", "kind", "grade"),
    [
        ("/var/lib/roundsman/records", "ext4", "ok"),
        ("/var/lib/roundsmanly", "overlay", "fault"),
        ("/mnt/a stick/x", "vfat", "ok"),
    ],
)
def test_the_mount_of_a_folder_is_the_deepest_that_holds_it(folder: str, kind: str, grade: str) -> None:
    """An overlay's upper folder is in memory: records there are gone at a power cut."""
    found = mount_of(Path(folder), MOUNTINFO)
    assert found.kind == kind
    assert of_mount(found).grade == grade


@pytest.mark.parametrize(
    ("options", "grade", "said"),
    [
        (("rw", "noatime"), "ok", "on a disk"),
        (("ro",), "fault", "read-only"),
        (("rw", "nobarrier"), "fault", "nobarrier"),
        (("rw", "data=writeback"), "fault", "confirms what it has not written"),
    ],
)
def test_a_disk_that_confirms_what_it_has_not_written_is_a_fault(
    options: tuple[str, ...], grade: str, said: str
) -> None:
    """By its mount options."""
    found = of_mount(Mount(Path("/data"), "ext4", options))
    assert (found.grade, said in found.text) == (grade, True)


@pytest.mark.parametrize(("free", "grade"), [(5_000_000_000, "ok"), (150_000_000, "warning"), (19_000_000, "fault")])
def test_little_room_is_said_before_there_is_none(free: int, grade: str) -> None:
    """In megabytes."""
    found = of_room(free)
    assert found.grade == grade
    assert f"{free // 1_000_000:,} MB" in found.text


@pytest.mark.parametrize(
    ("seconds", "grade", "said"),
    [
        ([0.004] * 19 + [2.0], "ok", "4.00 ms"),
        ([0.000_01] * 20, "warning", "faster than any disk writes"),
        ([0.4] * 20, "warning", "near its end"),
    ],
)
def test_a_disk_is_judged_by_how_long_it_takes_to_confirm(seconds: list[float], grade: str, said: str) -> None:
    """Its usual time: one slow block is no news."""
    found = of_syncs(seconds)
    assert (found.grade, said in found.text) == (grade, True)


@pytest.mark.parametrize(("told", "grade", "said"), [("0x01 0x02", "ok", "20 %"), ("0x09 0x03", "warning", "90 %")])
def test_an_emmc_says_how_worn_it_is(tmp_path: Path, told: str, grade: str, said: str) -> None:
    """The worse of its two areas, of the disk that a partition is of; an SD card says nothing."""
    disk = tmp_path / "devices/mmcblk0"
    (disk / "device").mkdir(parents=True)
    (disk / "mmcblk0p3").mkdir()
    (disk / "device/life_time").write_text(f"{told}\n")
    (tmp_path / "179:3").symlink_to(disk / "mmcblk0p3")
    (found,) = of_wear(os.makedev(179, 3), tmp_path)
    assert (found.grade, said in found.text) == (grade, True)
    (none,) = of_wear(os.makedev(179, 4), tmp_path)
    assert (none.grade, "does not say" in none.text) == ("ok", True)
