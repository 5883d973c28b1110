"""``GET /healthz``: whether the screen is served and a snapshot can be made. Must not judge the patrol."""

from flask import Blueprint, Response, jsonify

from edge.vehicle.touchscreen.parts import parts_of

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """Which vehicle answers, its mode, the records on its disk, and the open streams."""
    parts = parts_of()
    snapshot = parts.screen.snapshot()
    return jsonify(
        ok=True, unit=snapshot.unit, mode=snapshot.mode, recorded=snapshot.recorded, streams=len(parts.streams)
    )
