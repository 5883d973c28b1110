"""Where the records go: on a disk that keeps what it confirms, with room, and not in memory."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from edge.service.mounts import MOUNTINFO, Mount, mount_of
from edge.vehicle.checks import files
from edge.vehicle.checks.finding import Finding, faults
from edge.vehicle.config import VehicleConfig

UNSAFE: Final = ("nobarrier", "barrier=0", "data=writeback", "async_commit", "eatmydata")
"""Options by which a disk confirms what it has not written."""

LITTLE: Final = 200_000_000
NONE_LEFT: Final = 20_000_000
"""Bytes. A shift writes some 40 MB at most; records alone go on to the last megabyte."""

SYNCS: Final = 20
TOO_FAST_S: Final = 0.000_05
"""No flash or disk writes a block in less: what answers so fast has not written it."""

SLOW_S: Final = 0.25
WORN: Final = 9
"""Tenths of its life that an eMMC has behind it (JEDEC 84-B50, DEVICE_LIFE_TIME_EST); SD cards do not say."""

SYS: Final = Path("/sys/dev/block")


def findings(config: VehicleConfig) -> Iterator[Finding]:
    """Of the folder of records."""
    problems = list(faults(files.problems(config)))
    yield from problems
    if problems:
        return
    folder = _existing(config.data)
    yield of_mount(mount_of(folder, MOUNTINFO.read_text(encoding="utf-8")))
    room = os.statvfs(folder)
    yield of_room(room.f_bavail * room.f_frsize)
    yield of_syncs([_sync_s(folder, time.monotonic) for _ in range(SYNCS)])
    yield from of_wear(os.stat(folder).st_dev, SYS)


def _existing(path: Path) -> Path:
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())


def of_mount(mount: Mount) -> Finding:
    """Whether a power cut leaves what is there."""
    if mount.forgets:
        why = f"records are kept in memory ({mount.kind} at {mount.place}), and gone at the next power cut"
        return Finding("fault", f"{why}; give the device a data partition (firmware_config/data_partition.sh)")
    if "ro" in mount.options:
        return Finding("fault", f"the disk at {mount.place} is read-only, perhaps because it is failing; replace it")
    unsafe = [one for one in mount.options if one in UNSAFE]
    if unsafe:
        what = f"the disk at {mount.place} is mounted with {', '.join(unsafe)}: it confirms what it has not written"
        return Finding("fault", f"{what}; remove the option from /etc/fstab")
    return Finding("ok", f"records are on a disk ({mount.kind} at {mount.place})")


def of_room(free: int) -> Finding:
    """Bytes that are free."""
    has = f"{free / 1e6:,.0f} MB are free"
    if free < NONE_LEFT:
        return Finding("fault", f"only {has}; free up disk space, or replace the card by a larger one")
    if free < LITTLE:
        return Finding("warning", f"only {has}; look for what fills it")
    return Finding("ok", has)


def _sync_s(folder: Path, mono: Callable[[], float]) -> float:
    """How long one block takes to the disk, seconds; leaves nothing behind."""
    with TemporaryFile(dir=folder) as file:
        file.write(os.urandom(4096))
        file.flush()
        began = mono()
        os.fsync(file.fileno())
        return mono() - began


def of_syncs(seconds: list[float]) -> Finding:
    """Whether the disk can have written what it confirmed, by how long it took."""
    usual = statistics.median(seconds)
    took = f"the disk confirms a block after {usual * 1000:.2f} ms"
    if usual < TOO_FAST_S:
        why = "faster than any disk writes: a power cut may take what it confirmed"
        return Finding("warning", f"{took}, {why}; use a disk of its own, not a virtual one")
    if usual > SLOW_S:
        return Finding("warning", f"{took}, which is slow; a card that slows down is near its end, replace it")
    return Finding("ok", took)


def of_wear(device: int, sys: Path) -> Iterator[Finding]:
    """How worn a disk is, where the kernel has it (an eMMC)."""
    disk = (sys / f"{os.major(device)}:{os.minor(device)}").resolve()
    said = next((path for one in (disk, disk.parent) if (path := one / "device/life_time").is_file()), None)
    if said is None:
        yield Finding("ok", "how worn the disk is, it does not say (SD cards do not)")
        return
    tenths = max(int(word, 16) for word in said.read_text().split())
    worn = f"the disk has used {min(tenths, 10) * 10} % of its life"
    yield Finding("warning", f"{worn}; replace it soon") if tenths >= WORN else Finding("ok", worn)
