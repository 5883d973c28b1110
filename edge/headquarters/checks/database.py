"""The database: a file that can be written, and that is a database where it exists; or a server that lets us in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from edge.headquarters.address import DatabaseUrl
from edge.headquarters.config import HeadquartersConfig
from edge.service.paths import file_to_write, unusable

SQLITE_MAGIC: Final = b"SQLite format 3\0"


def problems(config: HeadquartersConfig) -> Iterator[str]:
    """Why no database can be opened or made there."""
    if isinstance(config.database, DatabaseUrl):
        return _server(config.database)
    return unusable("database", config.database, _database)


def _server(url: DatabaseUrl) -> Iterator[str]:
    from edge.headquarters.store import StoreError  # noqa: PLC0415 - most configurations name a file
    from edge.headquarters.store.errors import refusals  # noqa: PLC0415
    from edge.headquarters.store.postgresql import postgresql_engine  # noqa: PLC0415

    try:
        with refusals(url), postgresql_engine(url, busy_s=1.0).connect():
            pass
    except StoreError as error:
        yield f"database: {error}"


def _database(path: Path) -> Iterator[str]:
    yield from file_to_write(path)
    if path.is_file():
        with path.open("r+b") as file:
            if file.read(len(SQLITE_MAGIC)) not in (b"", SQLITE_MAGIC):
                yield "is not a SQLite database; choose another file, or move this one away"
