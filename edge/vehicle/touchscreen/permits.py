"""Who may ask for what: a row for each route, as data, which the guard goes by. What has no row is refused.

A tap's row stands at its class (`edge.domain.taps`): who may, and whether while the car is driven. Must not decide
whether a tap is possible now: that is the tap's own rule.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from flask import request

from edge.domain.roles import EVERYBODY, SIGNED_IN, Who
from edge.domain.taps import TAPS
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.refusal import Refusal

PERMITS: Final[Mapping[str, frozenset[Who]]] = {
    "GET /": EVERYBODY,
    "GET /static/<path:filename>": EVERYBODY,
    "GET /screen.css": EVERYBODY,
    "GET /catalogue.js": EVERYBODY,
    "GET /api/state": EVERYBODY,
    "GET /api/stream": EVERYBODY,
    "GET /api/map": EVERYBODY,
    "GET /basemap/<version>.pmtiles": EVERYBODY,
    "GET /api/own-record": SIGNED_IN,
    "GET /api/why/<box>": EVERYBODY,
    "GET /briefing": EVERYBODY,
    "GET /status": EVERYBODY,
    "GET /help": EVERYBODY,
    "GET /sheets/<path:filename>": EVERYBODY,
    "GET /healthz": EVERYBODY,
    "GET /readyz": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "POST /api/display/touch": EVERYBODY,
    "POST /api/display/<name>": EVERYBODY,
    **{f"POST /api/taps/{name}": tap.WHO for name, tap in TAPS.items()},
}
"""By method and route: the roles that may ask for it, *nobody* among them where nobody need be signed in."""


def permit_name(method: str, rule: str, name: str | None) -> str:
    """The row of a request: a tap is named by its own name."""
    return f"{method} {rule.replace('<name>', name) if name is not None and rule.endswith('taps/<name>') else rule}"


def check_permit() -> None:
    """Refuse who may not. Raises Refusal."""
    rule, method = request.url_rule, "GET" if request.method == "HEAD" else request.method
    if rule is None or method == "OPTIONS":
        return
    name = (request.view_args or {}).get("name")
    if "taps" in rule.rule and name is not None and name not in TAPS:
        return  # the view has a sentence for it
    allowed, who = PERMITS.get(permit_name(method, rule.rule, name)), parts_of().screen.who()
    if allowed is None:
        raise Refusal(HTTPStatus.FORBIDDEN, "refused.no_permit")
    if who in allowed:
        return
    if who == "nobody":
        raise Refusal(HTTPStatus.CONFLICT, "not_now.signed_out")
    raise Refusal(HTTPStatus.FORBIDDEN, "refused.role", roles=sorted(allowed))
