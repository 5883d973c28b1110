"""Accounts of the pages, their sessions, failed logins, keys of machines, and the audit log."""

from typing import Final

from alembic import op
from sqlalchemy import Index, MetaData, UniqueConstraint

from edge.contract.records import GENESIS
from edge.headquarters.store.columns import instant, octets, table, text, whole

revision: Final = "0010"
down_revision: Final = "0009"


def upgrade() -> None:
    """Make the tables; the audit log's head stands at its beginning."""
    made = MetaData()
    table(
        "accounts",
        *(text("name", key=True), text("role"), text("password")),
        *(instant("code_until", nullable=True), whole("disabled", default=0), text("officer", nullable=True)),
        instant("made"),
        into=made,
    )
    sessions = table(
        "sessions",
        *(text("key", key=True), text("account"), instant("began"), instant("seen")),
        *(text("address"), text("agent")),
        into=made,
    )
    Index("sessions_of_account", sessions.c.account)
    table("web_secrets", text("name", key=True), octets("secret"), into=made)
    table(
        "login_tries",
        *(text("of", key=True), text("name", key=True)),
        *(whole("wrong"), instant("since"), instant("until", nullable=True)),
        into=made,
    )
    table(
        "machine_keys",
        *(text("name", key=True), text("key"), text("scopes")),
        *(instant("made"), instant("expires"), instant("revoked", nullable=True)),
        UniqueConstraint("key"),
        into=made,
    )
    audit = table(
        "audit",
        *(whole("seq", key=True), instant("time"), text("account"), text("action"), text("subject")),
        *(octets("body"), octets("hash")),
        into=made,
    )
    Index("audit_of_account", audit.c.account, audit.c.seq)
    Index("audit_of_subject", audit.c.subject, audit.c.seq)
    head = table("audit_head", whole("one", key=True), whole("seq"), octets("hash"), into=made)
    made.create_all(op.get_bind())
    op.bulk_insert(head, [{"one": 1, "seq": 0, "hash": GENESIS}])
