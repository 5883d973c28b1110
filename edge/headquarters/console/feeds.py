"""``POST /feeds/…``: what other systems report, by a machine's key. Must neither show a page nor tell a vehicle."""

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import AwareDatetime, BaseModel, Field, JsonValue, ValidationError

from edge.errors import UserError
from edge.headquarters.console.context import context
from edge.headquarters.feeds.unit_statuses import take
from edge.headquarters.store import Store, StoreError
from edge.text.mistakes import explain
from edge.text.strictness import SENT

blueprint: Final = Blueprint("feeds", __name__)

MOST: Final = 500
"""Reports of one request."""


class Shots(BaseModel):
    """Gunfire, as a sensor or a dispatcher reports it; what else they send is not read."""

    model_config = SENT
    lat: float = Field(ge=-90.0, le=90.0)
    lon: float = Field(ge=-180.0, le=180.0)
    at: AwareDatetime | None = None


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


@blueprint.post("/feeds/gunfire")
def gunfire() -> ResponseReturnValue:
    """Shots heard at ``lat``, ``lon`` (degrees WGS 84), ``at`` an instant (ISO 8601 with its offset; none: now).

    The number of the context that the cars are sent. 400 with a sentence where it cannot be, 404 where headquarters has
    no key for contexts.
    """
    here, given = context(), request.get_json(silent=True)
    if here.report_gunfire is None:
        abort(404, "Headquarters has no key for contexts: keys.context in hq.toml.")
    if not isinstance(given, dict):
        abort(400, "Send a JSON object with lat and lon.")
    try:
        shots, viewer = Shots.model_validate(given), here.viewer()
        at = shots.at or datetime.fromtimestamp(int(here.now()), UTC)
        number = here.report_gunfire(shots.lat, shots.lon, at.astimezone(UTC), viewer.role, viewer.account)
    except ValidationError as error:
        abort(400, explain(error))
    except StoreError:
        raise
    except UserError as error:
        abort(400, str(error))
    return jsonify(context=number)


def _objects(given: JsonValue) -> list[dict[str, Any]]:
    rows = given if isinstance(given, list) else [given]
    if len(rows) > MOST or not all(isinstance(row, dict) for row in rows):
        abort(400, f"Send a JSON object, or a list of at most {MOST} objects.")
    return [row for row in rows if isinstance(row, dict)]
