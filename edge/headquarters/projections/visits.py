"""The visits of one ledger, put together from its records in order. Must not look at other ledgers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from edge.domain.events import (
    EndReason,
    Event,
    MeteringPaused,
    MeteringResumed,
    Overstayed,
    Segment,
    SelfTasked,
    TacticUndone,
    TacticUsed,
    TaskReason,
    Unknown,
    VisitClosed,
    VisitLeft,
    VisitOpened,
    VisitResumed,
)
from edge.domain.flagged import weak_seconds
from edge.headquarters.projections.repair import leap
from edge.headquarters.projections.rows import Interval, TacticRow, VisitRow

MOST: Final = 3
"""Visits that a record may still speak of. A car has one open; whatever a ledger says, the state stays small."""

MOST_PARTS: Final = 300
"""Parts, and taps, of one visit, likewise."""

LONGEST_ID: Final = 200
"""Characters of a visit's id, which is one of unit, ledger and number: a longer one is none, and no index takes it."""


@dataclass(slots=True)
class Tap:
    """A tactic from its tap on; ``seq``: of the record."""

    seq: int
    tactic: str
    at: float


@dataclass(slots=True)
class Visit:
    """A visit as recorded so far. ``running``: since when it is neither away nor paused; ``box`` None: not known."""

    id: str
    shift: str | None
    time: float
    box: str | None = None
    opened: float = 0.0
    early: bool = False
    crime_types: tuple[str, ...] = ()
    prescribed_s: float | None = None
    ended: float | None = None
    dosage_s: float | None = None
    counted: bool = False
    reason: EndReason | Unknown | None = None
    officers: tuple[tuple[str, float], ...] = ()
    overstayed: bool = False
    running: float | None = None
    weak_gps_s: float = 0.0
    tasked: TaskReason | Unknown | None = None
    parts: list[Interval] = field(default_factory=list)
    taps: list[Tap] = field(default_factory=list)

    def open(self, at: VisitOpened) -> None:
        """It began."""
        self.box, self.opened, self.early = at.box, at.opened.timestamp(), at.early
        self.crime_types, self.prescribed_s = at.crime_types, at.prescribed_s
        self.running = self.opened

    def close(self, end: VisitClosed) -> None:
        """It ended: its account stands above what was put together."""
        self.box, self.opened, self.early = end.box, end.opened.timestamp(), end.early
        self.ended, self.dosage_s, self.counted, self.reason = (
            end.ended.timestamp(), end.dosage_s, end.counted, end.reason,
        )  # fmt: skip
        self.officers = tuple((_named(part), part.dosage_s) for part in end.segments)
        self.weak_gps_s = weak_seconds(end.flags, end.dosage_s)
        self.rest(self.ended)

    def rest(self, at: float) -> None:
        """Dosage stops."""
        if self.running is not None and at > self.running and len(self.parts) < MOST_PARTS:
            self.parts.append((self.running, at))
        self.running = None

    def move(self, by: float) -> None:
        """The clock was stepped while the visit is open: what it has had so far is as long ago as it was."""
        self.running = None if self.running is None else self.running + by
        self.parts = [(began + by, ended + by) for began, ended in self.parts]
        for tap in self.taps:
            tap.at += by


@dataclass(slots=True)
class Visits:
    """The latest visits of a ledger; ``touched``: those whose rows are to be written."""

    unit: str
    ledger: str
    latest: dict[str, Visit] = field(default_factory=dict)
    touched: dict[str, Visit] = field(default_factory=dict)
    _visits: dict[str, VisitRow] = field(default_factory=dict)
    _tactics: dict[int, TacticRow] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """The ledger's next record."""
        if (by := leap(event)) is not None:
            for visit in self._open():
                visit.move(by)
        match event.data:
            case VisitOpened():
                self._of(event.id, event).open(event.data)
            case MeteringPaused(since=since):
                for visit in self._open():
                    visit.rest((event.time if since is None else since).timestamp())
            case MeteringResumed():
                for visit in self._open():
                    visit.running = event.time.timestamp()
            case (
                SelfTasked(visit=id_)
                | Overstayed(visit=id_)
                | VisitLeft(visit=id_)
                | VisitResumed(visit=id_)
                | VisitClosed(visit=id_)
                | TacticUsed(visit=id_)
                | TacticUndone(visit=id_)
            ) if len(id_) <= LONGEST_ID:
                self._hear(self._of(id_, event), event)
            case _:
                pass

    def rows(self) -> tuple[list[VisitRow], list[TacticRow]]:
        """The rows of visits and tactics that changed."""
        for visit in self.touched.values():
            self._write(visit)
        self.touched = {}
        return list(self._visits.values()), list(self._tactics.values())

    def _hear(self, visit: Visit, event: Event) -> None:
        match event.data:
            case SelfTasked(reason=reason):
                visit.tasked = reason
            case Overstayed():
                visit.overstayed = True
            case VisitLeft(at=at):
                visit.rest(at.timestamp())
            case VisitResumed(at=at):
                visit.running = at.timestamp()
            case VisitClosed():
                visit.close(event.data)
            case TacticUsed(tactic=tactic) if len(visit.taps) < MOST_PARTS:
                visit.taps.append(Tap(event.seq, tactic, event.time.timestamp()))
            case TacticUndone(undone=undone):
                self._undo(visit, undone)
            case _:
                pass

    def _undo(self, visit: Visit, undone: str) -> None:
        """The tap stays in the ledger; its row says that it was none."""
        for tap in [tap for tap in visit.taps if f"{self.unit}:{self.ledger}:{tap.seq}" == undone]:
            visit.taps.remove(tap)
            self._tactics[tap.seq] = self._tactic(visit, tap, 0.0, undone=True)

    def _of(self, id_: str, event: Event) -> Visit:
        """A visit that a record speaks of; where it is new, the oldest is let go, a closed one first."""
        if id_ not in self.latest:
            if len(self.latest) >= MOST:
                closed = (key for key, visit in self.latest.items() if visit.ended is not None)
                gone = self.latest.pop(next(closed, next(iter(self.latest))))
                if self.touched.pop(gone.id, None):
                    self._write(gone)
            self.latest[id_] = Visit(id_, event.shift, event.time.timestamp())
        self.touched[id_] = self.latest[id_]
        return self.latest[id_]

    def _open(self) -> Iterator[Visit]:
        for visit in self.latest.values():
            if visit.ended is None:
                self.touched[visit.id] = visit
                yield visit

    def _write(self, visit: Visit) -> None:
        """A visit of which neither opening nor closing is held says nothing yet."""
        if visit.box is None:
            return
        self._visits[visit.id] = VisitRow(
            self.unit, self.ledger, visit.id, visit.shift, visit.time, visit.box, visit.opened, visit.ended,
            visit.dosage_s, visit.counted, visit.early, visit.overstayed, visit.reason, visit.crime_types,
            visit.prescribed_s, visit.officers, tuple(visit.parts), visit.running, visit.weak_gps_s,
            visit.tasked,
        )  # fmt: skip
        ends = [tap.at for tap in visit.taps[1:]] + ([] if visit.ended is None else [visit.ended])
        for number, tap in enumerate(visit.taps):
            ended = ends[number] if number < len(ends) else None
            spent = None if ended is None else _spent(visit, tap.at, ended)
            self._tactics[tap.seq] = self._tactic(visit, tap, spent, undone=False)

    def _tactic(self, visit: Visit, tap: Tap, seconds: float | None, *, undone: bool) -> TacticRow:
        return TacticRow(self.unit, self.ledger, tap.seq, visit.id, visit.shift, tap.tactic, tap.at, seconds, undone)


def _spent(visit: Visit, began: float, ended: float) -> float:
    """Seconds of a tactic, from its tap to the next or to the visit's end; time away or paused is not its own."""
    parts: Sequence[Interval] = visit.parts
    if visit.running is not None:
        parts = [*parts, (visit.running, ended)]
    return round(sum(max(0.0, min(ended, to) - max(began, since)) for since, to in parts), 6)


def _named(part: Segment) -> str:
    """Who it was: two in one car are named together, and their minutes count once."""
    return part.officer if part.second is None else f"{part.officer}+{part.second}"
