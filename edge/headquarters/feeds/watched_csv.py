"""A CSV that another program writes to: the rows that have come since the last look.

A row is read once its line has ended. A file that was replaced, or has become shorter, is read from its beginning. Must
not know what the columns mean.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

MOST: Final = 1_000_000
"""Bytes read at one look."""


class WatchedCsv:
    """The rows of a file, each once. A line is a row: cells with line breaks in them are not known."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = 0
        self._read = 0
        self._columns: list[str] | None = None

    def rows(self) -> list[Mapping[str, str]]:
        """The new ones. Raises OSError where the file cannot be read."""
        with self.path.open("rb") as file:
            at = self.path.stat()
            if at.st_ino != self._file or at.st_size < self._read:
                self._file, self._read, self._columns = at.st_ino, 0, None
            file.seek(self._read)
            whole, newline, _ = file.read(MOST).rpartition(b"\n")
        self._read += len(whole) + len(newline)
        lines = whole.decode("utf-8-sig", errors="replace").splitlines()
        return [row for line in lines if line.strip() and (row := self._row(line)) is not None]

    def _row(self, line: str) -> Mapping[str, str] | None:
        cells = next(csv.reader([line]), [])
        if self._columns is None:
            self._columns = [name.strip() for name in cells]
            return None
        return dict(zip(self._columns, cells, strict=False))
