"""The times of one ledger that were no patrol: paused, signed out, GPS lost, switched off, not running.

A machine of five states over the records in order; each leaves a row when it begins and when it ends. Must not know of
visits or shifts.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from edge.domain.events import (
    Event,
    GpsFound,
    GpsLost,
    MeteringPaused,
    MeteringResumed,
    ResumeBackdated,
    SignedIn,
    SignedOut,
    Started,
    Stopped,
)
from edge.headquarters.projections.repair import leap
from edge.headquarters.projections.rows import SpanKind, SpanRow

BY: Final = " by "
"""Between a pause's reason and who paused it, where that was not the officer."""


@dataclass(frozen=True, slots=True)
class Under:
    """Something under way: since when, from which record on, in which boot it began; a pause's reason, and by whom."""

    began: float
    seq: int
    boot: str
    detail: str = ""


@dataclass(slots=True)
class Spans:
    """What is under way in a ledger, by kind; ``changed``: rows by record and kind.

    ``resumed``: the pause that ended last, as long as a record may say that it had ended before.
    """

    unit: str
    ledger: str
    under: dict[SpanKind, Under] = field(default_factory=dict)
    changed: dict[tuple[int, SpanKind], SpanRow] = field(default_factory=dict)
    resumed: SpanRow | None = None

    def take(self, event: Event) -> None:
        """The ledger's next record."""
        at = event.time.timestamp()
        if event.seq == 1 and event.officer is None:
            self._begin("signed_out", at, event)
        if (by := leap(event)) is not None:
            self._move(by, event.boot)
        self._hear(event, at)

    def _hear(self, event: Event, at: float) -> None:
        match event.data:
            case Started(gap_s=gap):
                self._started(event, at, gap)
            case Stopped():
                self._end("gps_lost", at)
                self._begin("stopped", at, event)
            case GpsLost(since=since):
                self._begin("gps_lost", since.timestamp(), event)
            case GpsFound():
                self._end("gps_lost", at)
            case SignedIn():
                self._end("signed_out", at)
            case SignedOut():
                self._end("paused", at)
                self._begin("signed_out", at, event)
            case MeteringPaused(reason=reason, by=by, since=since):
                self.resumed = None
                began = at if since is None else since.timestamp()
                self._begin("paused", began, event, reason if by is None else f"{reason}{BY}{by}")
            case MeteringResumed(paused_s=paused_s):
                self._begin("paused", at - paused_s, event)  # tapped before the ledger began
                pause = self.under["paused"]
                self._end("paused", at)
                self.resumed = self.changed[pause.seq, "paused"]
            case ResumeBackdated(since=since):
                self._backdate(since.timestamp())

    def _started(self, event: Event, at: float, gap_s: float | None) -> None:
        """It did not run in the gap, and has no position before it finds one."""
        if "stopped" in self.under:
            self._end("stopped", at)
        elif gap_s is not None:
            self._end("gps_lost", at - gap_s)
            self._begin("down", at - gap_s, event)
            self._end("down", at)
        self._begin("gps_lost", at, event)

    def _begin(self, kind: SpanKind, at: float, event: Event, detail: str = "") -> None:
        """Something begins, unless it is under way."""
        if kind not in self.under:
            self._set(kind, Under(at, event.seq, event.boot, detail))

    def _end(self, kind: SpanKind, at: float) -> None:
        if (under := self.under.pop(kind, None)) is not None:
            self._put(kind, under, at)

    def _backdate(self, since: float) -> None:
        """The pause that has just ended had ended before, as the officer says now."""
        if (pause := self.resumed) is not None and (tapped := pause.ended) is not None:
            ended = max(pause.began, min(since, tapped))
            self.changed[pause.seq, "paused"] = pause._replace(ended=ended, tapped=tapped)
        self.resumed = None

    def _move(self, by: float, boot: str) -> None:
        """The clock of a boot was stepped: what began in it goes on for as long as it did."""
        for kind, under in list(self.under.items()):
            if under.boot == boot:
                self._set(kind, replace(under, began=under.began + by))

    def _set(self, kind: SpanKind, under: Under) -> None:
        self.under[kind] = under
        self._put(kind, under, None)

    def _put(self, kind: SpanKind, under: Under, ended: float | None) -> None:
        row = SpanRow(self.unit, self.ledger, under.seq, kind, under.began, ended, under.detail, None)
        self.changed[under.seq, kind] = row
