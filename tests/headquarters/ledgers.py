"""Ledgers for headquarters' tests: records as a vehicle would number, encode, chain and send them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from edge.contract.messages import Status, encode
from edge.contract.records import GENESIS, chain, encode_event
from edge.contract.topics import Topics
from edge.domain.events import (
    ClockState,
    Event,
    EventData,
    GpsFound,
    GpsLost,
    PrescribedReached,
    PresenceRecorded,
    Segment,
    TacticUsed,
    VisitClosed,
    VisitCounted,
    VisitLeft,
    VisitOpened,
    VisitResumed,
)
from edge.headquarters.receive.decoding import Received

TOPICS = Topics("squaretown")
SHIFT = "2026-11-22/night"
NIGHT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""22:00 in Squaretown (America/Chicago) on 22 November 2026; the shift lasts until 06:00, which is 12:00 UTC."""


MORNING = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
"""07:00, an hour after the night's end."""


def at(minutes: float) -> datetime:
    """So many minutes into the night."""
    return NIGHT + timedelta(minutes=minutes)


@dataclass(slots=True)
class Ledger:
    """A vehicle's ledger as it grows."""

    unit: str = "car-1"
    id: str = "ledger-a"
    boot: str = "boot-1"
    clock: ClockState = "gps"
    shift: str | None = SHIFT
    officer: str | None = "117"
    events: list[Event] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=lambda: [GENESIS])

    def add(self, minutes: float, data: EventData) -> Event:
        """Record something so many minutes into the night."""
        return self.append(self._event(minutes, data))

    def append(self, event: Event) -> Event:
        """Take a record that is numbered already."""
        body = encode_event(event)
        self.events.append(event)
        self.bodies.append(body)
        self.hashes.append(chain(self.hashes[-1], body))
        return event

    def message(self, seq: int, body: bytes | None = None, /, **properties: str) -> Received:
        """The message of a record, or of other bytes in its place, with some properties replaced."""
        own = {
            "id": f"{self.unit}:{self.id}:{seq}",
            "ledger": self.id,
            "seq": str(seq),
            "hash": self.hashes[seq].hex(),
        }
        return Received(TOPICS.events(self.unit), self.bodies[seq - 1] if body is None else body, own | properties)

    def messages(self) -> list[Received]:
        """All of them, in order."""
        return [self.message(event.seq) for event in self.events]

    def _event(self, minutes: float, data: EventData) -> Event:
        seq = len(self.events) + 1
        return Event(
            id=f"{self.unit}:{self.id}:{seq}",
            unit=self.unit,
            ledger=self.id,
            seq=seq,
            boot=self.boot,
            mono=round(1000.0 + minutes * 60.0, 3),
            time=at(minutes),
            clock=self.clock,
            shift=self.shift,
            officer=self.officer,
            data=data,
        )


def a_busy_ledger(count: int, unit: str = "car-1", ledger: str = "ledger-a") -> Ledger:
    """So many records as a patrol makes them: visits with all that belongs to one, and presence on the way."""
    busy = Ledger(unit=unit, id=ledger)
    for number in range(count):
        busy.add(number * 0.25, _a_patrols_record(busy, number))
    return busy


def _a_patrols_record(ledger: Ledger, number: int) -> EventData:
    box, visit = f"{1400 + number % 37}-{17000 + number % 53}", f"{ledger.unit}:{ledger.id}:{number - number % 12 + 1}"
    began, now = at(number * 0.25 - 2.0), at(number * 0.25)
    kinds: tuple[EventData, ...] = (
        VisitOpened(box, began, ("robbery", "aggravated_assault"), 900.0, early=False),
        VisitCounted(visit, box),
        TacticUsed(visit, box, "foot-patrol"),
        PrescribedReached(visit, box),
        VisitLeft(visit, box, now, "left"),
        VisitResumed(visit, box, now, 31.5),
        VisitClosed(visit, box, began, now, 912.4, True, False, "left", (Segment("117", 912.4),)),
        GpsLost(began),
        GpsFound(12.0),
    )
    return kinds[number % 12] if number % 12 < len(kinds) else PresenceRecorded(box, began, now, 120.0, at_cap=False)


def spoken(ledger: Ledger, recorded: int | None = None, *, online: bool = True, time: datetime = MORNING) -> Received:
    """A status of a ledger's vehicle, of the morning after: how much it has recorded (none: what is there)."""
    said = len(ledger.bodies) if recorded is None else recorded
    status = Status(unit=ledger.unit, online=online, software="1", ledger=ledger.id, recorded=said, time=time)
    return Received(TOPICS.status(ledger.unit), encode(status))
