"""``GET /tactics``: the public sheet of the agency's approved tactics, to read and to print. Must not hold a word."""

from datetime import datetime
from typing import Final

from flask import Blueprint, request, url_for

from edge.headquarters.console.context import context
from edge.service.sheets import Around, page
from edge.text.words import ENGLISH, IN, LANGUAGES

blueprint: Final = Blueprint("tactics", __name__)


@blueprint.get("/tactics")
def show() -> str:
    """The list in force, in English or in ``?language=es``."""
    here = context()
    words = IN.get(request.args.get("language", ""), ENGLISH)
    others = tuple((f"language.{one}", f"{request.path}?language={one}") for one in LANGUAGES if one != words.language)
    today = datetime.fromtimestamp(here.now(), here.agency.calendar.zone).date()
    return page("tactics", Around(words, url_for("overview.index"), others), agency=here.agency, today=today)
