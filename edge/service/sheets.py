"""Pages that are read on a screen and printed on one sheet, A4 or Letter: briefing, help, status, tactics.

Car and headquarters show the same; whoever serves one registers `sheets` for the style and calls `page`. All words are
the catalogue's. Must not know where values come from.
"""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from flask import Blueprint
from jinja2 import Environment, PackageLoader, StrictUndefined

from edge.text.words import ENGLISH, Words

sheets: Final = Blueprint("sheets", __name__, static_folder="static/sheets", static_url_path="/sheets")
STYLES: Final = ("sheet.css", "crime_types.css")

_ENV: Final = Environment(
    loader=PackageLoader("edge.service"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a sheet on a screen. ``back``: where its button leads; ``script``: of whoever serves it.

    ``links``: to other sheets, each a code of the catalogue and an address. ``inlined``: the
    style stands in the page, so that it is a file by itself. ``diagonal``: of the car's panel, inches, by which its
    script sizes the text; None elsewhere.
    """

    words: Words = ENGLISH
    back: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    script: str | None = None
    dark: bool = False
    inlined: bool = False
    diagonal: float | None = None


def page(template: str, around: Around, **values: Any) -> str:
    """A sheet as HTML. ``template``: its name below ``templates/``."""
    words = around.words
    style = "".join(map(_text, STYLES)) if around.inlined else None
    return _ENV.get_template(f"{template}.html").render(
        around=around,
        style=style,
        styles=[f"/sheets/{name}" for name in STYLES],
        say=words.say,
        text=words.text,
        word=words.word,
        **values,
    )


def _text(style: str) -> str:
    return files("edge.service").joinpath(f"static/sheets/{style}").read_text("utf-8")
