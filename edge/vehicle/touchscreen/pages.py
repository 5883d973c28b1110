"""The one page of the screen. Must not show state: that comes by the API."""

from flask import Blueprint, render_template

from edge.domain.patrol import UNDO_S
from edge.vehicle.touchscreen.parts import parts_of

pages = Blueprint("pages", __name__)


@pages.get("/")
def screen() -> str:
    """The officer's screen, with the token its taps bring back."""
    parts = parts_of()
    agency = parts.screen.agency
    zone = agency.calendar.zone.key
    return render_template("screen.html", token=parts.token, agency=agency.name, zone=zone, undo_s=UNDO_S)
