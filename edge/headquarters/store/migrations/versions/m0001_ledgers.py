"""The tables of before there were migrations: ledgers, documents, plans, contexts, findings.

A SQLite file of that time has them (``user_version`` 1: without contexts) and keeps what it holds.
"""

from typing import Final

from alembic import op
from sqlalchemy import CheckConstraint, Index, MetaData, UniqueConstraint

from edge.headquarters.store.columns import instant, octets, table, text, whole
from edge.headquarters.store.sqlite import MIGRATED

revision: Final = "0001"
down_revision: Final = None


def upgrade() -> None:
    """Make what is not there."""
    made = MetaData()
    events = table(
        "events",
        *(text("unit", key=True), text("ledger", key=True), whole("seq", key=True)),
        *(text("id"), text("type"), text("shift", nullable=True), instant("time")),
        *(octets("body"), octets("hash"), instant("received"), UniqueConstraint("id")),
        into=made,
    )
    Index("events_of_shift", events.c.shift, events.c.unit)
    Index("events_of_time", events.c.unit, events.c.time)
    table(
        "heads",
        *(text("unit", key=True), text("ledger", key=True), whole("seq"), octets("hash")),
        whole("duplicates", default=0),
        into=made,
    )
    table(
        "documents",
        *(text("unit", key=True), text("kind", key=True), octets("body"), instant("received")),
        CheckConstraint("kind IN ('status', 'visits')", name="documents_kind"),
        into=made,
    )
    signed = ("role", "reason", "digest")
    table(
        "plans",
        *(text("district", key=True), text("shift", key=True), whole("version", key=True)),
        *(*map(text, signed), octets("body"), instant("stored"), instant("published", nullable=True)),
        into=made,
    )
    table(
        "contexts",
        *(whole("number", key=True), *map(text, signed), octets("body"), instant("stored")),
        instant("published", nullable=True),
        into=made,
    )
    table(
        "findings",
        *(text("kind", key=True), text("unit", key=True), text("ledger", key=True), whole("seq", key=True)),
        *(text("detail"), octets("body"), whole("times"), instant("first"), instant("last")),
        into=made,
    )
    made.create_all(op.get_bind(), checkfirst=True)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"PRAGMA user_version={MIGRATED}")
