"""What a path in a configuration can be used for, looked at before a daemon does. Leaves nothing behind."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

Look: TypeAlias = Callable[[Path], Iterator[str]]
"""What is wrong with a path, a clause each; an OSError where the system does not allow the look."""


def unusable(key: str, path: Path, look: Look) -> Iterator[str]:
    """Every problem a look at a path reports, each a sentence that begins with its key."""
    try:
        yield from (f"{key}: {path}: {one}" for one in look(path))
    except OSError as error:
        yield f"{key}: {path}: cannot be used ({error.strerror}); choose another, or correct its owner and mode"


def folder(path: Path) -> Iterator[str]:
    """A folder, or one that can be made below the nearest that exists."""
    existing = next(one for one in (path, *path.absolute().parents) if one.exists())
    with tempfile.TemporaryFile(dir=existing):
        yield from ()


def file_to_write(path: Path) -> Iterator[str]:
    """A file that can be made, or written again."""
    if path.is_dir():
        yield "is a directory; give a file"
    elif not path.parent.is_dir():
        yield f"its folder {path.parent} does not exist; create it, or choose another file"
    else:
        yield from folder(path.parent)


def file_to_read(path: Path) -> Iterator[str]:
    """A file that can be opened."""
    if not path.exists():
        yield "does not exist; correct the path"
    elif path.is_dir():
        yield "is a directory; give a file"
    else:
        with path.open("rb"):
            yield from ()
