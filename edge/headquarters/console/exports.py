"""Drafts and published plans as CSV and GeoJSON files, for a spreadsheet or a GIS. Must not compute anything."""

import json
from typing import Final

from flask import Blueprint, Response, abort

from edge.domain.plan import Plan
from edge.errors import UserError
from edge.headquarters.console.context import context
from edge.headquarters.console.layer import COLUMNS, geojson, patrol_rows
from edge.headquarters.drafts.review import look
from edge.headquarters.drafts.words import state_of
from edge.headquarters.publish.plan import plan_of
from edge.headquarters.reports.formats import as_csv
from edge.headquarters.store import Draft, Store, StoreError
from edge.plans.record import PlanRecord

blueprint: Final = Blueprint("exports", __name__)


@blueprint.get("/drafts/<date>/<name>/<district>.<any(csv, geojson):form>")
def draft(date: str, name: str, district: str, form: str) -> Response:
    """A draft as it stands, for those who may read drafts."""
    here, shift = context(), f"{date}/{name}"
    with Store(here.database, make=False) as store:
        if not here.viewer().may("drafts.read") or store.draft(shift, district) is None:
            abort(404, "There is no draft for this shift and district.")
        try:
            seen = look(store, here.agency, shift, district, here.now())
        except StoreError:
            raise
        except UserError as error:
            abort(404, str(error))
    called = f"draft, edition {seen.draft.edition}, {state_of(seen)}"
    return _file(f"draft-{date}-{name}-{district}.{form}", seen.plan, called, seen.draft)


@blueprint.get("/plans/<date>/<name>/<district>.<any(csv, geojson):form>")
def plan(date: str, name: str, district: str, form: str) -> Response:
    """The newest published version of a plan."""
    shift = f"{date}/{name}"
    with Store(context().database, make=False) as store, store.snapshot():
        published = [one for one in store.plans(shift) if one.district == district]
        drawn = store.draft(shift, district)
    if not published:
        abort(404, "No plan was published for this shift and district.")
    newest = max(published, key=lambda one: one.version)
    return _file(f"plan-{date}-{name}-{district}.{form}", plan_of(newest), f"version {newest.version}", drawn)


def _file(named: str, of: Plan, called: str, drawn: Draft | None) -> Response:
    """``drawn``: whose record knows the risk of each box in the shift."""
    agency = context().agency
    record = None if drawn is None else PlanRecord.model_validate_json(drawn.record)
    rows = patrol_rows(of, called, record, agency)
    if named.endswith(".csv"):
        answer = Response(as_csv(COLUMNS, rows), mimetype="text/csv")
    else:
        layer = geojson(rows, [one.cell for one in of.patrols], agency)
        answer = Response(json.dumps(layer, ensure_ascii=False), mimetype="application/geo+json")
    answer.headers.set("Content-Disposition", "attachment", filename=named)
    return answer
