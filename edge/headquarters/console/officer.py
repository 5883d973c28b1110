"""``/officers/ID`` and ``/account/record``: one officer's visits of the last weeks, and who looked at them.

Whoever looks at somebody else's is in the audit log before the page is drawn (`access.logged`), and so is seen by the
officer. Must not show where an officer was but by boxes, nor another officer's part of a visit.
"""

from typing import Final

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from edge.domain.events import instant
from edge.headquarters.console.access.logged import VIEWED
from edge.headquarters.console.context import context
from edge.headquarters.console.table import Cell, Head, Line, PageTable
from edge.headquarters.console.wording import Wording
from edge.headquarters.projections.rows import VisitRow
from edge.headquarters.store import AuditRow, Store

blueprint: Final = Blueprint("officer", __name__)

DAYS: Final = 28
MOST_VIEWS: Final = 200
VISITS: Final = (*map(Head, ("Time", "Vehicle", "Box")), Head("Minutes", "num"), Head("Counted"))
VIEWS: Final = tuple(map(Head, ("Time", "Account", "Role")))


@blueprint.get("/officers/<officer>")
def show(officer: str) -> str:
    """The record of an officer, for whoever may see it."""
    return _page(officer)


@blueprint.get("/account/record")
def own() -> ResponseReturnValue:
    """The record of whoever asks."""
    officer = context().viewer().officer
    if officer is None:
        abort(404, "Your account has no officer id. An administrator can set it.")
    return _page(officer)


def _page(officer: str) -> str:
    here = context()
    say = Wording(here.agency)
    with Store(here.database, make=False) as store, store.snapshot():
        visits = store.officer_visits(officer, here.now() - DAYS * 86_400)
        views = store.latest_audit(MOST_VIEWS, action=VIEWED, subject=officer)
    lines = tuple(_visit(one, officer, say) for one in sorted(visits, key=lambda one: -one.opened))
    return render_template(
        "officer.html",
        officer=officer,
        days=DAYS,
        visits=PageTable((VISITS,), lines) if lines else None,
        views=PageTable((VIEWS,), tuple(_view(one, say) for one in views), css="narrow") if views else None,
    )


def _visit(visit: VisitRow, officer: str, say: Wording) -> Line:
    seconds = sum(seconds for one, seconds in visit.officers if one == officer)
    cells = (
        Cell(say.moment(instant(visit.opened))),
        Cell(visit.unit),
        Cell(say.box(visit.box)),
        Cell(say.minutes(seconds), "num"),
        Cell("yes" if visit.counted else "no"),
    )
    return Line(cells)


def _view(row: AuditRow, say: Wording) -> Line:
    return Line((Cell(say.posix(row.time)), Cell(row.account), Cell(row.role)))
