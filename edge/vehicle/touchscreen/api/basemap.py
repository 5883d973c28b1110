"""``GET /basemap/{version}.pmtiles``: the basemap's file by ranges of bytes, as a reader of PMTiles asks for it.

It is sent from the file, never held in whole. Must not look into it: the vehicle has, before it names a version.
"""

import os
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.touchscreen.refusal import Refusal

basemap: Final = Blueprint("basemap", __name__)


@basemap.get("/basemap/<version>.pmtiles")
def tiles(version: str) -> Response:
    """200, 206 or 304; 404 where the file of that version is there no more, 416 beyond its end. Raises Refusal."""
    file = parts_of().basemap(version)
    if file is None:
        raise Refusal(404, "refused.no_basemap")
    size = os.fstat(file.fileno()).st_size
    response = Response(wrap_file(request.environ, file), mimetype="application/vnd.pmtiles", direct_passthrough=True)
    response.content_length = size
    response.set_etag(version)
    response.call_on_close(file.close)
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    return response
