"""The data folder: opens its files, and sets one aside that cannot be used, so that the car starts all the same."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from edge.text.coded import LONGEST, CodedError
from edge.text.plain import plain
from edge.text.words import Notice, Severity
from edge.vehicle.store.breadcrumbs import Breadcrumbs
from edge.vehicle.store.documents import Documents
from edge.vehicle.store.files import full, is_damage, lock, prepare, remove, set_aside, unusable
from edge.vehicle.store.ledger import Ledger
from edge.vehicle.store.page_check import trusted_again

TRAIL_GIVEN_UP: Final = Notice("store.trail_given_up", severity="warning")
RECORDS_GIVEN_UP: Final = Notice("store.records_given_up", severity="warning")

DatabaseT = TypeVar("DatabaseT", Ledger, Breadcrumbs)


class DataFolder:
    """A vehicle's folder, locked for this process. ``notices``: one for each file that was set aside, or given up."""

    def __init__(self, path: Path) -> None:
        """Raises CodedError where this user cannot write there, or another process has it."""
        prepare(path)
        self.path = path
        self._lock = lock(path)
        self.notices: list[Notice] = []
        self.ledger_path = path / "ledger.sqlite3"
        self.trail_path = path / "breadcrumbs.sqlite3"

    def open(self, path: Path, make: Callable[[Path], DatabaseT]) -> DatabaseT:
        """A database; one that is damaged, or not this user's, is set aside, and for want of room the trail goes."""
        self._make_way(path)
        try:
            try:
                return make(path)
            except sqlite3.DatabaseError as error:
                if is_damage(error):
                    self.set_aside(path, damage(str(error)))
                elif full(self.path) and remove(self.trail_path):
                    self.notices.append(TRAIL_GIVEN_UP)
                else:
                    raise
                return make(path)
        except sqlite3.DatabaseError as error:
            raise CodedError("data.not_usable", path=str(path), detail=str(error)) from error

    def open_documents(self, name: str) -> Documents:
        """A file of documents; one that is not this user's, or that cannot be read, is set aside."""
        path = self.path / name
        self._make_way(path)
        documents = Documents(path)
        if documents.damaged:
            documents.close()
            self.set_aside(path, Notice("file.both_unreadable"))
            documents = Documents(path)
        return documents

    def open_trail(self) -> Breadcrumbs | None:
        """The trail; None where there can be none, which is said."""
        try:
            return self.open(self.trail_path, Breadcrumbs)
        except CodedError as error:
            self.warn("store.no_trail", "warning", why=error.why)
            return None

    def _make_way(self, path: Path) -> None:
        why = unusable(path)
        if why is not None:
            self.set_aside(path, why)

    def set_aside(self, path: Path, why: Notice) -> None:
        """Give a file that cannot be used another name, and say so."""
        set_aside(path)
        trusted_again(path)
        self.say_aside(path, "fault", why)

    def say_aside(self, path: Path, severity: Severity, why: Notice) -> None:
        """Add the notice of a file that was set aside."""
        of_records = path == self.ledger_path and why.code == "file.damaged"
        code = "store.records_damaged" if of_records else "store.set_aside"
        self.warn(code, severity, file=path.name, why=why)

    def warn(self, code: str, severity: Severity, **values: str | Notice) -> None:
        """Add a notice, once."""
        notice = Notice(code, values, severity)
        self.notices += [] if notice in self.notices else [notice]

    def close(self) -> None:
        """Let another process have it."""
        self._lock.close()


def damage(found: str) -> Notice:
    """A database is damaged, in SQLite's own words."""
    return Notice("file.damaged", {"detail": plain(found, LONGEST)})
