"""One connection to headquarters' database: opened, brought up to date, read, and written in transactions.

Must not know what is in the tables: the modules of the table groups do.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, Self, TypeAlias

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.exc import SQLAlchemyError

from edge.headquarters.address import Address
from edge.headquarters.store.backend import connect
from edge.headquarters.store.conflicts import Insert, Known
from edge.headquarters.store.errors import StoreError, reason, refusals
from edge.headquarters.store.migrate import migrate

BUSY_S: Final = 10.0
"""How long to wait for whoever else writes."""

Values: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Database:
    """A connection that belongs to one thread; every error of it is a `StoreError`."""

    def __init__(self, address: Address, *, make: bool = True, busy_s: float = BUSY_S) -> None:
        """Open the database, its tables made where there are none and ``make``. Raises StoreError."""
        self.address = address
        try:
            with refusals(address):
                self._backend = connect(address, make=make, busy_s=busy_s)
                self._connection = self._backend.connection
            try:
                with refusals(address):
                    migrate(address, self._backend, self.transaction, make=make)
            except BaseException:  # whatever it is goes on; only the connection must not stay open
                self.close()
                raise
        except StoreError as error:
            if error.__cause__ is None:
                raise
            msg = f"{address}: not usable as headquarters' database ({reason(error.__cause__)})"
            raise StoreError(f"{msg}; choose another, or restore a backup") from error.__cause__
        except OSError as error:
            msg = f"{address}: not usable as headquarters' database ({error}); choose another, or restore a backup"
            raise StoreError(msg) from error

    @property
    def identity(self) -> tuple[object, ...]:
        """Which database this is."""
        return self._backend.identity

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's own, which knows which database it speaks with."""
        return self._connection

    @property
    def locks_rows(self) -> bool:
        """Whether two transactions may write at once, each its own rows."""
        return self._backend.locks_rows

    def check(self) -> None:
        """What was written is in the database of that name. Raises StoreError where it was taken away or replaced."""
        self._backend.check()

    def bound_log(self) -> None:
        """Cut the write-ahead log where it has grown; for the one who writes, between two transactions."""
        with refusals(self.address):
            self._backend.bound_log()

    def close(self) -> None:
        """Close the connection."""
        with suppress(SQLAlchemyError):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; committed and on disk when the block ends. Raises StoreError with nothing written."""
        with refusals(self.address):
            self._backend.begin()
        try:
            yield
            self._say("COMMIT")
        except BaseException:  # whatever it is goes on; only nothing may be half written
            self._roll_back()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read within the block is of one instant. Keep it short: the log grows as long as it lasts."""
        self._say(self._backend.snapshot)
        try:
            yield
        finally:
            self._roll_back()

    def execute(self, statement: Executable, values: Values | None = None) -> int:
        """Write; how many rows it concerned. With several values: once for each."""
        with refusals(self.address):
            return self._run(statement, values).rowcount

    def rows(self, statement: Executable, values: Values | None = None) -> Sequence[Any]:
        """Every row of a query."""
        with refusals(self.address):
            return self._run(statement, values).all()

    def row(self, statement: Executable, values: Values | None = None) -> Any:
        """The first row of a query, None where there is none."""
        with refusals(self.address):
            return self._run(statement, values).first()

    def insert_rows(self, into: Table, rows: Sequence[Mapping[str, Any]], known: Known = "refuse") -> None:
        """Insert many rows, no two of one key; ``known``: what is done where a key is there already."""
        with refusals(self.address):
            self._backend.insert_rows(into, rows, known)

    def insert(self, table: Table) -> Insert:
        """An insertion that may say what is to be done on a conflict."""
        return self._backend.insert(table)

    def _run(self, statement: Executable, values: Values | None) -> CursorResult[Any]:
        return self._connection.execute(statement, values)

    def _say(self, command: str) -> None:
        with refusals(self.address):
            self._connection.exec_driver_sql(command)

    def _roll_back(self) -> None:
        with suppress(SQLAlchemyError):  # there is nothing to be rolled back any more
            self._connection.exec_driver_sql("ROLLBACK")
