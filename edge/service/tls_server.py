"""Serves an application over TLS: a thread and one request for each connection, all of it within a deadline.

A handshake, a request and its answer together have `DEADLINE_S`, which no trickle renews; whoever has long answers
gives them a time of their own, from the request's head on. Above `MOST` connections a new one is closed at once. For a
few known clients or a small agency's browsers; many have `web_server.py` behind a proxy.
"""

import logging
import socket
import ssl
import threading
import time
from contextlib import suppress
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from flask import Flask

from edge.service.listening import listen

DEADLINE_S: Final = 15.0
CLIENT: Final = "roundsman.client_certificate"
MOST: Final = 64
"""Connections at a time."""

_TURN_S: Final = 0.25
_FAREWELL_S: Final = 2.0
_log: Final = logging.getLogger(__name__)


class TlsServer:
    """A bound server. ``port`` 0 takes a free one; ``section``: of the configuration, for a UserError's sentence.

    ``answer_s``: from a request's head to the end of its answer; 0: within the connection's deadline.
    """

    def __init__(
        self, app: Flask, host: str, port: int, context: ssl.SSLContext, *, section: str, answer_s: float = 0.0
    ) -> None:
        listening = listen(host, port, f"{section}.listen, {section}.port", backlog=MOST)
        self.port: int = listening.getsockname()[1]
        self._server = _Server(listening, context, answer_s)
        self._server.set_app(app)

    def run(self, stop: threading.Event) -> None:
        """Serve until ``stop``; what is under way then has a moment to end."""
        try:
            while not stop.is_set():
                self._server.handle_request()
                self._server.sweep(time.monotonic())
        finally:
            self._server.server_close()
            until = time.monotonic() + _FAREWELL_S
            while self._server.under_way and time.monotonic() < until:
                time.sleep(0.02)
            self._server.sweep(float("inf"))


class _Handler(WSGIRequestHandler):
    """One request; nothing of it is logged here."""

    def get_environ(self) -> dict[str, Any]:
        """As WSGI has it; the scheme is HTTPS; and the client's certificate (DER), where it shows one."""
        self.server.head_is_read(self.request)  # type: ignore[attr-defined]  # our own server
        shown = self.request.getpeercert(binary_form=True)
        return {**super().get_environ(), "HTTPS": "on", CLIENT: shown}

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """The application says what is worth a line."""


class _Server(ThreadingMixIn, WSGIServer):
    """``under_way``: the connections that are open, each with when its time is up (monotonic)."""

    daemon_threads = True
    block_on_close = False
    timeout = _TURN_S

    def __init__(self, listening: socket.socket, context: ssl.SSLContext, answer_s: float) -> None:
        super().__init__(listening.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.server_name, self.server_port = listening.getsockname()[:2]
        self.setup_environ()
        self._context = context
        self._answer_s = answer_s
        self._lock = threading.Lock()
        self.under_way: dict[socket.socket, float] = {}

    def get_request(self) -> tuple[ssl.SSLSocket, Any]:
        """A connection, whose handshake its own thread makes: a silent client must not hold up the others."""
        raw, address = self.socket.accept()
        try:
            raw.settimeout(DEADLINE_S)
            return self._context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False), address
        except (OSError, ValueError):
            raw.close()
            raise

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 - the library's signature
        """Whether there is room for a connection."""
        with self._lock:
            if len(self.under_way) >= MOST:
                return False
            self.under_way[request] = time.monotonic() + DEADLINE_S
        return True

    def finish_request(self, request: Any, client_address: Any) -> None:
        """The handshake, and the one request."""
        request.do_handshake()
        super().finish_request(request, client_address)

    def head_is_read(self, request: Any) -> None:
        """A request has come whole, but for its body; its answer has a time of its own."""
        if self._answer_s:
            with self._lock:
                self.under_way[request] = time.monotonic() + self._answer_s
            request.settimeout(self._answer_s)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        with self._lock:
            self.under_way.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - as above
        """A client that leaves, or speaks no TLS, is no fault of ours and worth no line."""
        _log.debug("%s: not served", client_address, exc_info=True)

    def sweep(self, now: float) -> None:
        """End the connections whose time is up; their threads notice."""
        with self._lock:
            late = [request for request, until in self.under_way.items() if now > until]
        for request in late:
            with suppress(OSError):
                socket.socket.shutdown(request, socket.SHUT_RDWR)  # the plain one: TLS' own would wait for its thread
