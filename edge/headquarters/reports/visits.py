"""Visits and stays of one vehicle, put together from its records. Must not look at other vehicles."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from edge.domain.events import (
    Event,
    MeteringPaused,
    MeteringResumed,
    Overstayed,
    PresenceRecorded,
    TacticUndone,
    TacticUsed,
    VisitClosed,
    VisitLeft,
    VisitOpened,
    VisitResumed,
)
from edge.headquarters.reports.mending import leap
from edge.headquarters.reports.model import OfficerPart, StayLine, TacticPart, VisitLine


@dataclass(slots=True)
class _Told:
    """What the records told of one visit so far. ``running``: since when it is neither away nor paused."""

    id: str
    opening: VisitOpened | None = None
    closing: VisitClosed | None = None
    overstayed: bool = False
    running: datetime | None = None
    parts: list[tuple[datetime, datetime]] = field(default_factory=list)
    taps: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def move(self, by: timedelta) -> None:
        """The clock was stepped while the visit is open: what it has had so far is as long ago as it was."""
        self.running = self.running and self.running + by
        self.parts = [(since + by, until + by) for since, until in self.parts]
        self.taps = {key: (tactic, at + by) for key, (tactic, at) in self.taps.items()}

    def rest(self, at: datetime) -> None:
        """Dosage stops."""
        if self.running is not None and at > self.running:
            self.parts.append((self.running, at))
        self.running = None


def visits_of(events: Iterable[Event], starts: datetime, until: datetime) -> list[VisitLine]:
    """A vehicle's visits from a shift's records, by their opening. ``until``: how far what is open is known."""
    told: dict[str, _Told] = {}
    unit = ""
    for event in events:
        unit = event.unit
        _hear(told, event)
    lines = (_line(unit, one, starts, until) for one in told.values())
    return sorted((line for line in lines if line is not None), key=lambda line: (line.opened, line.id))


def stays_of(events: Iterable[Event]) -> list[StayLine]:
    """A vehicle's stays from a shift's records, in order."""
    return [
        StayLine(event.unit, data.box, data.began, data.ended, data.seconds, data.at_cap)
        for event in events
        if isinstance(data := event.data, PresenceRecorded)
    ]


def _hear(told: dict[str, _Told], event: Event) -> None:
    if (by := leap(event)) is not None:
        for one in _open(told):
            one.move(by)
    match event.data:
        case VisitOpened(opened=opened):
            told[event.id] = _Told(event.id, opening=event.data, running=opened)
        case MeteringPaused():
            for one in _open(told):
                one.rest(event.time)
        case MeteringResumed():
            for one in _open(told):
                one.running = event.time
        case (
            Overstayed(visit=visit)
            | VisitLeft(visit=visit)
            | VisitResumed(visit=visit)
            | VisitClosed(visit=visit)
            | TacticUsed(visit=visit)
            | TacticUndone(visit=visit)
        ):
            _hear_of(told.setdefault(visit, _Told(visit)), event)


def _hear_of(one: _Told, event: Event) -> None:
    match event.data:
        case Overstayed():
            one.overstayed = True
        case VisitLeft(at=at):
            one.rest(at)
        case VisitResumed(at=at):
            one.running = at
        case VisitClosed(ended=ended):
            one.rest(ended)
            one.closing = event.data
        case TacticUsed(tactic=tactic):
            one.taps[event.id] = (tactic, event.time)
        case TacticUndone(undone=undone):
            one.taps.pop(undone, None)


def _open(told: dict[str, _Told]) -> Iterator[_Told]:
    return (one for one in told.values() if one.closing is None)


def _line(unit: str, one: _Told, starts: datetime, until: datetime) -> VisitLine | None:
    """A visit of which neither opening nor closing is held says nothing yet."""
    closing, opening = one.closing, one.opening
    known = closing or opening
    if known is None:
        return None
    one.rest(until)
    return VisitLine(
        id=one.id,
        unit=unit,
        box=known.box,
        opened=known.opened,
        ended=closing.ended if closing else None,
        dosage_s=closing.dosage_s if closing else None,
        counted=closing is not None and closing.counted,
        early=known.early,
        overstayed=one.overstayed,
        continued=known.opened == starts,
        reason=closing.reason if closing else None,
        crime_types=opening.crime_types if opening else (),
        prescribed_s=opening.prescribed_s if opening else None,
        officers=tuple(OfficerPart(part.officer, part.dosage_s) for part in closing.segments) if closing else (),
        tactics=_tactics(tuple(one.taps.values()), one.parts, closing),
        parts=tuple(one.parts),
    )


def _tactics(
    taps: Sequence[tuple[str, datetime]], parts: Sequence[tuple[datetime, datetime]], closing: VisitClosed | None
) -> tuple[TacticPart, ...]:
    """Each tactic lasts from its tap to the next, or to the visit's end; time away or paused is not its own."""
    ends = [at for _, at in taps[1:]] + ([closing.ended] if closing else [])
    found = []
    for number, (tactic, began) in enumerate(taps):
        ended = ends[number] if number < len(ends) else None
        found.append(TacticPart(tactic, began, None if ended is None else _within(parts, began, ended)))
    return tuple(found)


def _within(parts: Sequence[tuple[datetime, datetime]], began: datetime, ended: datetime) -> float:
    return sum(max(0.0, (min(ended, to) - max(began, since)).total_seconds()) for since, to in parts)
