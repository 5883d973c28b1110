"""``POST /api/taps/sign-in`` and ``sign-in-second``: an id, and a PIN where the car has a roster.

The PIN is verified in this thread. A refusal never says whether the id or the PIN was wrong. Must not keep a PIN.
"""

import re
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Final

from flask import Blueprint

from edge.domain.taps import SignIn, SignInSecond
from edge.text.coded import CodedError
from edge.vehicle.admitted import Admitted
from edge.vehicle.touchscreen.api.body import body
from edge.vehicle.touchscreen.api.taps import post, text_of
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.refusal import Refusal

sign_in = Blueprint("sign-in", __name__, url_prefix="/api/taps")

_PIN: Final = re.compile(r"[0-9]{1,12}")

STATUS: Final = {
    "not_admitted.wrong": HTTPStatus.UNAUTHORIZED,
    "not_admitted.pin_needed": HTTPStatus.UNAUTHORIZED,
    "not_admitted.locked": HTTPStatus.LOCKED,
    "not_admitted.no_roster": HTTPStatus.CONFLICT,
    "not_admitted.busy": HTTPStatus.TOO_MANY_REQUESTS,
}
"""Of each refusal; of any other, 503."""


@sign_in.post("/sign-in")
def first() -> tuple[dict[str, bool], int]:
    """Somebody takes the car, or takes it over."""
    return _post(SignIn)


@sign_in.post("/sign-in-second")
def second() -> tuple[dict[str, bool], int]:
    """Somebody is beside the officer."""
    return _post(SignInSecond)


def _post(tap: type[SignIn] | type[SignInSecond]) -> tuple[dict[str, bool], int]:
    def made() -> Callable[[float], SignIn | SignInSecond]:
        who = admitted()
        return partial(tap, officer=who.officer, role=who.role)

    return post(tap.NAME, made, {})


def admitted() -> Admitted:
    """Who the request's id and PIN are. Raises Refusal."""
    officer = text_of("officer", parts_of().screen.agency)
    pin = body().get("pin")
    if pin is not None and not (isinstance(pin, str) and _PIN.fullmatch(pin)):
        raise Refusal(HTTPStatus.BAD_REQUEST, "refused.pin")
    try:
        return parts_of().screen.admit(officer, pin)
    except CodedError as error:
        status = STATUS.get(error.why.code, HTTPStatus.SERVICE_UNAVAILABLE)
        raise Refusal(status, error.why.code, **error.why.values) from error
