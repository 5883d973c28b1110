"""Whether every page of a database is sound: looked at as it is opened where there are few, else while the car patrols.

A year's ledger takes half a minute to read from a flash card, and no officer waits so long for a screen. What a life
finds broken before its look is over is looked at in whole by the next one, as it opens it. Must not mend anything.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from edge.vehicle.inbox import Damaged, Post
from edge.vehicle.store.files import is_damage

AT_ONCE: Final = 8_000_000
"""Bytes of a database that is looked at in whole before it is used: under a second."""

SLICE_S: Final = 0.5


class SoundPages:
    """The thread that looks at databases which were opened unlooked at. ``post``: the engine's inbox."""

    def __init__(self, files: Sequence[Path], post: Post) -> None:
        self._files = files
        self._post = post

    def run(self, stop: threading.Event) -> None:
        """Look at each file once; what is broken is reported. Then there is nothing to do until ``stop``."""
        for path in self._files:
            file = path.stat().st_ino
            found = _look(path, stop)
            if found is not None:
                with contextlib.suppress(OSError):
                    _suspect(path).touch()  # where it cannot be replaced now, the next start looks again
                self._post(Damaged(path, file, found))
        stop.wait()


def quick_check(db: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError where SQLite finds a database damaged."""
    found = db.execute("PRAGMA quick_check").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(found)


def check_if_small(path: Path, db: sqlite3.Connection) -> bool:
    """Look at every page now, unless there are many and nothing is suspected; whether that was done.

    Raises sqlite3.DatabaseError as `quick_check` does.
    """
    suspect = _suspect(path)
    if path.stat().st_size > AT_ONCE and not suspect.exists():
        return False
    quick_check(db)
    suspect.unlink(missing_ok=True)
    return True


@contextmanager
def suspecting(path: Path) -> Iterator[None]:
    """What is found broken within the block is looked at in whole as it is opened next."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            with contextlib.suppress(OSError):
                _suspect(path).touch()
        raise


def trusted_again(path: Path) -> None:
    """Nothing is suspected of a new file of that name."""
    _suspect(path).unlink(missing_ok=True)


def _suspect(path: Path) -> Path:
    return path.with_name(f"{path.name}.suspect")


def _look(path: Path, stop: threading.Event) -> str | None:
    """What is wrong with a database; None where all is well, or ``stop`` came first.

    It is read over a connection that can write nothing, in a helper: SQLite answers nobody while it looks.
    """
    found: list[str] = []
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10.0, check_same_thread=False)) as db:
        helper = threading.Thread(target=_checked, args=(db, found.append), name="page check")
        helper.start()
        while helper.is_alive():
            if stop.is_set():
                db.interrupt()
            helper.join(SLICE_S)
    return found[0] if found else None


def _checked(db: sqlite3.Connection, report: Callable[[str], None]) -> None:
    try:
        quick_check(db)
    except sqlite3.DatabaseError as error:
        if is_damage(error):  # and not interrupted, or locked for a moment
            report(str(error))
