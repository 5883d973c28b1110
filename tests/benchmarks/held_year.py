"""A year of fifty cars as headquarters holds it, written straight into the tables. Measures nothing.

Only the projections are whole, 3,000 records a car-day as a patrol makes them (a third of them stays); the ledgers' own
records are there for the newest days alone. One car's shift is made by hand, and SQL repeats it.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from edge.contract.agency import Agency
from edge.headquarters.projections.ledger import VERSION
from edge.headquarters.store import Store

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
    """The database, its last shift, its size and how long it took to make."""

    database: Path
    shifts: tuple[str, ...]
    megabytes: float
    seconds: float


def make_year(database: Path, agency: Agency, days: int = DAYS, bodies: int = BODIES_DAYS) -> HeldYear:
    """Fill a new database with so many days up to `LAST`, the newest of them with their records."""
    began = time.monotonic()
    Store(database).close()
    shifts = list(_shifts(agency, days))
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        for pragma in ("synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            raw.execute(f"PRAGMA {pragma}")
        _templates(raw, agency)
        for number, (shift, starts) in enumerate(shifts):
            raw.execute("BEGIN")
            for statement in STATEMENTS:
                raw.execute(
                    statement.replace("AT_BOX", BOX), {"shift": shift, "day": shift[:10], "n": number, "starts": starts}
                )
            raw.execute("COMMIT")
        _ledgers(raw, len(shifts), min(bodies, days))
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    megabytes = database.stat().st_size / 1e6
    return HeldYear(database, tuple(shift for shift, _ in shifts), megabytes, time.monotonic() - began)


def _shifts(agency: Agency, days: int) -> Iterator[tuple[str, float]]:
    shift = agency.calendar.shift_at(agency.calendar.shift(f"{LAST - timedelta(days - 1)}/night").starts)
    while shift.id[:10] <= LAST.isoformat():
        yield shift.id, shift.starts
        shift = agency.calendar.shift_at(shift.ends)


def _templates(raw: sqlite3.Connection, agency: Agency) -> None:
    """One shift of one car, each row with its seconds from the shift's start; the cars; the boxes."""
    boxes = [box.id for box in agency.grid.boxes.values() if not box.opt_out]
    tables: dict[str, tuple[str, Sequence[Sequence[Any]]]] = {
        "cars": ("c, unit, ledger", [(c, f"car-{c:02d}", f"ledger-of-car-{c:02d}-000000") for c in range(CARS)]),
        "boxes": ("i, box", list(enumerate(boxes))),
        "t_stays": ("seq, at, i", [(10 + n, 60.0 + n * 72.0, n) for n in range(STAYS)]),
        "t_visits": ("seq, at, i", [(400 + n * 8, 120.0 + n * 1080.0, n * 7) for n in range(VISITS)]),
        "t_spans": (
            "seq, at, kind",
            [(700 + n, 300.0 + n * 660.0, "gps_lost" if n % 4 else "paused") for n in range(SPANS)],
        ),
    }
    for name, (columns, rows) in tables.items():
        raw.execute(f"CREATE TEMP TABLE {name} ({columns})")
        raw.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})", rows)  # noqa: S608 - names of ours
    raw.execute(f"CREATE TEMP TABLE facts AS SELECT {len(boxes)} AS boxes, {RECORDS // 3} AS records")
    raw.execute("CREATE INDEX temp.boxes_i ON boxes (i)")


BOX: Final = "JOIN boxes AS b ON b.i=(t.i*3 + c.c*17 + :n*5) % f.boxes"
STATEMENTS: Final = (
    "INSERT INTO shift_runs SELECT unit, ledger, 1+:n*records, (:n+1)*records, :shift, :starts+1, :starts+28799,"
    " '[\"4711\"]' FROM cars, facts",
    "INSERT INTO stays SELECT unit, ledger, t.seq+:n*records, :shift, :starts+at+70, :day, box, :starts+at,"
    " :starts+at+70, 68.5, 0, 0 FROM cars AS c, facts AS f, t_stays AS t AT_BOX",
    "INSERT INTO visits SELECT unit, ledger, unit||':'||ledger||':'||(t.seq+:n*records), :shift, :starts+at, box,"
    " :starts+at, :starts+at+905, 905.0, 1, 0, 0, 'left', '[\"robbery\"]', 900.0, '[[\"4711\",905.0]]',"
    " '[['||(:starts+at)||','||(:starts+at+905)||']]', NULL, 0 FROM cars AS c, facts AS f, t_visits AS t AT_BOX",
    "INSERT INTO tactics SELECT unit, ledger, t.seq+2+:n*records, unit||':'||ledger||':'||(t.seq+:n*records), :shift,"
    " 'foot-patrol', :starts+at+100, 805.0, 0 FROM cars, facts, t_visits AS t",
    "INSERT INTO spans SELECT unit, ledger, t.seq+:n*records, kind, :starts+at, :starts+at+45,"
    " iif(kind='paused', 'call', '') FROM cars, facts, t_spans AS t",
    "INSERT INTO plans_adopted SELECT unit, ledger, 2+:n*records, :shift, :starts+2, '1', 1, 'approved', 'd'"
    " FROM cars, facts",
    "INSERT INTO box_days SELECT unit, ledger, :day, box, count(*), 68500*count(*)"
    " FROM cars AS c, facts AS f, t_stays AS t AT_BOX GROUP BY unit, ledger, box"
    " ON CONFLICT DO UPDATE SET stays=stays+excluded.stays, presence_ms=presence_ms+excluded.presence_ms",
)


def _ledgers(raw: sqlite3.Connection, shifts: int, bodies: int) -> None:
    """Heads, standings, statuses as they would be, and the records of the newest days."""
    last = shifts * RECORDS // 3
    first = last - max(1, bodies * RECORDS)
    raw.execute("INSERT INTO ledger_starts SELECT unit, ledger, 0.0 FROM cars")
    raw.execute("INSERT INTO heads SELECT unit, ledger, ?, zeroblob(32), 0 FROM cars", (last,))
    raw.execute("INSERT INTO projections SELECT unit, ledger, ?, ?, ?, '{}' FROM cars", (VERSION, last, last))
    raw.execute("BEGIN")
    raw.execute(
        "WITH RECURSIVE n (seq) AS (SELECT ? UNION ALL SELECT seq+1 FROM n WHERE seq<?)"
        " INSERT INTO events SELECT unit, ledger, seq, unit||':'||ledger||':'||seq, 'presence', NULL, 0.0, ?,"
        " zeroblob(32), 0.0 FROM cars, n",
        (first + 1, last, BODY),
    )
    raw.execute("COMMIT")
