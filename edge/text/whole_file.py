"""A file that is there whole, or not at all: written beside its place, on disk, then renamed; the folder it goes into.

One sentence where it cannot be written.

Must not know what a file holds.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from edge.errors import UserError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where to write: it becomes ``path`` where the block ends without an error, and else what was there stays.

    A device or a pipe (``/dev/stdout``) is written to directly. Raises UserError where it can't be written.
    """
    place = Path(os.path.realpath(path))
    beside = place.with_name(f".{place.name}.writing")
    direct = place.exists() and not place.is_file()
    try:
        yield place if direct else beside
        if not direct:
            sync_file(beside)
            beside.replace(place)
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror or error}); create its folder, or choose another file"
        raise UserError(msg) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file, text as UTF-8; see `whole_file`."""
    with whole_file(path) as place:
        place.write_bytes(content.encode() if isinstance(content, str) else content)


def write_lasting(path: Path, content: bytes | str) -> None:
    """Write a file whole, and have its name on disk too: after a power cut it is there."""
    write_whole(path, content)
    sync_folder(path.parent)


def make_folder(folder: Path, advice: str, mode: int = 0o777) -> None:
    """Make a folder, and those above it, where it is missing. Raises UserError, with advice, where it can't be made."""
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder}: cannot be created ({error.strerror}); {advice}"
        raise UserError(msg) from error


def sync_folder(folder: Path) -> None:
    """The folder's entries (new names, other names, none any more) are on disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_file(path: Path) -> None:
    """A file's bytes are on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
