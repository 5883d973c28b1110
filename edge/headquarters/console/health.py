"""``GET /healthz``: for a monitor. Must not say anything of vehicles or places."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from edge.headquarters.console.context import context

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 where everything works; 503 with what does not."""
    troubles = dict(context().troubles())
    return jsonify(ok=not troubles, troubles=troubles), 503 if troubles else 200
