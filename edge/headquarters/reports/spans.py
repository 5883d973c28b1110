"""The times of a vehicle's shift that were no patrol: paused, signed out, GPS lost, switched off, not running.

A machine of five states over the records of one vehicle in order; each leaves a span when it ends. Must not know of
visits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from edge.domain.events import (
    Event,
    GpsFound,
    GpsLost,
    MeteringPaused,
    MeteringResumed,
    SignedIn,
    SignedOut,
    Started,
    Stopped,
)
from edge.headquarters.reports.model import Span, SpanKind

End: TypeAlias = Callable[[SpanKind, datetime], None]


@dataclass(slots=True)
class _Under:
    """What is under way, since when; the detail of a pause."""

    since: dict[SpanKind, datetime]
    detail: str = ""


def spans_of(events: Iterable[Event], starts: datetime, until: datetime) -> tuple[Span, ...]:
    """A vehicle's spans within [starts, until], by their beginning."""
    under = _Under({})
    found: list[Span] = []

    def end(kind: SpanKind, at: datetime) -> None:
        began = under.since.pop(kind, None)
        if began is not None:
            found.append(Span(kind, began, at, under.detail if kind == "paused" else ""))

    for number, event in enumerate(events):
        if number == 0 and event.officer is None:
            under.since["signed_out"] = event.time
        _step(event, under, end)
    for kind in list(under.since):
        end(kind, until)
    clipped = (_clipped(span, starts, until) for span in found)
    return tuple(sorted((span for span in clipped if span.ended > span.began), key=lambda span: span.began))


def _step(event: Event, under: _Under, end: End) -> None:
    match event.data:
        case Started(gap_s=gap):
            _started(event.time, gap, under, end)
        case Stopped():
            end("gps_lost", event.time)
            under.since.setdefault("stopped", event.time)
        case GpsLost(since=since):
            under.since.setdefault("gps_lost", since)
        case GpsFound():
            end("gps_lost", event.time)
        case SignedIn():
            end("signed_out", event.time)
        case SignedOut():
            end("paused", event.time)
            under.since.setdefault("signed_out", event.time)
        case MeteringPaused(reason=reason):
            under.since.setdefault("paused", event.time)
            under.detail = reason
        case MeteringResumed():
            end("paused", event.time)


def _started(at: datetime, gap_s: float | None, under: _Under, end: End) -> None:
    """It did not run in the gap, and has no position before it finds one."""
    if "stopped" in under.since:
        end("stopped", at)
    elif gap_s is not None:
        under.since["down"] = at - timedelta(seconds=gap_s)
        end("gps_lost", under.since["down"])
        end("down", at)
    under.since["gps_lost"] = at


def _clipped(span: Span, starts: datetime, until: datetime) -> Span:
    return Span(span.kind, max(span.began, starts), min(span.ended, until), span.detail)
