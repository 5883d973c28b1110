"""The basemap that the configuration names: looked over before it is shown, and whenever another file is there.

It is only drawn: a file that is missing, cut off, damaged or of another place is not shown, the status says so, and the
screen draws its own map. Must not be needed for any decision.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from edge.domain.grid import Grid
from edge.service.aside import Aside
from edge.text.words import Notice, os_error
from edge.vehicle.basemap.pmtiles import DamagedError, Header, look_over
from edge.vehicle.view.snapshot import BasemapView

LOOK_S: Final = 10.0
"""How often is looked whether another file is there."""

PATIENCE_S: Final = 120.0
"""A look over a large file on a slow card takes some seconds."""

_LAYER: Final = "road"
"""One that every file of `roundsman agency basemap` has."""


@dataclass(frozen=True, slots=True)
class Basemap:
    """A file, the grid of the agency that it is to show, and whether software is there that draws it."""

    path: Path
    grid: Grid
    drawn: bool

    def look(self) -> BasemapView:
        """Whether the file may be shown: its version, else why not."""
        try:
            with self.path.open("rb") as file:
                found = os.fstat(file.fileno())
                header, metadata = look_over(file, found.st_size)
        except FileNotFoundError:
            return self.refused("missing")
        except DamagedError:
            return self.refused("damaged")
        except OSError as error:
            return self.refused("unreadable", error=os_error(error))
        if not _is_ours(metadata):
            return self.refused("foreign")
        if not _covers(header, self.grid):
            return self.refused("elsewhere")
        return BasemapView(_version(found)) if self.drawn else self.refused("no_software")

    def opened(self, version: str) -> BinaryIO | None:
        """The file, where it is still of a version that was looked over."""
        try:
            file = self.path.open("rb")
        except OSError:
            return None
        if _version(os.fstat(file.fileno())) == version:
            return file
        file.close()
        return None

    def identity(self) -> str:
        """Which file is there now: another text for another one."""
        try:
            return _version(self.path.stat())
        except OSError as error:
            return str(error.errno)

    def refused(self, why: str, **values: Any) -> BasemapView:
        """A file that is not shown, and why."""
        return BasemapView(None, Notice(f"basemap.{why}", {"path": str(self.path), **values}, "warning"))


class WatchedBasemap:
    """A thread's look at the file, again and again. ``news``: called whenever there is something else to say."""

    def __init__(self, basemap: Basemap | None, news: Callable[[], None], patience_s: float = PATIENCE_S) -> None:
        self._basemap = basemap
        self._news = news
        self._patience_s = patience_s
        self._looked: tuple[str, BasemapView] = "", BasemapView()
        self.view = BasemapView()

    def run(self, stop: threading.Event) -> None:
        """Look until ``stop``; a medium that hangs is left to itself."""
        calls = Aside[BasemapView](lambda _late: None, "basemap")
        while self._basemap is not None and not stop.is_set():
            try:
                view = calls.call(self._look, stop, self._patience_s)
            except TimeoutError:
                view = self._basemap.refused("hangs")
            if view is not None and view != self.view:
                self.view = view
                self._news()
            stop.wait(LOOK_S)
        stop.wait()

    def _look(self) -> BasemapView:
        """The view of the file that is there now, as it was where it is the same one."""
        assert self._basemap is not None  # noqa: S101 - else nobody looks
        here = self._basemap.identity()
        if here != self._looked[0]:
            self._looked = here, self._basemap.look()
        return self._looked[1]

    def opened(self, version: str) -> BinaryIO | None:
        """The file of a version that was looked over and may be shown."""
        if self._basemap is None or version != self.view.version:
            return None
        return self._basemap.opened(version)


def _version(found: os.stat_result) -> str:
    return f"{found.st_ino:x}-{found.st_size:x}-{found.st_mtime_ns:x}"


def _is_ours(metadata: dict[str, Any]) -> bool:
    layers = metadata.get("vector_layers")
    return isinstance(layers, list) and any(isinstance(one, dict) and one.get("id") == _LAYER for one in layers)


def _covers(header: Header, grid: Grid) -> bool:
    """Whether the middle of the agency is on the map."""
    west, south, east, north = header.bounds
    return west <= grid.lon0 <= east and south <= grid.lat0 <= north
