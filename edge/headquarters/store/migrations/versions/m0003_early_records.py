"""Receivers side by side: records that came early, and which receivers are at work."""

from typing import Final

from alembic import op
from sqlalchemy import MetaData

from edge.headquarters.store.columns import instant, octets, table, text, whole

revision: Final = "0003"
down_revision: Final = "0002"


def upgrade() -> None:
    """Make the tables."""
    made = MetaData()
    table(
        "early_records",
        *(text("unit", key=True), text("ledger", key=True), whole("seq", key=True)),
        *(octets("body"), octets("hash"), instant("received")),
        into=made,
    )
    table("receivers", text("name", key=True), text("process"), instant("seen"), into=made)
    made.create_all(op.get_bind(), checkfirst=False)
