"""Mounting the recording file system: served by a process of its own, unmounted at the end, its log brought home.

A process of its own, because a page fault in SQLite's shared memory holds Python's lock, and a server behind that lock
would never answer. Must not be used where `why_not` has a reason.
"""

import importlib
import importlib.util
import multiprocessing
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from tests.powercut.filesystem import RecordingFilesystem
from tests.powercut.operations import Operation
from tests.waiting import PATIENCE_S

SPAWN: Final = multiprocessing.get_context("spawn")
DEVICE: Final = Path("/dev/fuse")


def why_not() -> str | None:
    """Why nothing can be mounted here; None where it can."""
    if not os.access(DEVICE, os.R_OK | os.W_OK):
        return "needs /dev/fuse, to be read and written"
    if shutil.which("fusermount3") is None:
        return "needs fuse3 (apt-get install fuse3)"
    if importlib.util.find_spec("mfusepy") is None:
        return "needs mfusepy (pip install mfusepy)"
    return None


class Mount:
    """A mounted file system; ``log`` is there after the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log: list[Operation] = []

    def note(self, text: str) -> None:
        """Leave a note in the log, after everything that has happened by now."""
        os.setxattr(self.folder, "user.note", text.encode())


@contextmanager
def mounted(folder: Path) -> Iterator[Mount]:
    """An empty recording file system at a folder, made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    here, there = SPAWN.Pipe(duplex=False)
    server = SPAWN.Process(target=_serve, args=(str(folder), there), daemon=True)
    server.start()
    there.close()
    mount = Mount(folder)
    try:
        _wait_for(folder, server.is_alive)
        yield mount
    finally:
        if not _unmount(folder):
            _unmount(folder, "-z")  # somebody has a file open: gone from here all the same
        if here.poll(PATIENCE_S):
            mount.log = here.recv()
        here.close()
        server.join(PATIENCE_S)
        server.kill()


def _unmount(folder: Path, *options: str) -> bool:
    return (
        subprocess.run(["fusermount3", "-u", *options, str(folder)], check=False, capture_output=True).returncode == 0
    )


def _wait_for(folder: Path, alive: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not folder.is_mount():
        assert alive(), f"nothing can be mounted at {folder}"
        assert time.monotonic() < until, f"nothing is mounted at {folder} yet"
        time.sleep(0.01)


def _serve(folder: str, log: "Connection[list[Operation], None]") -> None:
    """Serve until unmounted, then send what happened. One thread: what happens has one order."""
    fuse = importlib.import_module("mfusepy")  # only here: it looks for libfuse when imported
    filesystem = RecordingFilesystem()
    fuse.FUSE(filesystem, folder, foreground=True, nothreads=True, hard_remove=True, use_ino=True, kernel_cache=True)
    log.send(filesystem.log)
