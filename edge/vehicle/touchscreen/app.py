"""The application factory of the touchscreen. Must not start a thread or open a socket; `server` does."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, Final

from flask import Flask
from werkzeug.exceptions import HTTPException

from edge.errors import UserError
from edge.service.hardening import harden
from edge.service.sheets import sheets
from edge.text.coded import why_of
from edge.text.words import Notice
from edge.vehicle.touchscreen.api.basemap import basemap
from edge.vehicle.touchscreen.api.display import display
from edge.vehicle.touchscreen.api.health import health
from edge.vehicle.touchscreen.api.metrics import metrics
from edge.vehicle.touchscreen.api.sign_in import sign_in
from edge.vehicle.touchscreen.api.state import api
from edge.vehicle.touchscreen.api.taps import taps
from edge.vehicle.touchscreen.guard import check_request, let_refusal_be_seen
from edge.vehicle.touchscreen.map_view import MapView
from edge.vehicle.touchscreen.pages.screen import pages
from edge.vehicle.touchscreen.pages.sheets import reading
from edge.vehicle.touchscreen.parts import Parts, keep
from edge.vehicle.touchscreen.permits import check_permit
from edge.vehicle.touchscreen.port import Screen
from edge.vehicle.touchscreen.refusal import answer, of_http
from edge.vehicle.touchscreen.release import release
from edge.vehicle.touchscreen.streams import Streams

LARGEST_BODY: Final = 4096
DIAGONAL_IN: Final = 7.0


def no_basemap(_version: str) -> None:
    """A car that has no basemap."""


def create_app(
    screen: Screen,
    *,
    trusted_hosts: Sequence[str],
    diagonal: float = DIAGONAL_IN,
    streams: Streams | None = None,
    opened: Callable[[str], BinaryIO | None] = no_basemap,
) -> Flask:
    """The screen of a vehicle. ``trusted_hosts``: the host names it answers to (without a port).

    ``diagonal``: the panel's, inches: by it the page knows how large a finger is. ``opened``: the basemap's file of a
    version (`Snapshot.basemap`).
    """
    app = Flask(__name__)
    app.after_request(let_refusal_be_seen)  # before the common headers, for it is called after them
    harden(app, trusted_hosts=trusted_hosts, largest_body=LARGEST_BODY)
    kept = Streams() if streams is None else streams  # one without a stream yet is false, too
    keep(app, Parts(screen, secrets.token_urlsafe(32), MapView(screen.agency), kept, diagonal, release(), opened))
    app.before_request(check_request)
    app.before_request(check_permit)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(UserError, _broken)
    for blueprint in (pages, reading, sheets, api, taps, sign_in, display, basemap, health, metrics):
        app.register_blueprint(blueprint)
    return app


def _broken(error: UserError) -> tuple[dict[str, Any], int]:
    """A file of the vehicle is broken; the notice names it."""
    return answer(Notice("refused.broken", {"why": why_of(error)}, "fault"), 500)
