"""A bench behind the real server, on a free port."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from edge.vehicle.touchscreen.app import create_app, no_basemap
from edge.vehicle.touchscreen.port import Screen
from edge.vehicle.touchscreen.server import serve
from edge.vehicle.touchscreen.streams import Streams
from tests.service.serving import serving

HOST = "127.0.0.1"


@contextmanager
def served(
    screen: Screen,
    port: int = 0,
    streams: Streams | None = None,
    diagonal: float = 7.0,
    opened: Callable[[str], BinaryIO | None] = no_basemap,
) -> Iterator[int]:
    """Serve a screen; gives the port."""
    app = create_app(screen, trusted_hosts=[HOST], streams=streams, diagonal=diagonal, opened=opened)
    with serving(serve(app, HOST, port)) as number:
        yield number
