"""Files that cannot be used: why, and how they make room for new ones. Must not look into a file."""

import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from edge.text.coded import CodedError
from edge.text.whole_file import sync_folder
from edge.text.words import Notice, os_error

PARTS: Final = ("", "-wal", "-shm")
"""What a SQLite database in WAL mode consists of."""

LITTLE_ROOM: Final = 1_000_000
"""Bytes; with less free, an error of input and output means a full disk (SQLite says so of its shared memory)."""

_PASSING: Final = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
)  # fmt: skip


def prepare(folder: Path) -> None:
    """Make the data folder. Raises UserError where this user may not write there."""
    try:
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for made in missing:
            sync_folder(made.parent)  # else a power cut may take the new folder, and all that was committed in it
    except OSError as error:
        raise CodedError("data.not_created", path=str(folder), error=os_error(error)) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=True):
        raise CodedError("data.not_writable", path=str(folder))


def lock(folder: Path) -> BinaryIO:
    """The folder for this process alone, until the file is closed. Raises UserError where another one has it."""
    try:
        file = (folder / "lock").open("wb")
    except OSError as error:
        raise CodedError("data.no_lock", path=str(folder / "lock"), error=os_error(error)) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise CodedError("data.in_use", path=str(folder)) from error
    return file


def unusable(path: Path) -> Notice | None:
    """Why what is there cannot be used by this user; None where it can, or is not there."""
    for part in PARTS:
        file = path.with_name(path.name + part)
        if file.exists() and not file.is_file():
            return Notice("file.not_plain", {"file": file.name})
        if file.exists() and not os.access(file, os.R_OK | os.W_OK, effective_ids=True):
            return Notice("file.no_permission", {"file": file.name})
    return None


def set_aside(path: Path, word: str = "damaged") -> None:
    """Give a file another name, with all its parts, that says why. Raises UserError where the folder forbids it."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    for part in PARTS:
        damaged = path.with_name(path.name + part)
        if damaged.exists():
            try:
                damaged.rename(path.with_name(f"{path.name}.{word}-{stamp}{part}"))
            except OSError as error:
                raise CodedError("data.not_set_aside", path=str(damaged), error=os_error(error)) from error


def remove(path: Path) -> bool:
    """Delete a database with all its parts; whether there was anything to delete."""
    found = [file for part in PARTS if (file := path.with_name(path.name + part)).exists()]
    for file in found:
        file.unlink()
    return bool(found)


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether an error says that a file is broken, rather than that it cannot be used now."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def full(folder: Path) -> bool:
    """Whether the disk has next to no room left."""
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize < LITTLE_ROOM


def attempt(write: Callable[[], None], folder: Path) -> None:
    """Write to a database. What may pass is raised as OSError (ENOSPC: the disk is full), all else as it was."""
    try:
        write()
    except sqlite3.OperationalError as error:
        if _code(error) not in _PASSING:
            raise
        no_room = _code(error) == sqlite3.SQLITE_FULL or (_code(error) != sqlite3.SQLITE_BUSY and full(folder))
        raise OSError(errno.ENOSPC if no_room else errno.EIO, str(error)) from error


def _code(error: sqlite3.DatabaseError) -> int:
    """The primary result code; an error without one is `quick_check`'s own finding."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
