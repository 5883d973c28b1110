"""Who may tap: a tap must bring back the page's token, and may come from no other page.

Trusted hosts are Flask's own affair (TRUSTED_HOSTS). Must not keep a session or a cookie: there is nothing to steal.
"""

import hmac
from typing import Final

from flask import Response, request
from werkzeug.exceptions import Forbidden

from edge.vehicle.touchscreen.parts import parts_of

TOKEN_HEADER: Final = "X-Roundsman-Token"  # noqa: S105 - the header's name
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " object-src 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def check_tap() -> None:
    """Refuse a request that would change something and is not the screen's own. Raises Forbidden."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        raise Forbidden("This tap came from another page and was refused.")
    token = request.headers.get(TOKEN_HEADER, "")
    if not hmac.compare_digest(token.encode(), parts_of().token.encode()):
        raise Forbidden("This tap came without the screen's token; reload the screen.")


def add_headers(response: Response) -> Response:
    """What every answer says to a browser; state is never kept."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "no-cache" if request.endpoint == "static" else "no-store"
    return response
