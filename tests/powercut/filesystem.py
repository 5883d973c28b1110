"""A file system in memory that records every change and sync in order. What mfusepy's `FUSE` asks for, and no more.

The names and arguments are FUSE's (``mfusepy.Operations``), paths begin with "/". A note is left through an extended
attribute of the root, so that it has its place in the order. Must not lose anything: what a crash leaves is
`tests.powercut.disk`'s matter. Left out: owners, modes and times, symbolic links, extended attributes.
"""

# ruff: noqa: ARG002 - FUSE gives each call what it has

import errno
import os
import stat
from collections.abc import Iterator
from itertools import count

from tests.powercut.operations import (
    ROOT,
    Entries,
    NewFolder,
    Note,
    Operation,
    Resize,
    SyncFile,
    SyncFolder,
    Write,
)


def _error(code: int) -> OSError:
    return OSError(code, os.strerror(code))


class RecordingFilesystem:
    """``log``: what happened. A handle is the node's number."""

    use_ns = True

    def __init__(self) -> None:
        self.log: list[Operation] = []
        self._files: dict[int, bytearray] = {}
        self._folders: dict[int, dict[str, int]] = {ROOT: {}}
        self._numbers = count(ROOT + 1)

    # -- folders

    def getattr(self, path: str | None, fh: int | None = None) -> dict[str, int]:
        """Kind, size and number of a node."""
        return self._attributes(self._node(path) if path is not None else fh or 0)

    def readdir(self, path: str | None, fh: int) -> Iterator[tuple[str, dict[str, int], int]]:
        """The names in a folder, with what they are."""
        for name, node in {".": fh, "..": ROOT, **self._folders[fh]}.items():
            yield name, self._attributes(node), 0

    def opendir(self, path: str) -> int:
        """A handle of a folder."""
        return self._node(path)

    def mkdir(self, path: str, mode: int) -> int:
        """Make a folder."""
        node = next(self._numbers)
        self._folders[node] = {}
        self.log.append(NewFolder(node))
        self._set((*self._place(path), node))
        return 0

    def rename(self, old: str, new: str) -> int:
        """Give a node another name; who had it before loses it, both at once."""
        self._set((*self._place(old), None), (*self._place(new), self._node(old)))
        return 0

    def link(self, target: str, source: str) -> int:
        """Give a node one more name, ``target``."""
        self._set((*self._place(target), self._node(source)))
        return 0

    def unlink(self, path: str) -> int:
        """Take a name away; who has the file open keeps it."""
        self._node(path)
        self._set((*self._place(path), None))
        return 0

    def rmdir(self, path: str) -> int:
        """Take an empty folder away."""
        if self._folders[self._node(path)]:
            raise _error(errno.ENOTEMPTY)
        return self.unlink(path)

    def fsyncdir(self, path: str | None, datasync: int, fh: int) -> int:
        """The folder's entries are on disk."""
        self.log.append(SyncFolder(fh))
        return 0

    # -- files

    def create(self, path: str, mode: int, fi: int = 0) -> int:
        """Make an empty file; its handle."""
        node = next(self._numbers)
        self._files[node] = bytearray()
        self._set((*self._place(path), node))
        return node

    def open(self, path: str, flags: int) -> int:
        """A handle of a file."""
        node = self._node(path)
        if flags & os.O_TRUNC:
            self.truncate(path, 0, node)
        return node

    def read(self, path: str | None, size: int, offset: int, fh: int) -> bytes:
        """Some bytes."""
        return bytes(self._files[fh][offset : offset + size])

    def write(self, path: str | None, data: bytes, offset: int, fh: int) -> int:
        """Some bytes more, or others."""
        put(self._files[fh], offset, data)
        self.log.append(Write(fh, offset, data))
        return len(data)

    def truncate(self, path: str | None, length: int, fh: int | None = None) -> int:
        """Cut or stretch a file."""
        node = fh if fh is not None else self._node(path or "")
        resize(self._files[node], length)
        self.log.append(Resize(node, length))
        return 0

    def fsync(self, path: str | None, datasync: int, fh: int) -> int:
        """The file's bytes are on disk, and its size (which ``fdatasync`` keeps, too)."""
        self.log.append(SyncFile(fh))
        return 0

    def setxattr(self, path: str, name: str, value: bytes, options: int, position: int = 0) -> int:
        """A note from the user, of the name ``user.note``."""
        self.log.append(Note(value.decode()))
        return 0

    # -- what is asked for and changes nothing here

    def chmod(self, path: str | None, mode: int, fh: int | None = None) -> int:
        """Modes are not kept."""
        return 0

    def chown(self, path: str | None, uid: int, gid: int, fh: int | None = None) -> int:
        """Owners are not kept: SQLite, as root, gives its files to the database's owner."""
        return 0

    def utimens(self, path: str | None, times: tuple[int, int] | None = None, fh: int | None = None) -> int:
        """Times are not kept."""
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        """Room enough."""
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 1 << 20, "f_bfree": 1 << 19, "f_bavail": 1 << 19}

    # -- names and nodes

    def _attributes(self, node: int) -> dict[str, int]:
        same = {"st_uid": os.getuid(), "st_gid": os.getgid(), "st_ino": node}
        if node in self._folders:
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2, **same}
        if node not in self._files:
            raise _error(errno.ENOENT)
        links = sum(list(entries.values()).count(node) for entries in self._folders.values())
        return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": links, "st_size": len(self._files[node]), **same}

    def _node(self, path: str) -> int:
        node: int | None = ROOT
        for name in filter(None, path.split("/")):
            node = self._folders.get(node or 0, {}).get(name)
        if node is None:
            raise _error(errno.ENOENT)
        return node

    def _place(self, path: str) -> tuple[int, str]:
        folder, _, name = path.rpartition("/")
        return self._node(folder), name

    def _set(self, *changes: tuple[int, str, int | None]) -> None:
        entries = Entries(changes)
        name_nodes(self._folders, entries)
        self.log.append(entries)


def name_nodes(folders: dict[int, dict[str, int]], entries: Entries) -> None:
    """Change the entries of folders."""
    for folder, name, node in entries.changes:
        if node is None:
            folders[folder].pop(name, None)
        else:
            folders[folder][name] = node


def put(body: bytearray, offset: int, data: bytes) -> None:
    """Write into a file's bytes; a gap before them is zeros."""
    if offset > len(body):
        resize(body, offset)
    body[offset : offset + len(data)] = data


def resize(body: bytearray, size: int) -> None:
    """Cut a file's bytes, or stretch them with zeros."""
    del body[size:]
    body.extend(bytes(size - len(body)))
