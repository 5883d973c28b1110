"""Where headquarters' database is: a SQLite file by its path, or a PostgreSQL database by its URL.

Read by the configuration, so nothing of a database library may be imported here.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, TypeAlias
from urllib.parse import urlsplit

from pydantic import BeforeValidator, PlainSerializer

DRIVER: Final = "postgresql+psycopg"
SCHEMES: Final = (DRIVER, "postgresql", "postgres")


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """A PostgreSQL database. ``str`` masks the password; ``secret`` has all of it and must not be printed."""

    secret: str = field(repr=False)

    def __str__(self) -> str:
        parts = urlsplit(self.secret)
        login, at, host = parts.netloc.rpartition("@")
        user, colon, _ = login.partition(":")
        return f"{parts.scheme}://{user}{':***' if colon else ''}{at}{host}{parts.path}"


Address: TypeAlias = Path | DatabaseUrl


def _address(given: object) -> object:
    """A path or a URL as it is written in the configuration."""
    if not isinstance(given, str) or "://" not in given:
        return given
    scheme, _, rest = given.partition("://")
    if scheme == "sqlite":
        return Path(rest.removeprefix("/"))
    if scheme not in SCHEMES:
        msg = f"is not a path or a supported database URL; write {DRIVER}://user@host/database"
        raise ValueError(msg)
    try:
        parts = urlsplit(given)
        usable = parts.path.strip("/") != "" and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        msg = f"is not a complete URL; write {DRIVER}://user@host:5432/database"
        raise ValueError(msg)
    return DatabaseUrl(f"{DRIVER}://{rest}")


DatabaseAddress: TypeAlias = Annotated[Address, BeforeValidator(_address), PlainSerializer(str, return_type=str)]
"""The configuration's key."""
