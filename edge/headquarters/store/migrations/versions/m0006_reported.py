"""How far each ledger was reported: of a database of before, what the latest status of each vehicle says."""

import json
from contextlib import suppress
from typing import Final

from alembic import op
from sqlalchemy import MetaData
from sqlalchemy import text as sql

from edge.headquarters.store.columns import instant, table, text, whole

revision: Final = "0006"
down_revision: Final = "0005"


def upgrade() -> None:
    """Make the table, and fill it."""
    made = MetaData()
    new = table(
        "reported",
        *(text("unit", key=True), text("ledger", key=True)),
        *(whole("recorded"), instant("first"), instant("last")),
        into=made,
    )
    made.create_all(op.get_bind(), checkfirst=False)
    rows = []
    for unit, body, received in op.get_bind().execute(
        sql("SELECT unit, body, received FROM documents WHERE kind = 'status'")
    ):
        with suppress(ValueError, KeyError, TypeError):  # a status of other software says nothing here
            status = json.loads(bytes(body))
            ledger, recorded = str(status["ledger"]), int(status["recorded"])
            rows.append({"unit": unit, "ledger": ledger, "recorded": recorded, "first": received, "last": received})
    if rows:
        op.bulk_insert(new, rows)
