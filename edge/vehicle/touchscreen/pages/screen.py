"""The one page of the screen, and its words. Must not show state: that comes by the API."""

import json
from typing import Any

from flask import Blueprint, Response, render_template

from edge.domain.taps import TAPS
from edge.domain.taps.tactics import UNDO_S
from edge.text.words import CATALOGUE, Notice, say
from edge.vehicle.touchscreen.parts import parts_of

pages = Blueprint("pages", __name__)


@pages.get("/")
def screen() -> str:
    """The officer's screen, with the token its taps bring back."""
    parts = parts_of()
    agency = parts.screen.agency
    zone = agency.calendar.zone.key
    return render_template(
        "screen/screen.html",
        token=parts.token,
        agency=agency.name,
        zone=zone,
        undo_s=UNDO_S,
        diagonal=parts.diagonal,
        theme=parts.screen.snapshot().display.theme,
        catalogue=CATALOGUE,
        text=_text,
        buttons=[_button(key, str(words)) for key, words in CATALOGUE["sheet_button"].items()],
    )


def _text(code: str, **values: Any) -> str:
    """A sentence of the catalogue, for the template."""
    return say(Notice(code, values))


def _button(key: str, words: str) -> dict[str, str]:
    """A button of the sheet: ``tap``, or ``tap:value`` where the tap's form has a field."""
    tap, _, value = key.partition(":")
    return {"tap": tap, "field": "".join(TAPS[tap].form()), "value": value, "words": words}


@pages.get("/catalogue.js")
def catalogue() -> Response:
    """The catalogue of English as a module, for the page's own scripts."""
    return Response(f"export const CATALOGUE = {json.dumps(CATALOGUE)};\n", mimetype="text/javascript")
