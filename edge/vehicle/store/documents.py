"""The few small documents a technician may read as JSON: TinyDB on an atomic storage.

TinyDB's own storage rewrites its file in place, and a power cut in between leaves it unreadable. This one writes
beside, syncs, and renames, and keeps the version before. Single writer. Not for events.
"""

import json
import os
from pathlib import Path
from typing import Any

from tinydb import Query, TinyDB
from tinydb.storages import Storage


class AtomicStorage(Storage):
    """A JSON file that is always whole: temp, fsync, rename, fsync of the folder; ``.previous`` is the one before."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._previous = path.with_suffix(".previous.json")

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The document; the previous one where this one is unreadable; None where there is none."""
        for path in (self._path, self._previous):
            try:
                document = json.loads(path.read_bytes())
            except (FileNotFoundError, ValueError):
                continue
            if isinstance(document, dict):
                return document
        return None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Replace the document."""
        temporary = self._path.with_suffix(".writing")
        with temporary.open("wb") as file:
            file.write(json.dumps(data, indent=2, sort_keys=True).encode())
            file.flush()
            os.fsync(file.fileno())
        if self._path.exists():
            self._previous.unlink(missing_ok=True)
            os.link(self._path, self._previous)
        temporary.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class Documents:
    """Documents by name: device profile, settings, the bundle in force, plans in force."""

    def __init__(self, path: Path) -> None:
        self._db = TinyDB(path, storage=AtomicStorage)

    def get(self, name: str) -> dict[str, Any] | None:
        """A document, None where there is none of that name."""
        found = self._db.get(Query().name == name)
        return found["body"] if isinstance(found, dict) else None

    def put(self, name: str, body: dict[str, Any]) -> None:
        """Store a document; unchanged, nothing is written."""
        if self.get(name) != body:
            self._db.upsert({"name": name, "body": body}, Query().name == name)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
