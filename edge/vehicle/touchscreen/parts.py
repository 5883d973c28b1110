"""What every view of the touchscreen shares, kept with the Flask application. Must not hold anything that changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from flask import Flask, current_app

from edge.vehicle.touchscreen.map_view import MapView
from edge.vehicle.touchscreen.port import Screen
from edge.vehicle.touchscreen.rate import Rate
from edge.vehicle.touchscreen.streams import Streams
from edge.vehicle.view.snapshot import Explanation

_KEY: Final = "roundsman-touchscreen"


@dataclass(frozen=True, slots=True)
class Parts:
    """The vehicle, the token that a tap must bring back, the map, the open streams, and how often one may tap.

    ``diagonal``: the panel's, inches; ``release``: the digest of the files that a page is made of; ``basemap``: opens
    the basemap's file of a version, None where there is none of that version.
    """

    screen: Screen
    token: str
    map: MapView
    streams: Streams
    diagonal: float
    release: str
    basemap: Callable[[str], BinaryIO | None]
    rate: Rate = field(default_factory=Rate)

    def explanation(self, box: str) -> Explanation | None:
        """Why a box; None where the text names none of the agency's."""
        try:
            return self.screen.explanation(box)
        except ValueError:
            return None


def keep(app: Flask, parts: Parts) -> None:
    """Put the parts where the views find them."""
    app.extensions[_KEY] = parts


def parts_of(app: Flask = current_app) -> Parts:
    """The parts of an application; without one, of the application that serves this request."""
    parts = app.extensions[_KEY]
    assert isinstance(parts, Parts)  # noqa: S101 - create_app has put it there
    return parts
