"""``GET /metrics``: how the car's software does, in Prometheus' text format, for a fleet's monitor.

A few lines of text need no library. Must not say where the car is, nor who is in it.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from flask import Blueprint, Response

from edge.vehicle.touchscreen.parts import parts_of
from edge.vehicle.view.snapshot import Snapshot

metrics: Final = Blueprint("metrics", __name__)
FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"
SEVERITIES: Final = ("info", "warning", "fault")


@metrics.get("/metrics")
def page() -> Response:
    """Every figure, each with its help and type."""
    parts = parts_of()
    return Response("\n".join(_lines(parts.screen.snapshot(), len(parts.streams))) + "\n", content_type=FORMAT)


def _lines(snapshot: Snapshot, streams: int) -> Iterator[str]:
    link, gps = snapshot.link, snapshot.gps
    severities = [one.severity for one in snapshot.notices]
    yield from _metric("records_total", "counter", "Records on this disk.", {"": snapshot.recorded})
    yield from _metric("records_waiting", "gauge", "Records that headquarters does not hold yet.", {"": link.queue})
    yield from _metric("link_connected", "gauge", "1 while connected to the broker.", {"": link.state == "connected"})
    yield from _metric("fixes_total", "counter", "Positions accepted.", {"": gps.fixes})
    refused = {_label("reason", reason): count for reason, count in sorted(gps.refused.items())}
    yield from _metric("fixes_refused_total", "counter", "Positions refused, by reason.", refused)
    good = snapshot.position.quality == "good"
    yield from _metric("position_good", "gauge", "1 while the position is good enough to count.", {"": good})
    yield from _metric(
        "plan_in_force", "gauge", "1 while there is a plan for the shift.", {"": snapshot.plan is not None}
    )
    counts = {_label("severity", one): severities.count(one) for one in SEVERITIES}
    yield from _metric("notices", "gauge", "What the screen warns of, by severity.", counts)
    yield from _metric("streams", "gauge", "Open event streams of screens.", {"": streams})


def _metric(name: str, kind: str, words: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP roundsman_{name} {words}"
    yield f"# TYPE roundsman_{name} {kind}"
    yield from (f"roundsman_{name}{labels} {float(value):g}" for labels, value in values.items())


def _label(name: str, value: str) -> str:
    escaped = value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'{{{name}="{escaped}"}}'
