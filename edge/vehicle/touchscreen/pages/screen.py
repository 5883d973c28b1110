"""The one page of the screen, and its words. Must not show state: that comes by the API."""

import json
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, render_template, url_for

from edge.domain.taps import TAPS
from edge.domain.taps.tactics import UNDO_S
from edge.service.sheets import sheets
from edge.text.words import IN
from edge.vehicle.touchscreen.parts import parts_of

pages = Blueprint("pages", __name__)

SHARED: Final = Path(str(sheets.static_folder))
STATIC: Final = Path(__file__).parents[1] / "static" / "screen"
MODULES: Final = sorted(path.name for path in STATIC.glob("*.js"))
STYLES: Final = (
    "theme", "controls", "sheets", "panels", "why", "about", "driving", "display", "portrait", "officers", "screen",
)  # fmt: skip
"""In this order: the later one prevails."""


@pages.get("/")
def screen() -> str:
    """The officer's screen, with the token its taps bring back."""
    parts = parts_of()
    agency = parts.screen.agency
    zone = agency.calendar.zone.key
    snapshot = parts.screen.snapshot()
    display = snapshot.display
    words = IN[display.language]
    return render_template(
        "screen/screen.html",
        token=parts.token,
        agency=agency.name,
        zone=zone,
        undo_s=UNDO_S,
        diagonal=parts.diagonal,
        release=parts.release,
        basemap=snapshot.basemap.version,
        modules=_modules(drawn=snapshot.basemap.version is not None),
        theme=display.theme,
        language=display.language,
        catalogue=words.catalogue,
        text=words.text,
        buttons=[_button(key, str(label)) for key, label in words.catalogue["sheet_button"].items()],
    )


def _modules(*, drawn: bool) -> list[str]:
    """Every module of the page, so that the browser asks for all at once, not for each when another has named it."""
    own = [url_for("static", filename=f"screen/{name}") for name in MODULES]
    vendored = [url_for("static", filename="vendor/basemap.js")] if drawn else []
    return [url_for("pages.catalogue"), *own, *vendored]


def _button(key: str, words: str) -> dict[str, str]:
    """A button of the sheet: ``tap``, or ``tap:value`` where the tap's form has a field."""
    tap, _, value = key.partition(":")
    return {"tap": tap, "field": "".join(TAPS[tap].form()), "value": value, "words": words}


@pages.get("/screen.css")
def style() -> Response:
    """Every style of the page as one sheet: nothing is painted before the last of them is there."""
    files = SHARED / "crime_types.css", *(STATIC / f"{name}.css" for name in STYLES)
    return Response("".join(file.read_text("utf-8") for file in files), mimetype="text/css")


@pages.get("/catalogue.js")
def catalogue() -> Response:
    """The catalogue in the screen's language as a module, for the page's own scripts."""
    words = IN[parts_of().screen.snapshot().display.language]
    made = {"LANGUAGE": words.language, "CATALOGUE": words.catalogue}
    text = "".join(f"export const {name} = {json.dumps(value)};\n" for name, value in made.items())
    return Response(text, mimetype="text/javascript")
