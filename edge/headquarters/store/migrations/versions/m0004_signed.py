"""One table of signed documents of every kind in place of those of plans and contexts; what they hold goes over."""

from typing import Final

from alembic import op
from sqlalchemy import MetaData

from edge.headquarters.store.columns import instant, octets, table, text, whole

revision: Final = "0004"
down_revision: Final = "0003"


def upgrade() -> None:
    """Make the table, and fill it."""
    made = MetaData()
    table(
        "signed",
        *(text("kind", key=True), text("slot", key=True), whole("version", key=True)),
        *(text("role"), text("reason"), text("digest"), octets("body"), instant("stored")),
        instant("published", nullable=True),
        into=made,
    )
    made.create_all(op.get_bind(), checkfirst=False)
    op.execute(
        "INSERT INTO signed (kind, slot, version, role, reason, digest, body, stored, published)"
        " SELECT 'plan', shift || ' ' || district, version, role, reason, digest, body, stored, published FROM plans"
    )
    op.execute(
        "INSERT INTO signed (kind, slot, version, role, reason, digest, body, stored, published)"
        " SELECT 'context', '', number, role, reason, digest, body, stored, published FROM contexts"
    )
    op.drop_table("plans")
    op.drop_table("contexts")
