"""Opens a file on a medium that nobody vouches for, such as a USB stick: a plain one of a bounded size, or none.

A link, a pipe, a device or a folder by a file's name is refused before it is opened, and once more after: a pipe would
stop who reads it, a link leads elsewhere, and an endless or sparse file never comes to its end. The folder itself may
be a link: whoever configured it chose it.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Final

from edge.text.coded import CodedError

MOST: Final = 64_000_000
"""Bytes of one file: six times what a whole bundle should have."""

_KINDS: Final = (
    (stat.S_ISLNK, "link"),
    (stat.S_ISDIR, "folder"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)
_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def open_plain(directory: Path, name: str, size: int | None = None, most: int = MOST) -> Iterator[BufferedReader]:
    """A file below a folder, for reading; ``name`` may have one folder in it, as ``models/theft.onnx``.

    ``size``: the bytes that it must have; None: at most ``most``. Raises UserError where it is no plain file of that
    size, OSError where it is not there or cannot be read.
    """
    path = directory / name
    folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        above, _, last = name.rpartition("/")
        if above:
            _refuse_other(path.parent, os.stat(above, dir_fd=folder, follow_symlinks=False), folder=True)
            below = os.open(above, _FLAGS | os.O_DIRECTORY, dir_fd=folder)
            os.close(folder)
            folder = below
        _check(path, os.stat(last, dir_fd=folder, follow_symlinks=False), size, most)
        opened = os.open(last, _FLAGS, dir_fd=folder)
    finally:
        os.close(folder)
    with os.fdopen(opened, "rb") as file:
        _check(path, os.fstat(opened), size, most)
        yield file


def read_plain(directory: Path, name: str, size: int | None = None, most: int = MOST) -> bytes:
    """Its bytes, never more than `open_plain` allows, though it grow meanwhile. Raises as that does."""
    with open_plain(directory, name, size, most) as file:
        return file.read(most if size is None else size)


def _check(path: Path, found: os.stat_result, size: int | None, most: int) -> None:
    _refuse_other(path, found)
    if size is not None and found.st_size != size:
        raise CodedError("file.other_size", path=str(path), found=found.st_size, size=size)
    if found.st_size > most:
        raise CodedError("file.too_large", path=str(path), found=found.st_size, most=most)


def _refuse_other(path: Path, found: os.stat_result, *, folder: bool = False) -> None:
    """Raises UserError where something is no plain file, or no folder where one is wanted."""
    wanted = stat.S_ISDIR if folder else stat.S_ISREG
    if not wanted(found.st_mode):
        other = next((named for is_one, named in _KINDS if is_one(found.st_mode)), "file")
        raise CodedError("file.other_kind", path=str(path), actual=other, wanted="folder" if folder else "file")
