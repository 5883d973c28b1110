"""Gunfire as it is reported: the last context again with the shots in it, signed, handed on to the cars.

Must not judge whether a shot was one: the source does, and it is named in the context's reason.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeAlias

from edge.headquarters.publish.context import sign_context, with_gunfire
from edge.headquarters.publish.document import publish
from edge.headquarters.publish.handed_on import Desk

ReportGunfire: TypeAlias = Callable[[float, float, datetime, str, str], int]
"""Latitude, longitude (degrees WGS 84), when, role, who reports: the number of the new context. Raises UserError."""


def reporter(desk: Desk | None) -> ReportGunfire | None:
    """None where the configuration names no key for contexts."""
    if desk is None:
        return None

    def report(lat: float, lon: float, at: datetime, role: str, source: str) -> int:
        with desk.store() as store:
            made = partial(with_gunfire, store, desk.agency, lat, lon, at)  # made upon what is stored then
            stored = sign_context(made, desk.agency, desk.key, store, role, f"gunfire reported by {source}")
            return publish(stored, desk.agency, store, desk.client).version

    return report
