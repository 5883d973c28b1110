"""The database: a file that can be written, and that is a database where it exists."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from edge.headquarters.config import HeadquartersConfig
from edge.service.paths import file_to_write, unusable

SQLITE_MAGIC: Final = b"SQLite format 3\0"


def problems(config: HeadquartersConfig) -> Iterator[str]:
    """Why no database can be opened or made there."""
    return unusable("database", config.database, _database)


def _database(path: Path) -> Iterator[str]:
    yield from file_to_write(path)
    if path.is_file():
        with path.open("r+b") as file:
            if file.read(len(SQLITE_MAGIC)) not in (b"", SQLITE_MAGIC):
                yield "is no SQLite database; name another file, or move this one away"
