"""A bound server that serves in a thread of its own, for as long as a test needs it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from edge.service.web_server import WebServer


@contextmanager
def serving(server: WebServer) -> Iterator[int]:
    """Serve; gives the port."""
    stop = threading.Event()
    thread = threading.Thread(target=server.run, args=[stop], name="web")
    thread.start()
    try:
        yield server.port
    finally:
        stop.set()
        server.wake()
        thread.join(60.0)
        assert not thread.is_alive()
