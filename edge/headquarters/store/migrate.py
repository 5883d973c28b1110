"""Brings a database to the newest revision of `migrations`, each process in its turn. Must not touch what is another's.

Alembic is imported only where there is something to migrate: a page opens the database at each request.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from sqlalchemy import Connection, inspect, text

from edge.headquarters.address import Address
from edge.headquarters.store.backend import Backend
from edge.headquarters.store.errors import StoreError

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")
"""Those of `migrations/versions`, the oldest first."""

NEWEST: Final = REVISIONS[-1]


def migrate(
    address: Address, backend: Backend, transaction: Callable[[], AbstractContextManager[None]], *, make: bool
) -> None:
    """Bring the database up to date. Raises StoreError where it is not headquarters', or of newer software."""
    before = _revision(address, backend, make=make)
    backend.set_up()
    if before == NEWEST:
        return
    with transaction():
        backend.lock_migrations()
        _upgrade(backend.connection)


def _revision(address: Address, backend: Backend, *, make: bool) -> str | None:
    """The revision of the database, None where it has none yet. Not a byte is written."""
    tables = set(inspect(backend.connection).get_table_names())
    if "alembic_version" in tables:
        revision = backend.connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if revision is not None and revision not in REVISIONS:
            msg = (
                f"{address}: made by a newer version of Roundsman (schema {revision}); this version supports "
                f"{NEWEST}: update"
            )
            raise StoreError(f"{msg} this installation, or give headquarters its own database")
        return revision
    if tables and not backend.is_legacy():
        msg = f"{address}: not a headquarters database; give headquarters a database of its own"
        raise StoreError(msg)
    if not tables and not make:
        msg = f"database: {address} is not set up yet; start headquarters first, or give its database"
        raise StoreError(msg)
    return None


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see the module's docstring
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "edge.headquarters.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
