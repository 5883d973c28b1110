"""A file that is there whole, or not at all: written beside its place, on disk, then renamed. One sentence where not.

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
            _on_disk(beside)
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


def _on_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
