"""How many seconds of a visit and a stay were by weak GPS; filled when the projections are made anew."""

from typing import Final

from alembic import op

from edge.headquarters.store.columns import seconds

revision: Final = "0007"
down_revision: Final = "0006"


def upgrade() -> None:
    """Add the columns."""
    for table in ("visits", "stays"):
        op.add_column(table, seconds("weak_gps_s"))
