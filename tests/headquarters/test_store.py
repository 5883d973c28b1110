"""The database: made only where it is asked for, never inside another's, and quick to say which shifts there are."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge.errors import UserError
from edge.headquarters.schema import VERSION
from edge.headquarters.store import MOST_OF_A_KIND, Row, Store


def test_a_database_that_is_not_there_is_made_only_where_asked_for(database: Path) -> None:
    """One sentence with the path, and nothing is made."""
    with pytest.raises(UserError, match="is not there; start headquarters once"):
        Store(database, make=False)
    assert not database.exists()
    Store(database).close()
    Store(database, make=False).close()


@pytest.mark.parametrize("make", [True, False])
@pytest.mark.parametrize("statement", ["CREATE TABLE ledger (seq)", f"PRAGMA user_version={VERSION + 1}"])
def test_another_programs_or_versions_database_is_left_alone(statement: str, make: bool, database: Path) -> None:
    """A wrong path is said plainly, and not a byte is changed."""
    with closing(sqlite3.connect(database)) as raw:
        raw.execute(statement)
    before = database.read_bytes()
    with pytest.raises(UserError, match="name its own database"):
        Store(database, make=make)
    assert database.read_bytes() == before


def test_an_empty_file_and_what_is_no_database_are_said_plainly(database: Path) -> None:
    """Neither is filled, nor repaired."""
    database.touch()
    with pytest.raises(UserError, match="name its own database"):
        Store(database, make=False)
    assert database.read_bytes() == b""
    database.write_bytes(b"no database at all" * 100)
    with pytest.raises(UserError, match="not usable as headquarters' database"):
        Store(database)


def test_the_latest_shifts_are_told_with_their_vehicles(store: Store) -> None:
    """Newest first by their time, not by their names; records between shifts are of none."""
    shifts = ["2026-11-21/night", "2026-11-22/day", "2026-11-22/early", "2026-11-22/night", None]
    starts = [0.0, 20.0, 10.0, 30.0, 40.0]
    for unit in ("car-1", "car-2"):
        rows = [
            Row(unit, "a", seq, f"{unit}:a:{seq}", "presence", shift, start, b"{}", bytes(32), 1.0)
            for seq, (shift, start) in enumerate(zip(shifts, starts, strict=True), 1)
        ]
        store.append(rows if unit == "car-1" else rows[3:])
    assert store.shifts() == [
        ("2026-11-22/night", 2),
        ("2026-11-22/day", 1),
        ("2026-11-22/early", 1),
        ("2026-11-21/night", 1),
    ]
    assert store.shifts(1) == [("2026-11-22/night", 2)]


def test_findings_of_one_kind_do_not_fill_the_disk(store: Store) -> None:
    """So many are kept one by one; the others are counted in one, and one that is kept is counted on."""
    with store.transaction():
        for seq in range(MOST_OF_A_KIND + 50):
            store.find("malformed", "car-1", "a", seq + 1, "x", b"y", 1.0)
        store.find("malformed", "car-1", "a", 1, "x", b"y", 2.0)
    found = store.findings()
    assert len(found) == MOST_OF_A_KIND + 1
    assert {one.seq: one.times for one in found if one.times > 1} == {0: 50, 1: 2}
