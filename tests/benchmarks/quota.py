"""A bound on how much of a core a process may use, by the kernel's control groups: a slower computer of its own.

Needs root, and the processor's controller in version 1 or 2 (Linux, Documentation/scheduler/sched-bwc.rst and
admin-guide/cgroup-v2.rst, *cpu.max*). Must not be used where what is measured shares its group with something else.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

GROUPS: Final = Path("/sys/fs/cgroup")
PERIOD_US: Final = 20_000
"""The kernel gives the share anew after each: short beside a commit's time with its wait and the work for it."""


def possible() -> bool:
    """Whether this computer lets us."""
    try:
        with bounded(0.5, "probe"):
            return True
    except OSError:
        return False


@contextmanager
def bounded(share: float, name: str, *pids: int) -> Iterator[None]:
    """Processes that together have ``share`` of a core (0.4: four tenths) while the block lasts.

    They must have ended, or belong elsewhere again, at its end. Raises OSError where the kernel does not allow it.
    """
    quota = int(share * PERIOD_US)
    version_1 = (GROUPS / "cpu" / "cpu.cfs_quota_us").exists()
    group = (GROUPS / "cpu" if version_1 else GROUPS) / f"roundsman-{os.getpid()}-{name}"
    group.mkdir()
    try:
        if version_1:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_US), encoding="ascii")
            (group / "cpu.cfs_quota_us").write_text(str(quota), encoding="ascii")
        else:
            (group / "cpu.max").write_text(f"{quota} {PERIOD_US}", encoding="ascii")
        for pid in pids:
            (group / "cgroup.procs").write_text(str(pid), encoding="ascii")
        yield
    finally:
        group.rmdir()
