"""``GET /healthz``: the screen is served and a snapshot can be made; ``/readyz``: and visits would be recorded.

Must not judge the patrol.
"""

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.view.status import ready

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """Which vehicle answers, its mode, the records on its disk, the open streams, and the bundle in force."""
    parts = parts_of()
    snapshot = parts.screen.snapshot()
    return jsonify(
        ok=True,
        unit=snapshot.unit,
        mode=snapshot.mode,
        recorded=snapshot.recorded,
        streams=len(parts.streams),
        bundle=parts.screen.agency.hash,
    )


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 where a visit would be recorded; 503 with the notices that say why not."""
    lacking = ready(parts_of().screen.snapshot())
    return jsonify(ready=not lacking, lacking=[asdict(one) for one in lacking]), 503 if lacking else 200
