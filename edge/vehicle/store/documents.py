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

from edge.text.whole_file import sync_folder


class AtomicStorage(Storage):
    """A JSON file that is always whole: temp, fsync, rename, fsync of the folder; ``.previous`` is the one before."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._previous = path.with_suffix(".previous.json")

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The document; the previous one where this one is unreadable; None where there is none."""
        present = _document(self._path)
        return _document(self._previous) if present is None else present

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Replace the document. Raises OSError where the disk does not take it: the one before stays."""
        temporary = self._path.with_suffix(".writing")
        try:
            self._write(json.dumps(data, indent=2, sort_keys=True).encode(), temporary)
        except OSError:
            temporary.unlink(missing_ok=True)  # a disk without room must not lose some to half a document
            raise

    def _write(self, body: bytes, temporary: Path) -> None:
        with temporary.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if _document(self._path) is not None:  # a damaged one must not take the place of the good one before it
            self._previous.unlink(missing_ok=True)
            os.link(self._path, self._previous)
        temporary.replace(self._path)
        sync_folder(self._path.parent)


def _document(path: Path) -> dict[str, dict[str, Any]] | None:
    """A file's tables; None where it is missing, not this user's to read, or none of ours."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    whole = isinstance(document, dict) and all(isinstance(table, dict) for table in document.values())
    return document if whole else None


class Documents:
    """Documents by name: the device, the bundle in force, the plans in force."""

    def __init__(self, path: Path) -> None:
        """``damaged``: the file is there, and neither it nor the version before can be read."""
        self.damaged = path.exists() and AtomicStorage(path).read() is None
        self._db = TinyDB(path, storage=AtomicStorage)

    def get(self, name: str) -> dict[str, Any] | None:
        """A document, None where there is none of that name."""
        found = self._db.get(Query().name == name)
        body = found.get("body") if isinstance(found, dict) else None
        return body if isinstance(body, dict) else None

    def put(self, name: str, body: dict[str, Any]) -> None:
        """Store a document; unchanged, nothing is written."""
        if self.get(name) != body:
            self._db.upsert({"name": name, "body": body}, Query().name == name)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
