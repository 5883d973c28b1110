"""What the screen reads: the snapshot, its stream, and the map. Must not change anything."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from flask import Blueprint, Response

from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.port import Screen
from edge.vehicle.touchscreen.refusal import Refusal
from edge.vehicle.touchscreen.streams import Stream, Streams
from edge.vehicle.view.snapshot import Explanation, Snapshot

api = Blueprint("api", __name__, url_prefix="/api")

HEARTBEAT_S: Final = 1.5
LEAST_GAP_S: Final = 0.2
LOOK_S: Final = 0.25
"""How often a waiting stream looks whether it must end."""


@api.get("/state")
def state() -> Response:
    """The snapshot as JSON."""
    return Response(_json(parts_of().screen.snapshot()), mimetype="application/json")


@api.get("/why/<box>")
def why(box: str) -> Response:
    """Why a box: the forecast's parts, crime type by crime type."""
    try:
        found = parts_of().screen.explanation(box)
    except ValueError:
        found = None
    if found is None:
        raise Refusal(404, "refused.no_forecast")
    return Response(_json(found), mimetype="application/json")


@api.get("/map")
def drawn_map() -> Response:
    """The map in metres of the plane."""
    return Response(parts_of().map.text(), mimetype="application/json")


@api.get("/stream")
def stream() -> Response:
    """The snapshot as a server-sent event: at once, on every change, and as a heartbeat."""
    parts = parts_of()
    return Response(_events(parts.screen, parts.streams), mimetype="text/event-stream")


def _events(screen: Screen, streams: Streams) -> Iterator[str]:
    with streams.one() as one:
        yield "retry: 500\n\n"
        sent = 0
        while not one.ended and sent < streams.longest:
            generation = screen.generation()
            event = f"data: {_json(screen.snapshot())}\n\n"
            sent += len(event)
            yield event
            one.rest(LEAST_GAP_S)
            _await_next(screen, one, generation)


def _await_next(screen: Screen, stream: Stream, generation: int) -> None:
    """Return when there is something new to send, a heartbeat is due, or the stream must end."""
    until = time.monotonic() + HEARTBEAT_S - LEAST_GAP_S
    while not stream.ended and time.monotonic() < until and screen.wait(generation, LOOK_S) == generation:
        pass


def _json(shown: Snapshot | Explanation) -> str:
    return json.dumps(asdict(shown), separators=(",", ":"))
