"""Pages to read in a car that stands, and to print: the briefing. Their script goes back once it is driven.

Must not be needed while driving: the screen itself has all of that.
"""

from typing import Final

from flask import Blueprint, url_for

from edge.service.sheets import Around, page
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.refusal import Refusal

reading: Final = Blueprint("reading", __name__)


@reading.get("/briefing")
def briefing() -> str:
    """The briefing of the shift that runs."""
    found = parts_of().screen.briefing()
    if found is None:
        raise Refusal(404, "refused.no_shift")
    return page("briefing", _around(), briefing=found)


def _around() -> Around:
    script = url_for("static", filename="sheets/back.js")
    return Around(back=url_for("pages.screen"), script=script, dark=True)
