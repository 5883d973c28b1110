"""Serves the touchscreen by waitress, so that open streams never starve the rest, and ends within a second.

Threads: one a stream up to the cap, and eight for everything else. Must not know what the application does.
"""

import socket
import threading
import time
from typing import Any, Final

from flask import Flask
from waitress import create_server, wasyncore  # type: ignore[import-untyped]

from edge.errors import UserError
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.streams import STREAMS

SPARE_THREADS: Final = 8
_LOOP_S: Final = 0.5
_FAREWELL_S: Final = 0.5
_LARGEST_REQUEST: Final = 65_536


class Server:
    """A bound server: `run` serves until it is asked to stop; `wake` has it look at once."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        """Bind. ``port`` 0 takes a free one. Raises UserError where the address cannot be had."""
        try:
            listening = socket.create_server((host, port))
        except OSError as error:
            msg = f"touchscreen: cannot listen on {host}:{port} ({error.strerror}); choose another address or port"
            raise UserError(msg) from error
        self.port: int = listening.getsockname()[1]
        self._streams = parts_of(app).streams
        self._map: dict[int, Any] = {}
        self._waitress = create_server(
            app,
            map=self._map,
            sockets=[listening],
            threads=STREAMS + SPARE_THREADS,
            channel_request_lookahead=1,  # a client that leaves is noticed while its stream is open
            max_request_body_size=_LARGEST_REQUEST,
            ident=None,
        )

    def run(self, stop: threading.Event) -> None:
        """Serve until ``stop``; then end every stream, close every connection and join every thread."""
        try:
            while not stop.is_set():
                self._turn(_LOOP_S)
        finally:
            self._close()

    def wake(self) -> None:
        """Have `run` look whether it must stop; from any thread."""
        self._waitress.pull_trigger()

    def _turn(self, timeout_s: float) -> None:
        wasyncore.loop(timeout=timeout_s, use_poll=True, map=self._map, count=1)

    def _close(self) -> None:
        self._streams.end_all()
        until = time.monotonic() + _FAREWELL_S
        while len(self._streams) and time.monotonic() < until:
            self._turn(0.02)
        for channel in list(self._waitress.active_channels.values()):
            channel.handle_close()
        self._waitress.task_dispatcher.shutdown(timeout=_FAREWELL_S)
        wasyncore.close_all(self._map)
