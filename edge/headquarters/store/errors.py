"""What a caller of the store may meet: one error, whatever the database and its driver call it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from edge.errors import UserError

LONGEST: Final = 300
"""Characters of a driver's own words: some repeat the statement."""


class StoreError(UserError):
    """The database cannot be used: locked, full, damaged, gone, or its connection lost. Nothing was written."""


def reason(error: BaseException) -> str:
    """A database error in one line: the driver's own words, without statement and values."""
    own = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return " ".join(str(own).split())[:LONGEST] or type(own).__name__


@contextmanager
def refusals(where: object) -> Iterator[None]:
    """Raises StoreError for whatever the database at ``where`` refuses within the block."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:  # SQLite's pragmas go past SQLAlchemy
        msg = f"{where}: database error ({reason(error)}); try again, or restore a backup"
        raise StoreError(msg) from error
