"""Serves an application by waitress, so that slow clients keep nobody waiting, and ends within a second or two.

Must not know what the application does.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from flask import Flask
from waitress import create_server, wasyncore  # type: ignore[import-untyped]

from edge.service.connections import MOST, Connections
from edge.service.listening import listen
from edge.service.tcp import NAME_S

THREADS: Final = 8
"""For all answers but streams."""

_LOOP_S: Final = 0.5
_FAREWELL_S: Final = 0.5
_LARGEST_REQUEST: Final = 65_536
_LARGEST_HEAD: Final = 16_384
_NO_FILE: Final = 1 << 30  # bytes: what is buffered for a client stays in memory, and never this much


class WebServer:
    """A bound server: `run` serves until it is asked to stop; `wake` has it look at once."""

    def __init__(
        self,
        app: Flask,
        host: str,
        port: int,
        *,
        section: str,
        streams: int = 0,
        forwarded: bool = False,
        ending: Callable[[], bool] | None = None,
        name_s: float = NAME_S,
    ) -> None:
        """Bind; a host's name is looked up within ``name_s``. ``port`` 0 takes a free one.

        ``section``: of the configuration, for the sentence of a UserError.

        ``streams``: answers without an end that may be open; each has a thread beside those for everything else.
        ``forwarded``: what a proxy says of who asks reaches the application, which decides whether to believe it.
        ``ending`` is called at the end until it says that nothing more is under way, for half a second.
        """
        listening = listen(host, port, f"{section}.host, {section}.port", name_s=name_s)
        self.port: int = listening.getsockname()[1]
        self._ending = ending
        self._waking = threading.Lock()
        self._closed = False
        self._map: dict[int, Any] = {}
        self._waitress = create_server(
            app,
            map=self._map,
            sockets=[listening],
            threads=streams + THREADS,
            channel_request_lookahead=1,  # a client that leaves is noticed while it is being served
            max_request_body_size=_LARGEST_REQUEST,
            max_request_header_size=_LARGEST_HEAD,
            connection_limit=2 * MOST,
            outbuf_overflow=_NO_FILE,
            log_socket_errors=False,
            ident=None,
            clear_untrusted_proxy_headers=not forwarded,
        )
        self._connections = Connections(self._waitress.active_channels)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line a request, where many come at once

    def run(self, stop: threading.Event) -> None:
        """Serve until ``stop``; then end what is under way, close every connection and join every thread."""
        try:
            while not stop.is_set():
                self._turn(_LOOP_S)
                self._connections.sweep(time.monotonic())
        finally:
            self._close()

    def wake(self) -> None:
        """Have `run` look whether it must stop; from any thread, and after its end."""
        with self._waking:
            if not self._closed:  # else the descriptor that wakes it may be another file's by now
                self._waitress.pull_trigger()

    def _turn(self, timeout_s: float) -> None:
        wasyncore.loop(timeout=timeout_s, use_poll=True, map=self._map, count=1)

    def _close(self) -> None:
        until = time.monotonic() + _FAREWELL_S
        while self._ending is not None and self._ending() and time.monotonic() < until:
            self._turn(0.02)
        for channel in list(self._waitress.active_channels.values()):
            channel.handle_close()
        self._waitress.task_dispatcher.shutdown(timeout=_FAREWELL_S)
        with self._waking:
            self._closed = True
            wasyncore.close_all(self._map)
