"""What the doors for units have in common: they ask for a unit's certificate, and send files by ranges.

Must not decide what a unit may have.
"""

from pathlib import Path
from typing import TypeVar

from flask import Blueprint, Response, g, request, send_file
from pydantic import BaseModel, ValidationError

from edge.service.tls_server import CLIENT
from provisioning.exchange import Refusal
from provisioning.fleet.folder import Fleet
from provisioning.fleet.members import unit_of

ReportT = TypeVar("ReportT", bound=BaseModel)


def doors_for_units(name: str, fleet: Fleet) -> Blueprint:
    """Doors for who shows a valid certificate of a unit of the fleet; its name is ``g.unit`` then."""
    doors = Blueprint(name, __name__)

    @doors.before_request
    def only_units() -> Response | None:
        shown = request.environ.get(CLIENT)
        g.unit = None if shown is None else unit_of(fleet, shown)
        return None if g.unit is not None else refused("a valid certificate of a unit is needed", 403)

    return doors


def read_report(model: type[ReportT]) -> ReportT | None:
    """What a unit says; None where it is no such report."""
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError:
        return None


def sent(path: Path | None, what: str) -> Response:
    """A file, or the range of it that was asked for; a refusal where there is none. ``what``: it is a file of."""
    if path is None or not path.is_file():
        return refused(f"no such file of a {what}", 404)
    return send_file(path.resolve(), mimetype="application/octet-stream", conditional=True, etag=False)


def refused(why: str, status: int) -> Response:
    """A sentence that the unit shows."""
    return Response(Refusal(error=why).model_dump_json() + "\n", status, mimetype="application/json")
