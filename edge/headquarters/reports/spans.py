"""The times of a vehicle's shift that were no patrol: paused, signed out, GPS lost, switched off, not running.

A machine of five states over the records of one vehicle in order; each leaves a span when it ends. Must not know of
visits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
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
from edge.headquarters.reports.mending import leap
from edge.headquarters.reports.model import Span, SpanKind

End: TypeAlias = Callable[[SpanKind, datetime], None]


@dataclass(slots=True)
class _Under:
    """What is under way, since when, and in which boot it began; the detail of a pause."""

    since: dict[SpanKind, datetime] = field(default_factory=dict)
    boots: dict[SpanKind, str] = field(default_factory=dict)
    detail: str = ""

    def begin(self, kind: SpanKind, at: datetime, boot: str) -> None:
        """Something begins, unless it is under way."""
        if kind not in self.since:
            self.since[kind], self.boots[kind] = at, boot

    def move(self, by: timedelta, boot: str) -> None:
        """The clock of a boot was stepped: it goes on for as long as it did."""
        for kind in self.since:
            if self.boots[kind] == boot:
                self.since[kind] += by


def spans_of(events: Iterable[Event], starts: datetime, until: datetime) -> tuple[Span, ...]:
    """A vehicle's spans within [starts, until], by their beginning."""
    under = _Under()
    found: list[Span] = []

    def end(kind: SpanKind, at: datetime) -> None:
        began = under.since.pop(kind, None)
        if began is not None:
            found.append(Span(kind, began, at, under.detail if kind == "paused" else ""))

    for number, event in enumerate(events):
        if number == 0 and event.officer is None:
            under.begin("signed_out", event.time, event.boot)
        _step(event, under, end)
    for kind in list(under.since):
        end(kind, until)
    clipped = (_clipped(span, starts, until) for span in found)
    return tuple(sorted((span for span in clipped if span.ended > span.began), key=lambda span: span.began))


def _step(event: Event, under: _Under, end: End) -> None:
    if (by := leap(event)) is not None:
        under.move(by, event.boot)
    match event.data:
        case Started(gap_s=gap):
            _started(event, gap, under, end)
        case Stopped():
            end("gps_lost", event.time)
            under.begin("stopped", event.time, event.boot)
        case GpsLost(since=since):
            under.begin("gps_lost", since, event.boot)
        case GpsFound():
            end("gps_lost", event.time)
        case SignedIn():
            end("signed_out", event.time)
        case SignedOut():
            end("paused", event.time)
            under.begin("signed_out", event.time, event.boot)
        case MeteringPaused(reason=reason):
            under.begin("paused", event.time, event.boot)
            under.detail = reason
        case MeteringResumed(paused_s=paused_s):
            under.begin("paused", event.time - timedelta(seconds=paused_s), event.boot)  # tapped before all this
            end("paused", event.time)


def _started(event: Event, gap_s: float | None, under: _Under, end: End) -> None:
    """It did not run in the gap, and has no position before it finds one."""
    at = event.time
    if "stopped" in under.since:
        end("stopped", at)
    elif gap_s is not None:
        off = at - timedelta(seconds=gap_s)
        end("gps_lost", off)
        under.begin("down", off, event.boot)
        end("down", at)
    under.begin("gps_lost", at, event.boot)


def _clipped(span: Span, starts: datetime, until: datetime) -> Span:
    return Span(span.kind, max(span.began, starts), min(span.ended, until), span.detail)
