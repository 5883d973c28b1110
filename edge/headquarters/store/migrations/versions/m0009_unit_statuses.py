"""What dispatch reports of units."""

from typing import Final

from alembic import op
from sqlalchemy import MetaData

from edge.headquarters.store.columns import instant, table, text, whole

revision: Final = "0009"
down_revision: Final = "0008"


def upgrade() -> None:
    """Make the tables."""
    tables = MetaData()
    table("unit_statuses", text("unit", key=True), whole("busy"), instant("since"), instant("heard"), into=tables)
    table("dispatch_reports", text("day", key=True), text("outcome", key=True), whole("times"), into=tables)
    tables.create_all(op.get_bind())
