"""The one page of the screen, and its words. Must not show state: that comes by the API."""

import json

from flask import Blueprint, Response, render_template

from edge.domain.taps import TAPS
from edge.domain.taps.tactics import UNDO_S
from edge.text.words import IN
from edge.vehicle.touchscreen.parts import parts_of

pages = Blueprint("pages", __name__)


@pages.get("/")
def screen() -> str:
    """The officer's screen, with the token its taps bring back."""
    parts = parts_of()
    agency = parts.screen.agency
    zone = agency.calendar.zone.key
    display = parts.screen.snapshot().display
    words = IN[display.language]
    return render_template(
        "screen/screen.html",
        token=parts.token,
        agency=agency.name,
        zone=zone,
        undo_s=UNDO_S,
        diagonal=parts.diagonal,
        release=parts.release,
        theme=display.theme,
        language=display.language,
        catalogue=words.catalogue,
        text=words.text,
        buttons=[_button(key, str(label)) for key, label in words.catalogue["sheet_button"].items()],
    )


def _button(key: str, words: str) -> dict[str, str]:
    """A button of the sheet: ``tap``, or ``tap:value`` where the tap's form has a field."""
    tap, _, value = key.partition(":")
    return {"tap": tap, "field": "".join(TAPS[tap].form()), "value": value, "words": words}


@pages.get("/catalogue.js")
def catalogue() -> Response:
    """The catalogue in the screen's language as a module, for the page's own scripts."""
    words = IN[parts_of().screen.snapshot().display.language]
    made = {"LANGUAGE": words.language, "CATALOGUE": words.catalogue}
    text = "".join(f"export const {name} = {json.dumps(value)};\n" for name, value in made.items())
    return Response(text, mimetype="text/javascript")
