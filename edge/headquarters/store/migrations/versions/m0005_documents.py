"""The table of vehicles' messages holds any that has a row in `edge.contract.vehicle_messages`; what it holds stays."""

from typing import Final

from alembic import op
from sqlalchemy import MetaData

from edge.headquarters.store.columns import instant, octets, table, text

revision: Final = "0005"
down_revision: Final = "0004"


def upgrade() -> None:
    """Drop the list of kinds; SQLite can do that only with a new table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE documents DROP CONSTRAINT IF EXISTS documents_kind")
        return
    made = MetaData()
    parts = (text("unit", key=True), text("kind", key=True), octets("body"), instant("received"))
    table("documents_of_any_kind", *parts, into=made)
    made.create_all(op.get_bind(), checkfirst=False)
    op.execute("INSERT INTO documents_of_any_kind SELECT unit, kind, body, received FROM documents")
    op.drop_table("documents")
    op.rename_table("documents_of_any_kind", "documents")
