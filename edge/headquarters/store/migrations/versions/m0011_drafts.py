"""Drafts of plans, and what analysts changed in them."""

from typing import Final

from alembic import op
from sqlalchemy import MetaData

from edge.headquarters.store.columns import instant, octets, table, text, whole

revision: Final = "0011"
down_revision: Final = "0010"


def upgrade() -> None:
    """Make the tables."""
    tables = MetaData()
    own = ("shift", "area")
    table(
        "drafts",
        *(text(name, key=True) for name in own),
        *(whole("edition"), text("plan"), octets("record"), instant("made")),
        into=tables,
    )
    table(
        "draft_edits",
        *(text(name, key=True) for name in own),
        whole("edition", key=True),
        *(text(name) for name in ("action", "box", "given", "account", "role", "reason")),
        *(instant("made"), instant("expires", nullable=True)),
        into=tables,
    )
    tables.create_all(op.get_bind())
