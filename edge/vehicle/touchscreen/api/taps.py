"""What the screen tells: the officer's taps, each checked against the snapshot and posted to the engine.

Which taps there are is `edge.domain.taps`. An answer of 202 means posted; the stream then shows what came of it. Must
not decide what a tap does.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, get_args

from flask import Blueprint, abort, request
from werkzeug.exceptions import BadRequest, Conflict, TooManyRequests

from edge.contract.agency import Agency
from edge.domain.events import PauseReason
from edge.domain.taps import TAPS
from edge.text.words import word
from edge.vehicle.touchscreen.parts import parts_of

taps = Blueprint("taps", __name__, url_prefix="/api/taps")

REASONS: Final = get_args(PauseReason)
_OFFICER: Final = re.compile(r"[A-Za-z0-9-]{1,12}")


@taps.post("/<name>")
def tap(name: str) -> tuple[dict[str, bool], int]:
    """A tap by its name in `TAPS`; a JSON object with the texts of its form, where it has any."""
    parts = parts_of()
    if name not in TAPS:
        abort(404, "There is no such tap.")
    body = {field: _field(field, parts.screen.agency) for field in TAPS[name].form()}
    if why := parts.screen.snapshot().not_now.get(name):
        raise Conflict(word("not_now", why))
    if not parts.rate.take():
        raise TooManyRequests("Too many taps at once. Wait a moment.")
    made: Any = TAPS[name]
    parts.screen.post(partial(made, **body))
    return {"posted": True}, 202


def _field(name: str, agency: Agency) -> str:
    """A text field of the request's JSON object. Raises BadRequest."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # lists in lists, thousands deep
        body = None
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str):
        raise BadRequest(f"This tap needs a JSON object with the text {name!r}.")
    if wrong := FIELDS[name](value, agency):
        raise BadRequest(wrong)
    return value


def _officer(value: str, _agency: Agency) -> str:
    return "" if _OFFICER.fullmatch(value) else "A badge number has 1 to 12 letters, digits or hyphens."


def _reason(value: str, _agency: Agency) -> str:
    return "" if value in REASONS else f"A pause has one of these reasons: {', '.join(REASONS)}."


def _tactic(value: str, agency: Agency) -> str:
    return "" if value in (one.id for one in agency.tactics) else "That is not one of this agency's tactics."


FIELDS: Final[Mapping[str, Callable[[str, Agency], str]]] = {
    "officer": _officer,
    "reason": _reason,
    "tactic": _tactic,
}
"""What is wrong with a field of a tap, in a sentence; empty where nothing is."""
