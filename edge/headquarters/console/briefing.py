"""``GET /briefings/DATE/SHIFT/DISTRICT``: the briefing of a published plan, as its cars show it, to read and to print.

Headquarters makes no forecast here: how often something happens stands where the plan's reasons say it. Must not show
a plan that was not published.
"""

from datetime import datetime
from typing import Final

from flask import Blueprint, abort, request, url_for

from edge.contract.bundle import read_manifest
from edge.contract.context import ContextDoc
from edge.contract.messages import Signed
from edge.contract.signed_documents import read_body
from edge.contract.signed_kinds import CONTEXT
from edge.domain.visits import SEVEN_DAYS_S, VisitBook
from edge.headquarters.console.context import context
from edge.headquarters.publish.counted import counted_visits
from edge.headquarters.publish.plan import plan_of
from edge.headquarters.store import Store
from edge.plans.briefing import Sources, briefing_of
from edge.service.sheets import Around, page
from edge.text.words import ENGLISH, IN, LANGUAGES

blueprint: Final = Blueprint("briefing", __name__)

MOST: Final = 12
"""Plans listed on the first page."""


@blueprint.get("/briefings/<date>/<name>/<district>")
def show(date: str, name: str, district: str) -> str:
    """The briefing of the newest version of a plan. 404 where none was published."""
    here, shift = context(), f"{date}/{name}"
    try:
        of_day = here.agency.calendar.shift(shift)
    except ValueError:
        abort(404, "The agency has no such shift.")
    with Store(here.database, make=False) as store, store.snapshot():
        stored = max(
            (one for one in store.plans(shift) if one.district == district),
            key=lambda one: one.version,
            default=None,
        )
        if stored is None:
            abort(404, "No plan was published for this shift and district.")
        now = here.now()
        visits = counted_visits(here.agency, store, now - SEVEN_DAYS_S, now, now)
        doc = _context(store)
    sources = Sources(
        agency=here.agency,
        manifest=read_manifest(here.agency.map_path.parent),
        layers=here.layers,
        shift=of_day,
        district=district,
        utc=now,
        plan=plan_of(stored),
        visits=VisitBook().merge(visits),
        context=doc,
    )
    words = IN.get(request.args.get("language", ""), ENGLISH)
    others = tuple((f"language.{one}", f"{request.path}?language={one}") for one in LANGUAGES if one != words.language)
    return page("briefing", Around(words, url_for("overview.index"), others), briefing=briefing_of(sources))


def _context(store: Store) -> ContextDoc | None:
    last = store.last_signed(CONTEXT.name)
    return None if last is None else read_body(CONTEXT, Signed.model_validate_json(last.body))


def links(store: Store, today: datetime) -> list[tuple[str, str]]:
    """The plans published for today and later, the next one first: words and address of each briefing."""
    found = []
    for stored in store.newest_signed("plan", since=f"{today:%Y-%m-%d}")[:MOST]:
        shift, _, district = stored.slot.partition(" ")
        date, _, name = shift.partition("/")
        words = f"{date} · {name} · {district}"
        found.append((words, url_for("briefing.show", date=date, name=name, district=district)))
    return found
