"""The revisions make what the modules read and write, on both databases, and are told apart by number."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner

from edge.headquarters.address import Address
from edge.headquarters.commands import hq
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Document, Store, StoreError, migrate
from edge.headquarters.store.columns import metadata
from tests.headquarters.databases import as_of, sql
from tests.headquarters.ledgers import TOPICS, a_busy_ledger
from tests.headquarters.postgres import empty_database

OLD_REST: Final = "role TEXT, reason TEXT, digest TEXT, body %s, stored %s, published %s"
OLD_TABLES: Final = {
    "plans": "district TEXT NOT NULL, shift TEXT NOT NULL, version BIGINT NOT NULL",
    "contexts": "number BIGINT NOT NULL",
}


def _as_of_before(database: Address, table: str) -> None:
    """A table of plans or contexts, as there was until revision 4."""
    octets, instant = ("BLOB", "REAL") if isinstance(database, Path) else ("BYTEA", "DOUBLE PRECISION")
    rest = OLD_REST % (octets, instant, instant)
    sql(database, f"CREATE TABLE {table} ({OLD_TABLES[table]}, {rest})")


def test_the_revisions_make_the_tables_of_the_modules(store: Store) -> None:
    """No table, column, type, default or index is in the one and not in the other."""
    context = MigrationContext.configure(store.connection, opts={"compare_type": True})
    assert compare_metadata(context, metadata) == []


def test_the_newest_revision_is_the_one_that_is_asked_for() -> None:
    """What is compared at each opening, so that Alembic need not be loaded for it."""
    config = Config()
    config.set_main_option("script_location", "edge.headquarters.store:migrations")
    script = ScriptDirectory.from_config(config)
    assert tuple(reversed([one.revision for one in script.walk_revisions()])) == migrate.REVISIONS
    assert script.get_current_head() == migrate.NEWEST


def test_a_second_opening_migrates_nothing(database: Address) -> None:
    """And what is held stays."""
    with Store(database) as store:
        store.record_finding("malformed", "car-1", "a", 1, "x", b"y", 1.0)
    with Store(database, make=False) as store:
        assert len(store.findings()) == 1


def test_plans_and_contexts_of_before_go_over_to_the_table_of_signed_documents(database: Address) -> None:
    """Byte for byte, with role, reason and when the broker took them; what it has not taken stays untaken."""
    Store(database).close()
    for table, columns, rows in (
        ("plans", "district, shift, version", [("1", "2026-11-22/night", 2), ("Old Town", "2026-11-23/day", 1)]),
        ("contexts", "number", [(7,), (8,)]),
    ):
        _as_of_before(database, table)
        for row in rows:
            marks = ", ".join("?" * len(row))
            columns_all = f"{columns}, role, reason, digest, body, stored, published"
            published = 5.5 if row in (("1", "2026-11-22/night", 2), (7,)) else None
            rest = ("analyst", "why", "ab" * 32, str(row).encode(), 4.5, published)
            insert = f"INSERT INTO {table} ({columns_all}) VALUES ({marks}, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - ours
            sql(database, insert, *row, *rest)
    sql(database, "DROP TABLE signed")
    before = migrate.REVISIONS[migrate.REVISIONS.index("0004") - 1]
    as_of(database, before)
    with Store(database) as store:
        assert [(plan.district, plan.shift, plan.version, plan.body) for plan in store.plans()] == [
            ("1", "2026-11-22/night", 2, b"('1', '2026-11-22/night', 2)")
        ]
        unpublished = store.last_signed("plan", "2026-11-23/day Old Town")
        assert unpublished is not None
        assert (unpublished.version, unpublished.stored, unpublished.published) == (1, 4.5, None)
        context = store.last_signed("context")
        assert context is not None
        assert (context.version, context.body, context.digest) == (8, b"(8,)", "ab" * 32)
        assert [one.version for one in store.newest_signed("context")] == [7]


def test_the_table_of_vehicles_messages_takes_any_kind_and_keeps_what_it_holds(database: Address) -> None:
    """Until revision 5 it took two; a message that is added needs no revision of its own."""
    Store(database).close()
    octets, instant = ("BLOB", "REAL") if isinstance(database, Path) else ("BYTEA", "DOUBLE PRECISION")
    sql(database, "DROP TABLE documents")
    sql(
        database,
        f"CREATE TABLE documents (unit TEXT NOT NULL, kind TEXT NOT NULL, body {octets} NOT NULL,"
        f" received {instant} NOT NULL, PRIMARY KEY (unit, kind),"
        " CONSTRAINT documents_kind CHECK (kind IN ('status', 'visits')))",
    )
    sql(database, "INSERT INTO documents VALUES (?, ?, ?, ?)", "car-1", "visits", b"x", 4.5)
    as_of(database, "0004")
    with Store(database) as store:
        assert store.document("visits", "car-1") == Document("car-1", b"x", 4.5)
        store.put_document("availability", Document("car-1", b"y", 5.5))
        store.put_document("visits", Document("car-1", b"z", 5.5))
        assert [one.body for one in store.documents("availability")] == [b"y"]
        assert [one.body for one in store.documents("visits")] == [b"z"]


OLD: Final = Path(__file__).with_name("schema_2.sql")
"""A database as commit 8f83bf7 wrote it: two cars' records, statuses, visits, plans, a context, findings."""

TABLES: Final = ("events", "heads", "documents", "plans", "contexts", "findings")


@pytest.fixture(params=[1, 2])
def old(request: pytest.FixtureRequest, file: Path) -> Path:
    """A file of before there were migrations; schema 1 had no contexts."""
    with closing(sqlite3.connect(file)) as raw:
        raw.executescript(OLD.read_text(encoding="utf-8"))
        if request.param == 1:
            raw.executescript("DROP TABLE contexts; PRAGMA user_version=1;")
        raw.execute("PRAGMA journal_mode=WAL")
    return file


def contents(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the old tables."""
    known = {name for (name,) in sql(file, "SELECT name FROM sqlite_schema")}
    return {
        name: sql(file, f"SELECT * FROM {name} ORDER BY 1, 2, 3") if name in known else []  # noqa: S608 - names of above
        for name in TABLES
    }


def test_a_database_of_before_the_migrations_is_brought_up_to_date_in_place(old: Path) -> None:
    """Every row stays as it was, every chain is intact, receiving goes on; software of before leaves the file alone."""
    before = contents(old)
    signed = [("context", "", *row) for row in before.pop("contexts")]
    signed += [("plan", f"{shift} {district}", *rest) for district, shift, *rest in before.pop("plans")]
    with Store(old, make=False) as store:
        assert {name: rows for name, rows in contents(old).items() if name in before} == before
        assert sql(old, "SELECT * FROM signed ORDER BY kind, slot, version") == signed
        assert [(check.unit, check.records, check.problem) for check in verify_all(store)] == [
            ("car-1", 24, None),
            ("car-2", 24, None),
        ]
        Receiver(store, TOPICS, lambda: 2e9).handle(a_busy_ledger(30, "car-2").messages()[24:])
        assert store.head("car-2", "ledger-a").seq == 30
        assert [plan.version for plan in store.plans()] == [1]
    assert sql(old, "PRAGMA user_version") == [(3,)]
    assert sql(old, "SELECT version_num FROM alembic_version") == [(migrate.NEWEST,)]


def test_a_migrated_database_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    """Whatever it came from: the same columns, by name, type and key. A key of one number is never NULL in SQLite."""
    for path in (old, tmp_path / "new.sqlite"):
        Store(path).close()
    columns = (
        'SELECT t.name, c.name, c.type, max(c."notnull", c.pk > 0), c.pk'
        " FROM sqlite_schema AS t, pragma_table_info(t.name) AS c"
    )
    assert sorted(sql(old, columns)) == sorted(sql(tmp_path / "new.sqlite", columns))


def test_a_migration_that_fails_leaves_the_database_as_it_was(old: Path) -> None:
    """All revisions or none; the next opening does it."""
    tables = "SELECT name FROM sqlite_schema ORDER BY 1"
    before = contents(old), sql(old, "PRAGMA user_version"), sql(old, tables)
    sql(old, "CREATE VIEW receivers AS SELECT 1")
    with pytest.raises(StoreError, match=r"not usable as headquarters' database .*receivers"):
        Store(old)
    sql(old, "DROP VIEW receivers")
    assert (contents(old), sql(old, "PRAGMA user_version"), sql(old, tables)) == before
    Store(old, make=False).close()


def test_processes_that_start_together_migrate_once(file: Path) -> None:
    """Each in its turn, on a new database of each kind."""
    with empty_database(migrated=False) as url:
        for database in (file, url):
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda _: Store(database).close(), range(4)))  # noqa: B023 - used within its turn
            assert sql(database, "SELECT version_num FROM alembic_version") == [(migrate.NEWEST,)]


def test_the_command_brings_a_database_up_to_date(old: Path, tmp_path: Path) -> None:
    """`hq migrate` says which schema it is now; a file that is not there is not made."""
    (tmp_path / "hq.toml").write_text(f'agency = "a"\ndatabase = "{old}"\n', encoding="utf-8")
    done = CliRunner().invoke(hq, ["migrate", "--config", str(tmp_path / "hq.toml")])
    assert done.output == f"{old}: up to date (schema {migrate.NEWEST})\n"
    old.unlink()
    done = CliRunner().invoke(hq, ["migrate", "--config", str(tmp_path / "hq.toml")])
    assert "not found" in str(done.exception)
    assert not old.exists()
