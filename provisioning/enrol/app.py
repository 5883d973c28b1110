"""The service's doors, as HTTP. Every answer is JSON; every refusal a sentence that the unit shows.

Must not decide who gets a certificate.
"""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from flask import Flask, Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from edge.errors import UserError
from edge.service.hardening import harden
from edge.text.mistakes import explain_of_peer
from provisioning.enrol.bundles import bundle_doors
from provisioning.enrol.desk import Desk
from provisioning.enrol.limit import Refusals, source_of
from provisioning.enrol.requests import RefusedError
from provisioning.enrol.software import software_doors
from provisioning.exchange import ENROL, LARGEST, RENEW, EnrolRequest, Issued, Refusal, RenewRequest
from provisioning.fleet.folder import Fleet

BUSY: Final = "the enrolment service cannot answer now; the unit tries again later"
_log: Final = logging.getLogger(__name__)

RequestT = TypeVar("RequestT", bound=BaseModel)


def create_app(
    desk: Desk, hosts: Sequence[str], now: Callable[[], float] = time.monotonic, offers: Fleet | None = None
) -> Flask:
    """The application. ``hosts``: the names it may be asked for by.

    ``offers``: the fleet whose releases and bundles its units are offered.
    """
    app = Flask(__name__, static_folder=None)
    harden(app, trusted_hosts=hosts, largest_body=LARGEST)
    refusals = Refusals()
    if offers is not None:
        app.register_blueprint(software_doors(offers))
        app.register_blueprint(bundle_doors(offers))

    def answered(model: type[RequestT], decide: Callable[[RequestT, str], Issued]) -> Response:
        source = source_of(request.remote_addr or "")
        if (wait := refusals.wait_s(source, now())) > 0.0:
            return _later(wait)
        try:
            return _json(decide(_read(model), source), 200)
        except RefusedError as error:
            refusals.note(source, now())
            _log.info("refused: %s: %s", source, error)
            return _json(Refusal(error=str(error)), error.status)

    @app.post(ENROL)
    def enrol() -> Response:
        return answered(EnrolRequest, desk.enrol)

    @app.post(RENEW)
    def renew() -> Response:
        return answered(RenewRequest, desk.renew)

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("OK\n", mimetype="text/plain")

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return _json(Refusal(error=error.name), error.code or 500)

    @app.errorhandler(UserError)
    def busy(error: UserError) -> Response:
        _log.error("%s", error)
        return _json(Refusal(error=BUSY), 503)

    return app


def _read(model: type[RequestT]) -> RequestT:
    """What was asked. Raises RefusedError where it is no such request."""
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as error:
        raise RefusedError(f"malformed request: {explain_of_peer(error, model)}"[:400], 400) from error


def _later(wait_s: float) -> Response:
    refusal = Refusal(error=f"refused too often; try again in {wait_s / 60.0:.0f} min")
    response = _json(refusal, 429)
    response.headers["Retry-After"] = str(int(wait_s) + 1)
    return response


def _json(answer: BaseModel, status: int) -> Response:
    return Response(answer.model_dump_json() + "\n", status, mimetype="application/json")
