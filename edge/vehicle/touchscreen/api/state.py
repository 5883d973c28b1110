"""What the screen reads: the snapshot, its stream, and the map. Must not change anything."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from flask import Blueprint, Response

from edge.text.coded import CodedError
from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.port import Screen
from edge.vehicle.touchscreen.rate import Rate
from edge.vehicle.touchscreen.refusal import Refusal
from edge.vehicle.touchscreen.streams import Stream, Streams
from edge.vehicle.view.snapshot import Explanation, Snapshot

api = Blueprint("api", __name__, url_prefix="/api")

HEARTBEAT_S: Final = 1.5
BURST: Final = 5
EACH_S: Final = 0.2
"""A stream brings a change at once; only after so many in a row those that follow wait, to be one event each 0.2 s."""

LOOK_S: Final = 0.25
"""How often a waiting stream looks whether it must end."""


@api.get("/state")
def state() -> Response:
    """The snapshot as JSON."""
    return Response(_json(parts_of().screen.snapshot()), mimetype="application/json")


@api.get("/why/<box>")
def why(box: str) -> Response:
    """Why a box: the plan's reason, the forecast's parts, crime type by crime type, and whether it may be changed."""
    found = parts_of().explanation(box)
    if found is None:
        raise Refusal(404, "not_now.outside")
    return Response(_json(found), mimetype="application/json")


@api.get("/own-record")
def own_record() -> Response:
    """The shift of who is signed in: for a standing car, and where a roster is, for a PIN of late."""
    screen = parts_of().screen
    if screen.snapshot().driving == "driving":
        raise Refusal(409, "not_now.driving")
    try:
        found = screen.own_records()
    except CodedError as error:
        raise Refusal(409, error.why.code) from error
    return Response(json.dumps([asdict(one) for one in found]), mimetype="application/json")


@api.get("/map")
def drawn_map() -> Response:
    """The map in metres of the plane."""
    return Response(parts_of().map.text(), mimetype="application/json")


@api.get("/stream")
def stream() -> Response:
    """The snapshot as a server-sent event: at once, on every change, and as a heartbeat; its id is the release."""
    parts = parts_of()
    return Response(_events(parts.screen, parts.streams, parts.release), mimetype="text/event-stream")


def _events(screen: Screen, streams: Streams, release: str) -> Iterator[str]:
    with streams.one() as one:
        yield f"retry: 500\nid: {release}\n\n"  # of every event that follows
        sent, pace = 0, Rate(burst=BURST, each_s=EACH_S)
        while not one.ended and sent < streams.longest:
            generation = screen.generation()
            event = f"data: {_json(screen.snapshot())}\n\n"
            sent += len(event)
            pace.take()
            yield event
            _await_next(screen, one, generation)
            one.rest(pace.wait_s())


def _await_next(screen: Screen, stream: Stream, generation: int) -> None:
    """Return when there is something new to send, a heartbeat is due, or the stream must end."""
    until = time.monotonic() + HEARTBEAT_S
    while not stream.ended and time.monotonic() < until and screen.wait(generation, LOOK_S) == generation:
        pass


def _json(shown: Snapshot | Explanation) -> str:
    return json.dumps(asdict(shown), separators=(",", ":"))
