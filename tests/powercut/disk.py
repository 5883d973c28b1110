"""What a power cut may leave of a file system.

*Weaker than ext4, on purpose*: it is what POSIX promises and no more. Surely there is what an ``fsync`` answered for:
a file's bytes and size by ``fsync`` or ``fdatasync`` of the file, a folder's entries (new, renamed, linked, unlinked)
by ``fsync`` of the folder. Everything since then is there or not, each change by itself, in any subset: there is no
order but that of the syncs, no journal that keeps an older change because a newer one is there, and the ``fsync`` of a
new file does not keep its name, nor that of a folder its own. A file's bytes may be missing though its new name is
there, and the other way round. A write that was not synced may be torn: some of its sectors (512 bytes) or pages
(4096) there, others as they were; a gap is zeros.

What holds all the same, because every file system and drive in question promises it: a change of entries (``rename``)
is whole or not there; a sector is written whole; a ``fsync`` that was answered is true (a drive that lies about that
is beyond any program); what was on disk before does not rot. A folder that itself is missing takes with it what is in
it.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from tests.powercut.filesystem import name_nodes, put, resize
from tests.powercut.operations import (
    ROOT,
    Entries,
    NewFolder,
    Operation,
    Resize,
    SyncFile,
    SyncFolder,
    Write,
)

LUCK: Final = (0.0, 0.1, 0.5, 0.9, 1.0)
"""The share of unsynced changes that a crash keeps; each crash draws one for bytes and one for entries."""

TEARS: Final = (0, 512, 4096)
"""Where writes tear; 0: they are whole or not there."""

Folders: TypeAlias = dict[int, dict[str, int]]
Image: TypeAlias = dict[str, bytes | None]
"""What is there after a crash, by path; None is a folder."""


class Disk:
    """Takes operations in order; ``crash`` at any time, as often as wanted."""

    def __init__(self) -> None:
        self._files: defaultdict[int, bytearray] = defaultdict(bytearray)
        self._folders: Folders = {ROOT: {}}
        self._unsynced_bytes: defaultdict[int, list[Write | Resize]] = defaultdict(list)
        self._unsynced_entries: list[Entries] = []

    def take(self, operation: Operation) -> None:
        """One operation further."""
        match operation:
            case Write() | Resize():
                self._unsynced_bytes[operation.node].append(operation)
            case NewFolder(node):
                self._folders[node] = {}
            case Entries():
                self._unsynced_entries.append(operation)
            case SyncFile(node):
                for change in self._unsynced_bytes.pop(node, ()):
                    _apply(self._files[node], change)
            case SyncFolder(node):
                self._sync_folder(node)

    def settle(self) -> None:
        """Everything so far is on disk, as if the machine had long been at rest."""
        for node in list(self._unsynced_bytes):
            self.take(SyncFile(node))
        for node in list(self._folders):
            self._sync_folder(node)

    def crash(self, chance: Random) -> Image:
        """What one power cut leaves; ``chance`` decides."""
        luck, tear = chance.choice(LUCK), chance.choice(TEARS)
        luck_of_entries = chance.choice(LUCK)
        folders = {node: dict(entries) for node, entries in self._folders.items()}
        for entries in self._unsynced_entries:
            if chance.random() < luck_of_entries:
                name_nodes(folders, entries)
        return {
            path: None if node in folders else self._bytes(node, chance, luck, tear)
            for path, node in _walk(folders, ROOT, "")
        }

    def _sync_folder(self, node: int) -> None:
        waiting, self._unsynced_entries = self._unsynced_entries, []
        for entries in waiting:
            if any(folder == node for folder, _, _ in entries.changes):
                name_nodes(self._folders, entries)
            else:
                self._unsynced_entries.append(entries)

    def _bytes(self, node: int, chance: Random, luck: float, tear: int) -> bytes:
        body = bytearray(self._files.get(node, b""))
        for change in self._unsynced_bytes.get(node, ()):
            if chance.random() < luck:
                _apply(body, change)
            elif tear and isinstance(change, Write):
                _apply_torn(body, change, tear, chance)
        return bytes(body)


def write_image(image: Image, folder: Path) -> None:
    """Make an image's files below an existing folder."""
    for path, body in image.items():
        if body is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(body)


def _walk(folders: Folders, folder: int, prefix: str) -> Iterator[tuple[str, int]]:
    for name, node in folders[folder].items():
        yield prefix + name, node
        if node in folders:
            yield from _walk(folders, node, f"{prefix}{name}/")


def _apply(body: bytearray, change: Write | Resize) -> None:
    if isinstance(change, Write):
        put(body, change.offset, change.data)
    else:
        resize(body, change.size)


def _apply_torn(body: bytearray, change: Write, tear: int, chance: Random) -> None:
    """Each piece between two multiples of ``tear`` is there, or not."""
    end = change.offset + len(change.data)
    start = change.offset
    while start < end:
        stop = min(end, (start // tear + 1) * tear)
        if chance.random() < 0.5:
            put(body, start, change.data[start - change.offset : stop - change.offset])
        start = stop
