"""What officers say: visits of their own choice, pauses that were over before, and remarks on boxes.

Filled when the projections are made anew.
"""

from typing import Final

from alembic import op
from sqlalchemy import Index, MetaData

from edge.headquarters.store.columns import instant, table, text, whole

revision: Final = "0008"
down_revision: Final = "0007"


def upgrade() -> None:
    """Add the columns, and make the table."""
    op.add_column("visits", text("tasked", nullable=True))
    op.add_column("spans", instant("tapped", nullable=True))
    made = MetaData()
    remarks = table(
        "box_remarks",
        *(text("unit", key=True), text("ledger", key=True), whole("seq", key=True)),
        *(text("shift", nullable=True), instant("time"), text("day"), text("box"), text("kind"), text("remark")),
        into=made,
    )
    Index("box_remarks_of_shift", remarks.c.shift, remarks.c.time)
    Index("box_remarks_of_day", remarks.c.day)
    made.create_all(op.get_bind())
