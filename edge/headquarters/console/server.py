"""Serves the pages by waitress, and ends when told to. Must not know what the application does."""

import socket
import threading
from typing import Any, Final

from flask import Flask
from waitress import create_server, wasyncore  # type: ignore[import-untyped]

from edge.errors import UserError

THREADS: Final = 8
_LOOP_S: Final = 0.5
_FAREWELL_S: Final = 2.0
_LARGEST_REQUEST: Final = 4096


class Server:
    """A bound server: `run` serves until `stop`, which any thread may call."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        """Bind. Raises UserError where the address cannot be had."""
        try:
            listening = socket.create_server((host, port))
        except (OSError, TypeError) as error:  # the second: a host that no name server can be asked for
            why = str(getattr(error, "strerror", None) or error).partition(" (while")[0]
            msg = f"web.host, web.port: cannot listen on {host}:{port} ({why}); choose another"
            raise UserError(msg) from error
        self._stopping = threading.Event()
        self._map: dict[int, Any] = {}
        self._waitress = create_server(
            app,
            map=self._map,
            sockets=[listening],
            threads=THREADS,
            max_request_body_size=_LARGEST_REQUEST,
            ident=None,
        )

    def run(self) -> None:
        """Serve until stopped; then end what is under way and close every connection."""
        try:
            while not self._stopping.is_set():
                wasyncore.loop(timeout=_LOOP_S, use_poll=True, map=self._map, count=1)
        finally:
            self._waitress.task_dispatcher.shutdown(timeout=_FAREWELL_S)
            wasyncore.close_all(self._map)

    def stop(self) -> None:
        """Have `run` return."""
        self._stopping.set()
        self._waitress.pull_trigger()
