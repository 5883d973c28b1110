"""Crash points of a log: where the power goes, what is left there, and where that is laid out."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from tests.powercut.disk import Disk, Image, write_image
from tests.powercut.operations import Entries, Note, Operation, Resize, SyncFolder, Write

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - where it is there, an image costs no real sync
NEAR: Final = 2
SELDOM: Final = (Entries, SyncFolder, Resize)


@dataclass(frozen=True, slots=True)
class Crash:
    """The power went after so many operations."""

    after: int
    image: Image
    note: Note
    """The last one before: how far the user was."""


def crashes(log: list[Operation], points: int, seed: int) -> Iterator[Crash]:
    """So many crash points in order: half of them around what happens seldom, the rest anywhere.

    What came before the first note was there long before: the power goes later.
    """
    chance = Random(seed)  # noqa: S311 - reproducible chance
    disk = Disk()
    done, note = next((i, one) for i, one in enumerate(log) if isinstance(one, Note))
    for operation in log[:done]:
        disk.take(operation)
    disk.settle()
    for after in choose(log, done, points, chance):
        for operation in log[done:after]:
            disk.take(operation)
            note = operation if isinstance(operation, Note) else note
        done = after
        yield Crash(after, disk.crash(chance), note)


def choose(log: list[Operation], first: int, points: int, chance: Random) -> list[int]:
    """Where the power goes, in order; some places more than once, with other luck.

    Seldom: changes of entries, folders and sizes, and writes to files that take less than a twentieth of all writes.
    """
    writes = Counter(one.node for one in log if isinstance(one, Write))
    few = {node for node, times in writes.items() if times < writes.total() / 20}
    rare = [i for i, one in enumerate(log) if isinstance(one, SELDOM) or (isinstance(one, Write) and one.node in few)]
    near = sorted({j for i in rare for j in range(max(first, i - NEAR), min(len(log), i + NEAR) + 1)})
    near = chance.sample(near, min(len(near), points // 2))
    return sorted([*near, *(chance.randint(first, len(log)) for _ in range(points - len(near)))])


@contextmanager
def laid_out(image: Image) -> Iterator[Path]:
    """An image as files, for as long as it is looked at."""
    folder = Path(tempfile.mkdtemp(prefix="powercut-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        write_image(image, folder)
        yield folder
    finally:
        shutil.rmtree(folder)
