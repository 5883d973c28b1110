"""The database: made only where it is asked for, never inside another's, and quick to say which shifts there are."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge.errors import UserError
from edge.headquarters.projections.rows import Rows, RunRow
from edge.headquarters.store import MOST_OF_A_KIND, Row, Store
from edge.headquarters.store.sqlite import MIGRATED
from tests.headquarters.databases import sql
from tests.headquarters.postgres import empty_database


def test_a_database_that_is_not_there_is_made_only_where_asked_for(file: Path) -> None:
    """One sentence with the path, and nothing is made."""
    with pytest.raises(UserError, match="not found; start headquarters once"):
        Store(file, make=False)
    assert not file.exists()
    Store(file).close()
    Store(file, make=False).close()


def test_the_tables_of_a_server_are_made_only_where_asked_for() -> None:
    """One sentence with the URL, and nothing is made in the empty database."""
    with empty_database(migrated=False) as url:
        with pytest.raises(UserError, match="is not set up yet; start headquarters"):
            Store(url, make=False)
        assert sql(url, "SELECT * FROM pg_tables WHERE schemaname='public'") == []
        Store(url).close()
        Store(url, make=False).close()


def test_another_programs_or_versions_database_on_a_server_is_left_alone() -> None:
    """A wrong URL is said plainly, and no table is made."""
    with empty_database(migrated=False) as url:
        sql(url, "CREATE TABLE ledger (seq int)")
        with pytest.raises(UserError, match=r"its own database|database of its own"):
            Store(url)
        assert sql(url, "SELECT tablename FROM pg_tables WHERE schemaname='public'") == [("ledger",)]
    with empty_database() as url:
        sql(url, "UPDATE alembic_version SET version_num='9999'")
        with pytest.raises(UserError, match=r"newer version of Roundsman \(schema 9999\)"):
            Store(url)


@pytest.mark.parametrize("make", [True, False])
@pytest.mark.parametrize("statement", ["CREATE TABLE ledger (seq)", f"PRAGMA user_version={MIGRATED + 1}"])
def test_another_programs_or_versions_database_is_left_alone(statement: str, make: bool, file: Path) -> None:
    """A wrong path is said plainly, and not a byte is changed."""
    sql(file, statement)
    before = file.read_bytes()
    with pytest.raises(UserError, match=r"its own database|database of its own"):
        Store(file, make=make)
    assert file.read_bytes() == before


def test_an_empty_file_and_what_is_no_database_are_said_plainly(file: Path) -> None:
    """Neither is filled, nor repaired."""
    file.touch()
    with pytest.raises(UserError, match="is not set up yet; start headquarters first"):
        Store(file, make=False)
    assert file.read_bytes() == b""
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(UserError, match="not usable as headquarters' database"):
        Store(file)


def test_the_log_does_not_stay_grown_after_a_long_reader(file: Path) -> None:
    """A reader that holds a snapshot through many commits makes the log grow; once it is gone the log is cut."""
    log = file.with_name(f"{file.name}-wal")
    with Store(file) as writer:
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            for seq in range(1, 21):
                with writer.transaction():
                    writer.append([a_row(seq, bytes(1_000_000))])
                writer.bound_log()
            assert log.stat().st_size > 20_000_000
        writer.bound_log()
        assert log.stat().st_size == 0
        assert writer.count() == 20


def test_a_walk_through_a_ledger_holds_no_snapshot(file: Path) -> None:
    """The proof reads by chunks: while it walks, the writer cuts the log."""
    log = file.with_name(f"{file.name}-wal")
    with Store(file) as writer, Store(file) as reader:
        writer.append([a_row(seq, b"x") for seq in range(1, 2_001)])
        walk = reader.records("car-1", "a")
        next(walk)
        writer.append([a_row(2_001, bytes(20_000_000))])
        writer.bound_log()
        assert log.stat().st_size == 0
        assert len(list(walk)) == 2_000


def a_row(seq: int, body: bytes) -> Row:
    """A record of one ledger."""
    return Row("car-1", "a", seq, f"car-1:a:{seq}", "presence", None, 1.0, body, bytes(32), 1.0)


def test_the_latest_shifts_are_told_with_their_vehicles(store: Store) -> None:
    """Newest first by their time, not by their names; records between shifts are of none."""
    shifts = ["2026-11-21/night", "2026-11-22/day", "2026-11-22/early", "2026-11-22/night", None]
    starts = [0.0, 20.0, 10.0, 30.0, 40.0]
    for unit in ("car-1", "car-2"):
        for seq, (shift, start) in enumerate(zip(shifts, starts, strict=True), 1):
            if unit == "car-1" or seq > 3:
                store.write_rows(Rows(runs=[RunRow(unit, "a", seq, seq, shift, start, start, ())]))
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
            store.record_finding("malformed", "car-1", "a", seq + 1, "x", b"y", 1.0)
        store.record_finding("malformed", "car-1", "a", 1, "x", b"y", 2.0)
    found = store.findings()
    assert len(found) == MOST_OF_A_KIND + 1
    assert {one.seq: one.times for one in found if one.times > 1} == {0: 50, 1: 2}
