"""The touchscreen behind a server: a thread for each stream up to the cap, and eight for everything else.

Must not know what the streams carry.
"""

from typing import Final

from flask import Flask

from edge.service.web_server import WebServer
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.streams import STREAMS

SPARE_THREADS: Final = 8


def serve(app: Flask, host: str, port: int) -> WebServer:
    """A bound server. ``port`` 0 takes a free one. Raises UserError where the address cannot be had."""
    streams = parts_of(app).streams

    def ending() -> bool:
        streams.end_all()
        return len(streams) > 0

    return WebServer(app, host, port, keys="touchscreen", threads=STREAMS + SPARE_THREADS, ending=ending)
