"""The touchscreen behind a server: a thread for each stream up to the cap, beside the server's own.

Must not know what the streams carry.
"""

from flask import Flask

from edge.service.web_server import WebServer
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.streams import STREAMS


def serve(app: Flask, host: str, port: int) -> WebServer:
    """A bound server. ``port`` 0 takes a free one. Raises UserError where the address cannot be had."""
    streams = parts_of(app).streams

    def ending() -> bool:
        streams.end_all()
        return len(streams) > 0

    return WebServer(app, host, port, section="touchscreen", streams=STREAMS, ending=ending)
