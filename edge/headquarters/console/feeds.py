"""``POST /feeds/…``: what other systems report, by a machine's key. Must neither show a page nor tell a vehicle."""

from typing import Any, Final

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import JsonValue

from edge.headquarters.console.context import context
from edge.headquarters.feeds.unit_statuses import take
from edge.headquarters.store import Store

blueprint: Final = Blueprint("feeds", __name__)

MOST: Final = 500
"""Reports of one request."""


@blueprint.post("/feeds/unit-status")
def unit_status() -> ResponseReturnValue:
    """One report or a list, each an object with the fields of the mapping; what each came to, in order.

    An ignored status comes to None. 404 where no dispatch system is configured, 400 for what is no list of objects.
    """
    here = context()
    if here.dispatch is None:
        abort(404, "No dispatch system is configured: [dispatch] in hq.toml.")
    read = [here.dispatch.read(row, here.agency.calendar.zone) for row in _objects(request.get_json(silent=True))]
    with Store(here.database, make=False) as store:
        taken = iter(take(store, [one for one in read if one is not None], here.now()))
    return jsonify(outcomes=[None if one is None else next(taken) for one in read])


def _objects(given: JsonValue) -> list[dict[str, Any]]:
    rows = given if isinstance(given, list) else [given]
    if len(rows) > MOST or not all(isinstance(row, dict) for row in rows):
        abort(400, f"Send a JSON object, or a list of at most {MOST} objects.")
    return [row for row in rows if isinstance(row, dict)]
