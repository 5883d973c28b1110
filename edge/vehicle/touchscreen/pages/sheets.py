"""Pages to read in a car that stands, and to print: the briefing, the car's status, help.

Their script goes back once the car is driven. Must not be needed while driving: the screen itself has all of that.
"""

from typing import Final

from flask import Blueprint, url_for

from edge.service.sheets import Around, page
from edge.text.words import IN, Notice
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.view.help import help_of

reading: Final = Blueprint("reading", __name__)
PAGES: Final = (("briefing", "briefing"), ("status", "status"), ("help", "help_sheet"))
"""Each page's name, and its view's."""


@reading.get("/briefing")
def briefing() -> tuple[str, int]:
    """The briefing of the shift that runs; while it is not known which one that is, a page that says so."""
    found = parts_of().screen.briefing()
    if found is None:
        return page("message", _around(), notice=Notice("refused.no_shift")), 404
    return page("briefing", _around(), briefing=found), 200


@reading.get("/status")
def status() -> str:
    """How each part of the car stands, and what to do."""
    screen = parts_of().screen
    return page("status", _around(), unit=screen.snapshot().unit, lines=screen.status())


@reading.get("/help")
def help_sheet() -> str:
    """What the screen says, on one sheet."""
    return page("help", _around(), help=help_of(parts_of().screen.agency.policy.metering))


def _around() -> Around:
    script = url_for("static", filename="sheets/back.js")
    links = tuple((f"sheet.{name}", url_for(f"reading.{at}")) for name, at in PAGES)
    display = parts_of().screen.snapshot().display
    dark = display.theme == "night"
    back = url_for("pages.screen")
    return Around(IN[display.language], back, links, script, dark, diagonal=parts_of().diagonal)
