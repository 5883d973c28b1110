"""What the page tells of its display: that it was touched, and what the officer chose of day, night and brightness.

Must not decide how the page looks: the next snapshot says.
"""

from flask import Blueprint

from edge.vehicle.touchscreen.api.body import body
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.refusal import Refusal
from edge.vehicle.view.choices import CHOICES, may_be

display = Blueprint("display", __name__, url_prefix="/api/display")


@display.post("/touch")
def touch() -> tuple[dict[str, bool], int]:
    """Somebody has touched the page."""
    parts_of().screen.touch()
    return {"posted": True}, 202


@display.post("/<name>")
def choose(name: str) -> tuple[dict[str, bool], int]:
    """A choice by its name: a JSON object with its ``value``."""
    parts = parts_of()
    if name not in CHOICES:
        raise Refusal(404, "refused.unknown_tap")
    value = body().get("value")
    if not may_be(name, value):
        raise Refusal(400, "refused.choice")
    if not parts.rate.take():
        raise Refusal(429, "refused.too_many")
    parts.screen.choose(name, value)
    return {"posted": True}, 202
