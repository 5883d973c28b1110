"""A folder on a medium that hangs: a FUSE file system that nobody answers for; every call below it waits, and waits.

A real one of the kernel's, by its own device: needs root and /dev/fuse. Where it ends, what waits fails.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MNT_DETACH = 2


@contextmanager
def hanging(folder: Path) -> Iterator[None]:
    """The folder hangs meanwhile; the test is skipped where that cannot be had."""
    if os.geteuid() != 0 or not Path("/dev/fuse").exists():
        pytest.skip("needs root and /dev/fuse: a medium that hangs cannot be had otherwise")
    libc = ctypes.CDLL(None, use_errno=True)
    device = os.open("/dev/fuse", os.O_RDWR)
    how = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
    if libc.mount(b"hangs", os.fsencode(folder), b"fuse", 0, how) != 0:
        os.close(device)
        pytest.skip(f"needs mount(2): {os.strerror(ctypes.get_errno())}")
    try:
        yield
    finally:
        os.close(device)
        libc.umount2(os.fsencode(folder), MNT_DETACH)
