"""Who may ask, and who may tap: no other page may do either, and a tap must bring back the page's token.

Trusted hosts and headers are `edge.service.hardening`'s. Must not keep a session or a cookie: nothing is to be stolen.
"""

import hmac
from http import HTTPStatus
from typing import Final

from flask import Response, request

from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.refusal import Refusal

TOKEN_HEADER: Final = "X-Roundsman-Token"  # noqa: S105 - the header's name
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
FOREIGN_SITES: Final = ("cross-site", "same-site")
"""What a browser says of a request by another host, or another port of this one. A link may lead here all the same."""


def check_request() -> None:
    """Refuse what another page asks for, and a tap without the screen's token. Raises Refusal."""
    if not request.environ.get("REQUEST_URI", "/").startswith("/"):
        raise Refusal(400, "refused.proxy")
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    foreign = site in FOREIGN_SITES and request.headers.get("Sec-Fetch-Mode") != "navigate"
    if foreign or (origin is not None and origin != request.host_url.rstrip("/")):
        raise Refusal(403, "refused.other_page")
    if request.method in SAFE_METHODS:
        return
    token = request.headers.get(TOKEN_HEADER, "")
    if not hmac.compare_digest(token.encode(), parts_of().token.encode()):
        raise Refusal(403, "refused.token")


def let_refusal_be_seen(response: Response) -> Response:
    """Another page may know that it was refused, and nothing of what the refusal says.

    By that a kiosk's starting page, which is a file, knows that there is somebody to go to.
    """
    if response.status_code == HTTPStatus.FORBIDDEN:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
