"""Stores made worse on purpose, while they write: the same checks must find out. Each is a change of one setting."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any, Final, TypeAlias

import pytest
from tinydb.storages import JSONStorage

from edge.vehicle.store import documents

Weakening: TypeAlias = Callable[[], AbstractContextManager[None]]


@contextmanager
def other_pragma(setting: str, weaker: str) -> Iterator[None]:
    """SQLite is told ``weaker`` wherever a store tells it ``setting``."""
    told: list[str] = []

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            if setting in sql:
                told.append(sql)
            return super().execute(sql.replace(setting, weaker), *parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Connection))
        yield
    assert told, f"no store says {setting}"


@contextmanager
def without_fsync(is_kind: Callable[[int], bool]) -> Iterator[None]:
    """Python's own ``fsync`` does nothing for files or for folders: SQLite's are not concerned."""
    spared: list[int] = []
    real = os.fsync

    def fsync(number: int) -> None:
        if is_kind(os.fstat(number).st_mode):
            spared.append(number)
        else:
            real(number)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        yield
    assert spared, "nothing was synced"


@contextmanager
def default_documents() -> Iterator[None]:
    """TinyDB's own storage, that rewrites its file in place."""

    class Unclosed(JSONStorage):
        def __del__(self) -> None:
            self.close()  # the atomic one has nothing to close

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "AtomicStorage", Unclosed)
        yield


LESS_SYNCHRONOUS: Final[Weakening] = partial(other_pragma, "synchronous=FULL", "synchronous=NORMAL")
NEVER_SYNCHRONOUS: Final[Weakening] = partial(other_pragma, "synchronous=FULL", "synchronous=OFF")
NO_JOURNAL: Final[Weakening] = partial(other_pragma, "journal_mode=WAL", "journal_mode=OFF")
NO_FILE_SYNC: Final[Weakening] = partial(without_fsync, stat.S_ISREG)
NO_FOLDER_SYNC: Final[Weakening] = partial(without_fsync, stat.S_ISDIR)
