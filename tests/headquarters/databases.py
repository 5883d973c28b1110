"""What a test does to a database behind headquarters' back, on SQLite and PostgreSQL alike."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg

from edge.headquarters.address import Address

Value = bytes | str | int | float | None


def sql(database: Address, statement: str, *values: Value) -> list[tuple[Any, ...]]:
    """One statement over a connection of its own, committed; its rows. Values stand as ``?``."""
    if isinstance(database, Path):
        with closing(sqlite3.connect(database, isolation_level=None)) as raw:
            return raw.execute(statement, values).fetchall()
    where = database.secret.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(where, autocommit=True) as raw:
        done = raw.execute(statement.replace("?", "%s").encode(), values)
        return done.fetchall() if done.description else []


MADE_BY: Final = {
    "0006": ("reported",),
    "0008": ("box_remarks",),
    "0009": ("unit_statuses", "dispatch_reports"),
    "0010": ("accounts", "sessions", "web_secrets", "login_tries", "machine_keys", "audit", "audit_head"),
    "0011": ("drafts", "draft_edits"),
}
"""The tables that revisions after 5 made."""

ADDED_BY: Final = {
    "0007": (("visits", "weak_gps_s"), ("stays", "weak_gps_s")),
    "0008": (("visits", "tasked"), ("spans", "tapped")),
}
"""The columns that revisions after 5 added."""


def as_of(database: Address, revision: str) -> None:
    """The database as of a revision, but for the tables that the revision itself had otherwise."""
    for later, tables in MADE_BY.items():
        for table in tables if later > revision else ():
            sql(database, f"DROP TABLE {table}")
    for later, columns in ADDED_BY.items():
        for table, column in columns if later > revision else ():
            sql(database, f"ALTER TABLE {table} DROP COLUMN {column}")
    sql(database, "UPDATE alembic_version SET version_num = ?", revision)


def refuse_events(database: Address, why: str = "no room", when: str = "true") -> None:
    """From now on the database takes no record, or none for which ``when`` (of ``NEW``) holds."""
    if isinstance(database, Path):
        sql(
            database,
            f"CREATE TRIGGER refuse BEFORE INSERT ON events WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END",
        )
        return
    body = f"BEGIN IF {when} THEN RAISE EXCEPTION '{why}'; END IF; RETURN NEW; END"
    sql(
        database, f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS '{body.replace(chr(39), chr(39) * 2)}'"
    )
    sql(database, "CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refuse()")


def accept_events(database: Address) -> None:
    """The end of `refuse_events`."""
    sql(database, "DROP TRIGGER refuse" + ("" if isinstance(database, Path) else " ON events"))
