"""The display's part of the daemon: looks once a second, sets the backlight, and remembers what the officer chose.

What it shows is in each snapshot. Must not decide how the screen is to be: that is `edge.vehicle.display.look`.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol

from edge.text.words import Notice, os_error
from edge.vehicle.display.backlight import Backlight
from edge.vehicle.display.look import Choices, Look, Moment, look_of, shade_of
from edge.vehicle.display.seen import Seen
from edge.vehicle.display.sun import altitude
from edge.vehicle.view.choices import CHOICES, may_be
from edge.vehicle.view.snapshot import DisplayView

LOOK_S: Final = 1.0
DOCUMENT: Final = "display"


class Settings(Protocol):
    """Where choices outlive a restart; `edge.vehicle.store.documents.Documents` does it."""

    def get(self, name: str) -> dict[str, Any] | None:
        """A document, None where there is none of that name."""

    def put(self, name: str, body: dict[str, Any]) -> None:
        """Store a document. Raises OSError where the disk does not take it."""


class Display:
    """``see``: a look at the car; ``changed``: wakes whoever shows it; ``language``: until one is chosen.

    Every method may be called from any thread.
    """

    def __init__(
        self,
        see: Callable[[], Seen],
        mono: Callable[[], float],
        backlight: Backlight,
        settings: Settings,
        changed: Callable[[], None],
        language: str = "en",
    ) -> None:
        self._see = see
        self._mono = mono
        self._backlight = backlight
        self._settings = settings
        self._changed = changed
        self._lock = threading.Lock()
        self._choices = _stored(settings, language)
        self._unsaved: Notice | None = None
        self._stirred = mono()
        self._news: tuple[object, ...] | None = None
        self.view = DisplayView()

    def run(self, stop: threading.Event) -> None:
        """Look until ``stop``; then leave the backlight on, for whoever looks at what is left."""
        while not stop.is_set():
            self.look()
            stop.wait(LOOK_S)
        self.touch()

    def touch(self) -> None:
        """Somebody has touched the screen: it is on."""
        with self._lock:
            self._stirred = self._mono()
        self.look()

    def choose(self, name: str, value: Any) -> None:
        """Obey a choice, one of `CHOICES`, from now on; where the disk does not take it, until a restart."""
        with self._lock:
            self._choices = replace(self._choices, **{name: value})
            try:
                self._settings.put(DOCUMENT, {one: getattr(self._choices, one) for one in CHOICES})
                self._unsaved = None
            except OSError as error:
                self._unsaved = Notice("display.not_saved", {"why": os_error(error)}, "warning")
        self.touch()

    def notices(self) -> tuple[Notice, ...]:
        """What is the matter."""
        return tuple(one for one in (self._backlight.trouble, self._unsaved) if one is not None)

    def look(self) -> None:
        """Set everything as it must be now."""
        with self._lock:
            seen, mono = self._see(), self._mono()
            self._heed(seen, mono)
            sun = None if seen.utc is None else altitude(seen.lat, seen.lon, seen.utc)
            look = look_of(Moment(sun, mono - self._stirred, seen.moving, seen.visiting), self._choices)
            self._backlight.show(look.level, mono)
            view = self._view_of(look)
            news, self.view = view != self.view, view
        if news:
            self._changed()

    def _heed(self, seen: Seen, mono: float) -> None:
        """A car that moves, and whatever is news, is as good as a touch."""
        if seen.moving or seen.news not in (None, self._news):
            self._stirred = mono
        self._news = self._news if seen.news is None else seen.news

    def _view_of(self, look: Look) -> DisplayView:
        shade = round(shade_of(look, backlit=self._backlight.works), 3)
        own = self._choices
        return DisplayView(
            look.theme, look.power, shade, own.theme, own.brightness, own.muted, look.volume, own.language
        )


def _stored(settings: Settings, language: str) -> Choices:
    """What was chosen before; what is none of `CHOICES`, by newer software perhaps, is as usual."""
    found = settings.get(DOCUMENT) or {}
    kept: dict[str, Any] = {name: found.get(name) for name in CHOICES}
    chosen = {name: value for name, value in kept.items() if may_be(name, value)}
    return Choices(**{"language": language, **chosen})
