"""A bench behind the real server, on a free port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.touchscreen.port import Screen
from edge.vehicle.touchscreen.server import serve

HOST = "127.0.0.1"


@contextmanager
def served(screen: Screen, port: int = 0) -> Iterator[int]:
    """Serve a screen; gives the port."""
    server = serve(create_app(screen, trusted_hosts=[HOST]), HOST, port)
    stop = threading.Event()
    thread = threading.Thread(target=server.run, args=[stop], name="touchscreen")
    thread.start()
    try:
        yield server.port
    finally:
        stop.set()
        server.wake()
        thread.join(5.0)
        assert not thread.is_alive()
