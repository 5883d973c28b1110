"""What can happen to a file system, as values, in the order in which it happened.

A node is a file or folder whatever it is called; 1 is the root folder. Must not know of FUSE or of what a crash does.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

ROOT: Final = 1


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes were written into a file."""

    node: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Resize:
    """A file was cut or stretched."""

    node: int
    size: int


@dataclass(frozen=True, slots=True)
class NewFolder:
    """A folder's node came to be; an `Entries` gives it its name."""

    node: int


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries of folders changed at once: folder, name, and the node it names now (None: nothing any more)."""

    changes: tuple[tuple[int, str, int | None], ...]


@dataclass(frozen=True, slots=True)
class SyncFile:
    """``fsync`` or ``fdatasync`` of a file was asked for, and answered."""

    node: int


@dataclass(frozen=True, slots=True)
class SyncFolder:
    """``fsync`` of a folder was asked for, and answered."""

    node: int


@dataclass(frozen=True, slots=True)
class Note:
    """Whoever uses the file system says where it is; nothing happened."""

    text: str


Operation: TypeAlias = Write | Resize | NewFolder | Entries | SyncFile | SyncFolder | Note
