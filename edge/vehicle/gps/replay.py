"""A recorded NMEA log as a source, at any pace.

The same parser and gate as live; ``wait_until`` sets the pace (a virtual clock's, or nothing at all for as fast as
the machine goes), so nothing here sleeps. Fixes carry the log's own time as their monotonic time.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from edge.domain.inputs import Fix
from edge.errors import UserError
from edge.vehicle.gps.health import Watch
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.port import Mono, SourceStatus
from edge.vehicle.gps.recording import fixes_of, read_log


class ReplaySource:
    """``wait_until(mono, stop)`` returns when it is time for the fix of that monotonic second, or when asked to stop.

    ``post(fix, stop)`` may wait for room; who joins in the middle of a recording gets no fix of before. ``start`` is
    the monotonic second of the first position. A recording's dates are believed, unless they are before ``floor``
    (UTC s): then a week rollover spoilt them.
    """

    def __init__(
        self,
        path: Path,
        post: Callable[[Fix, threading.Event], None],
        mono: Mono,
        wait_until: Callable[[float, threading.Event], None],
        *,
        start: float = 0.0,
        floor: float = 0.0,
    ) -> None:
        self._path = path
        self._post = post
        self._mono = mono
        self._wait_until = wait_until
        self._start = start
        self._pipeline = Pipeline(floor=floor)
        self._watch = Watch(str(path), mono, self._pipeline.refused)

    def run(self, stop: threading.Event) -> None:
        """Post the recording's fixes, then return; UserError where the file cannot be read."""
        if self._path.exists() and not self._path.is_file():
            msg = f"{self._path}: is not a file; set gps.log to a recorded NMEA log"
            raise UserError(msg)
        self._watch.opened()
        joined = self._mono()
        for fix in fixes_of(self._blocks(stop), self._pipeline, self._start):
            self._wait_until(fix.mono, stop)
            if stop.is_set():
                return
            self._watch.received(kinds=("sentence", "position", "date"), fixes=1)
            if fix.mono >= joined:
                self._post(fix, stop)
        self._watch.ended()

    def _blocks(self, stop: threading.Event) -> Iterator[bytes]:
        """The log, as far as nobody asks to stop: it may be long and without a position."""
        for block in read_log(self._path):
            if stop.is_set():
                return
            yield block

    def status(self) -> SourceStatus:
        """How it stands; from any thread."""
        return self._watch.status()
