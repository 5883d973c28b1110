"""A year of fifty cars as headquarters holds it, written straight into the tables. Measures nothing.

Only the projections are whole, 3,000 records a car-day as a patrol makes them (a third of them stays); the ledgers' own
records are there for the newest days alone. One car's shift is made by hand, and SQL repeats it. PostgreSQL writes its
tables without a log and makes their indexes in the end, which takes a third of the time.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, text
from sqlalchemy.schema import AddConstraint

from edge.contract.agency import Agency
from edge.headquarters.address import Address
from edge.headquarters.projections.ledger import VERSION
from edge.headquarters.store import Store
from edge.headquarters.store.projections import ALL

CARS: Final = 50
DAYS: Final = 365
LAST: Final = date(2026, 11, 22)
RECORDS: Final = 3_000
"""A car's a day."""

BODIES_DAYS: Final = 3
STAYS: Final = 380
VISITS: Final = 25
SPANS: Final = 40
"""Of one car's shift, beside what its visits record: after an hour of the demo's drive."""

BODY: Final = b'{"boot":"b","clock":"gps","data":{"type":"presence"},"filler":"' + b"x" * 280 + b'"}'


@dataclass(frozen=True)
class HeldYear:
    """The database, its shifts, its size and how long it took to make."""

    database: Address
    shifts: tuple[str, ...]
    megabytes: float
    seconds: float


def make_year(database: Address, agency: Agency, days: int = DAYS, bodies: int = BODIES_DAYS) -> HeldYear:
    """Fill a new database with so many days up to `LAST`, the newest of them with their records."""
    began = time.monotonic()
    shifts = list(_shifts(agency, days))
    Store(database).close()
    with Store(database) as store:
        connection = store.connection
        with _quickly(store, connection):
            _templates(connection, agency, shifts)
            for day in sorted({shift[:10] for shift, _ in shifts}):
                with store.transaction():
                    for statement in STATEMENTS:
                        connection.execute(text(statement), {"day": day})
            with store.transaction():
                _ledgers(connection, len(shifts), min(bodies, days))
        megabytes = _size(database, connection) / 1e6
    return HeldYear(database, tuple(shift for shift, _ in shifts), megabytes, time.monotonic() - began)


@contextmanager
def _quickly(store: Store, connection: Connection) -> Iterator[None]:
    """Whatever makes writing faster and leaves no trace in what is written."""
    if not store.locks_rows:
        for pragma in ("synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        yield
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
    for table in ALL:
        connection.exec_driver_sql(f"ALTER TABLE {table.name} SET UNLOGGED")
        _without_indexes(table, connection)
    yield
    for table in ALL:
        connection.execute(AddConstraint(table.primary_key))
        for index in table.indexes:
            index.create(connection)
    connection.exec_driver_sql("VACUUM (ANALYZE)")


def _without_indexes(table: Table, connection: Connection) -> None:
    for index in table.indexes:
        index.drop(connection)
    connection.exec_driver_sql(f"ALTER TABLE {table.name} DROP CONSTRAINT {table.name}_pkey")


def _size(database: Address, connection: Connection) -> int:
    """Bytes."""
    if isinstance(database, Path):
        return database.stat().st_size
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def _shifts(agency: Agency, days: int) -> Iterator[tuple[str, float]]:
    shift = agency.calendar.shift_at(agency.calendar.shift(f"{LAST - timedelta(days - 1)}/night").starts)
    while shift.id[:10] <= LAST.isoformat():
        yield shift.id, shift.starts
        shift = agency.calendar.shift_at(shift.ends)


def _templates(connection: Connection, agency: Agency, shifts: Sequence[tuple[str, float]]) -> None:
    """The shifts; one shift of one car, each row with its seconds from the shift's start; the cars; the boxes."""
    boxes = [box.id for box in agency.grid.boxes.values() if not box.opt_out]
    tables: Mapping[str, tuple[str, Sequence[Sequence[Any]]]] = {
        "shifts": (
            "n INTEGER, shift TEXT, day TEXT, starts DOUBLE PRECISION",
            [(n, shift, shift[:10], starts) for n, (shift, starts) in enumerate(shifts)],
        ),
        "cars": (
            "c INTEGER, unit TEXT, ledger TEXT",
            [(c, f"car-{c:02d}", f"ledger-of-car-{c:02d}-000000") for c in range(CARS)],
        ),
        "boxes": ("i INTEGER PRIMARY KEY, box TEXT", list(enumerate(boxes))),
        "facts": ("boxes INTEGER, records INTEGER", [(len(boxes), RECORDS // 3)]),
        "t_stays": (ROW, [(10 + n, 60.0 + n * 72.0, n, "") for n in range(STAYS)]),
        "t_visits": (ROW, [(400 + n * 8, 120.0 + n * 1080.0, n * 7, "") for n in range(VISITS)]),
        "t_spans": (
            ROW,
            [(700 + n, 300.0 + n * 660.0, n, "gps_lost" if n % 4 else "paused") for n in range(SPANS)],
        ),
    }
    for name, (columns, rows) in tables.items():
        connection.exec_driver_sql(f"CREATE TEMP TABLE {name} ({columns})")
        values = ",".join(f":v{number}" for number in range(len(rows[0])))
        insert = text(f"INSERT INTO {name} VALUES ({values})")  # noqa: S608 - names of ours
        connection.execute(insert, [{f"v{number}": value for number, value in enumerate(row)} for row in rows])


ROW: Final = "seq INTEGER, at DOUBLE PRECISION, i INTEGER, kind TEXT"
OF_DAY: Final = "FROM shifts AS s, cars AS c, facts AS f"
DAY: Final = "WHERE s.day=:day"
BOX: Final = "b.i=(t.i*3 + c.c*17 + s.n*5) % f.boxes"
VISIT: Final = "unit||':'||ledger||':'||(t.seq+s.n*records)"
STATEMENTS: Final = (
    "INSERT INTO shift_runs SELECT unit, ledger, 1+s.n*records, (s.n+1)*records, shift, starts+1, starts+28799,"
    f" '[\"4711\"]' {OF_DAY} {DAY}",
    "INSERT INTO stays SELECT unit, ledger, t.seq+s.n*records, shift, starts+at+70, day, box, starts+at,"
    f" starts+at+70, 68.5, 0, 0 {OF_DAY}, t_stays AS t, boxes AS b {DAY} AND {BOX}",
    f"INSERT INTO visits SELECT unit, ledger, {VISIT}, shift, starts+at, box,"
    " starts+at, starts+at+905, 905.0, 1, 0, 0, 'left', '[\"robbery\"]', 900.0, '[[\"4711\",905.0]]',"
    f" '[['||(starts+at)||','||(starts+at+905)||']]', NULL, 0 {OF_DAY}, t_visits AS t, boxes AS b {DAY} AND {BOX}",
    f"INSERT INTO tactics SELECT unit, ledger, t.seq+2+s.n*records, {VISIT}, shift,"
    f" 'foot-patrol', starts+at+100, 805.0, 0 {OF_DAY}, t_visits AS t {DAY}",
    "INSERT INTO spans SELECT unit, ledger, t.seq+s.n*records, kind, starts+at, starts+at+45,"
    f" CASE kind WHEN 'paused' THEN 'call' ELSE '' END {OF_DAY}, t_spans AS t {DAY}",
    "INSERT INTO plans_adopted SELECT unit, ledger, 2+s.n*records, shift, starts+2, '1', 1, 'approved', 'd'"
    f" {OF_DAY} {DAY}",
    "INSERT INTO box_days SELECT unit, ledger, day, box, count(*), 68500*count(*)"
    f" {OF_DAY}, t_stays AS t, boxes AS b {DAY} AND {BOX} GROUP BY unit, ledger, day, box",
)


def _ledgers(connection: Connection, shifts: int, bodies: int) -> None:
    """Heads, standings, statuses as they would be, and the records of the newest days."""
    last = shifts * RECORDS // 3
    first = last - max(1, bodies * RECORDS) + 1
    given = {"first": first, "last": last, "version": VERSION, "hash": bytes(32), "body": BODY}
    for statement in (
        "INSERT INTO ledger_starts SELECT unit, ledger, 0.0 FROM cars",
        "INSERT INTO heads SELECT unit, ledger, :last, :hash, 0 FROM cars",
        "INSERT INTO projections SELECT unit, ledger, :version, :last, :last, '{}' FROM cars",
        "WITH RECURSIVE n (seq) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT seq+1 FROM n WHERE seq<:last)"
        " INSERT INTO events SELECT unit, ledger, seq, unit||':'||ledger||':'||seq, 'presence', NULL, 0.0, :body,"
        " :hash, 0.0 FROM cars, n",
    ):
        connection.execute(text(statement), given)
