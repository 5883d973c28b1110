"""Who may ask, and who may tap: no other page may do either, and a tap must bring back the page's token.

Trusted hosts are Flask's own affair (TRUSTED_HOSTS). Must not keep a session or a cookie: there is nothing to steal.
"""

import hmac
from typing import Final

from flask import Response, request
from werkzeug.exceptions import BadRequest, Forbidden

from edge.vehicle.touchscreen.parts import parts_of

TOKEN_HEADER: Final = "X-Roundsman-Token"  # noqa: S105 - the header's name
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
FOREIGN_SITES: Final = ("cross-site", "same-site")
"""What a browser says of a request by another host, or another port of this one. A link may lead here all the same."""
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " object-src 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def check_request() -> None:
    """Refuse what another page asks for, and a tap without the screen's token. Raises BadRequest or Forbidden."""
    if not request.environ.get("REQUEST_URI", "/").startswith("/"):
        raise BadRequest("This is no proxy; ask for a path.")
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    foreign = site in FOREIGN_SITES and request.headers.get("Sec-Fetch-Mode") != "navigate"
    if foreign or (origin is not None and origin != request.host_url.rstrip("/")):
        raise Forbidden("This came from another page and was refused.")
    if request.method in SAFE_METHODS:
        return
    token = request.headers.get(TOKEN_HEADER, "")
    if not hmac.compare_digest(token.encode(), parts_of().token.encode()):
        raise Forbidden("This tap came without the screen's token; reload the screen.")


def add_headers(response: Response) -> Response:
    """What every answer says to a browser; state is never kept."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "no-cache" if request.endpoint == "static" else "no-store"
    return response
