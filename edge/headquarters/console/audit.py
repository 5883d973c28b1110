"""``/audit``: the audit log, newest first, for auditors. Must not change it."""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from edge.headquarters.console.context import context
from edge.headquarters.console.table import Cell, Head, Line, PageTable
from edge.headquarters.console.wording import Wording
from edge.headquarters.store import AuditRow, Store
from edge.text.plain import plain

blueprint: Final = Blueprint("audit", __name__, url_prefix="/audit")

MOST: Final = 200
LONGEST: Final = 120
FILTERS: Final = (("account", "Account"), ("action", "Action begins with"), ("subject", "Of whom or what"))
HEADS: Final = (
    Head("No.", "num"),
    *map(Head, ("Time", "Account", "Role", "Action", "Of whom or what", "Detail", "Address")),
)


@blueprint.get("")
def show() -> str:
    """The newest entries of a filter; ``before``: a number, for the page after."""
    here = context()
    say = Wording(here.agency)
    asked = {name: request.args.get(name, "").strip() for name, _ in FILTERS}
    before = request.args.get("before", type=int)
    before = before if before is not None and 0 < before < 2**63 else None
    with Store(here.database, make=False) as store:
        rows = store.latest_audit(MOST, before=before, **asked)
    older = f"{request.path}?{urlencode({**asked, 'before': rows[-1].seq})}" if len(rows) == MOST else None
    return render_template(
        "audit.html",
        filters=[(name, title, asked[name]) for name, title in FILTERS],
        table=PageTable((HEADS,), tuple(_line(row, say) for row in rows)) if rows else None,
        older=older,
    )


def _line(row: AuditRow, say: Wording) -> Line:
    texts = (row.account or "(command)", row.role, row.action, row.subject, row.detail, row.address)
    first = (Cell(str(row.seq), "num"), Cell(say.posix(row.time)))
    return Line((*first, *(Cell(plain(text, LONGEST)) for text in texts)))
