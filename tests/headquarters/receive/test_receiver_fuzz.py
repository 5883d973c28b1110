"""The receiver under fire: messages most of which are real ones gone wrong, and none that is lost or let in."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from edge.contract.agency import Agency
from edge.contract.messages import Ack, Status, Visits, encode
from edge.contract.records import chain
from edge.domain.events import (
    ClockStepped,
    EventData,
    MeteringPaused,
    MeteringResumed,
    Overstayed,
    PlanAdopted,
    ShiftBegan,
    SignedIn,
    SignedOut,
    Started,
    Stopped,
    TacticUndone,
)
from edge.headquarters.address import Address
from edge.headquarters.console.context import Context
from edge.headquarters.receive.decoding import LONGEST, Received
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store
from tests.headquarters.ledgers import SHIFT, TOPICS, Ledger, a_busy_ledger, at
from tests.headquarters.mutations import mutated
from tests.headquarters.postgres import empty_database
from tests.headquarters.visitors import client_of

RECORDS = 250
ROGUE = "car-9"


def of_every_kind(ledger: Ledger) -> Ledger:
    """A ledger with the kinds of record, too, that a busy one has not."""
    visit, box = f"{ROGUE}:{ledger.id}:1", "1400-17000"
    rest: tuple[EventData, ...] = (
        Started("1.0", 12.0),
        Stopped(),
        ClockStepped("saved", "gps", 86_400.0),
        ShiftBegan(at(0.0), at(480.0)),
        PlanAdopted(SHIFT, "1", 1, "approved", "0" * 64, (box, "1401-17001"), ((box, "event"),)),
        SignedIn(),
        SignedOut(),
        MeteringPaused("call"),
        MeteringResumed(60.0),
        Overstayed(visit, box),
        TacticUndone(visit, "foot-patrol", f"{ROGUE}:{ledger.id}:3"),
    )
    for number, data in enumerate(rest * 5):
        ledger.add(120.0 + number, data)
    return ledger


@dataclass
class Siege:
    """Two honest vehicles with two ledgers each, and a rogue one that chains whatever it likes."""

    receiver: Receiver
    random: Random
    honest: list[Ledger] = field(default_factory=list)
    told: dict[tuple[str, str], Ack] = field(default_factory=dict)
    rogue: Ledger = field(default_factory=lambda: of_every_kind(a_busy_ledger(RECORDS // 2, ROGUE)))
    rogue_head: tuple[int, bytes] = (0, bytes(32))

    def __post_init__(self) -> None:
        self.honest = [a_busy_ledger(RECORDS, unit, name) for unit in ("car-1", "car-2") for name in ("old", "new")]

    def messages(self) -> Iterator[Received]:
        """Without end: one in four as it should be, the others changed."""
        while True:
            ledger = self.random.choice(self.honest)
            real = self._real(ledger)
            draw = self.random.random()
            yield real if draw < 0.25 else self._chained() if draw < 0.4 else mutated(real, self.random)

    def take(self, batch: list[Received]) -> None:
        """Let the receiver have a batch, and see that what it answers is true."""
        for ack in self.receiver.handle(batch):
            encode(ack)
            assert ack.problem is None or len(ack.problem) < LONGEST + 50
            ledger = next((one for one in self.honest if (one.unit, one.id) == (ack.unit, ack.ledger)), None)
            if ledger is not None:
                assert ack.head == ledger.hashes[ack.seq].hex()
                self.told[ledger.unit, ledger.id] = ack
            if (ack.unit, ack.ledger) == (ROGUE, self.rogue.id):
                self.rogue_head = ack.seq, bytes.fromhex(ack.head)

    def bring_the_rest(self) -> None:
        """The honest vehicles send what is not acknowledged, as they do."""
        for ledger in self.honest:
            held = self.told.get((ledger.unit, ledger.id))
            for seq in range(held.seq + 1 if held else 1, RECORDS + 1):
                self.take([ledger.message(seq)])

    def _real(self, ledger: Ledger) -> Received:
        held = self.told.get((ledger.unit, ledger.id))
        around = (held.seq if held else 0) + self.random.choice((1, 1, 1, 1, 2, 3, 0, -1, -5, -RECORDS))
        draw = self.random.random()
        if draw < 0.1:
            status = Status(
                unit=ledger.unit,
                online=draw < 0.07,
                software="1",
                ledger=ledger.id,
                time=datetime(2026, 11, 23, tzinfo=UTC),
            )
            return Received(TOPICS.status(ledger.unit), encode(status))
        if draw < 0.15:
            return Received(TOPICS.visits(ledger.unit), encode(Visits(unit=ledger.unit, shift=None, visits=())))
        return ledger.message(min(max(1, around), RECORDS))

    def _chained(self) -> Received:
        """What a rogue vehicle with a good certificate may send: a changed record whose hash is right."""
        seq, head = self.rogue_head
        message = self.rogue.message(self.random.randint(1, len(self.rogue.events)))
        body = message.payload.replace(f':{message.properties["seq"]}"'.encode(), f':{seq + 1}"'.encode())
        body = body.replace(f'"seq":{message.properties["seq"]}'.encode(), f'"seq":{seq + 1}'.encode())
        body = mutated(replace(message, payload=body), self.random).payload
        said = {"id": f"{ROGUE}:{self.rogue.id}:{seq + 1}", "ledger": self.rogue.id, "seq": str(seq + 1)}
        return Received(TOPICS.events(ROGUE), body, {**said, "hash": chain(head, body).hex()})


def besiege(database: Address, count: int, seed: int) -> Siege:
    """So many messages in batches of any size, then the rest of the genuine records."""
    with Store(database) as store:
        if isinstance(database, Path):
            store.execute(text("PRAGMA synchronous=OFF"))  # no power is cut here
        siege = Siege(Receiver(store, TOPICS, time.time), Random(seed))  # noqa: S311 - a test's dice
        stream = siege.messages()
        while count > 0:
            size = min(count, siege.random.choice((1, 2, 5, 30, 120)))
            siege.take([next(stream) for _ in range(size)])
            count -= size
        siege.bring_the_rest()
    return siege


def test_no_message_raises_and_none_spoils_a_ledger(file: Path, square_agency: Agency) -> None:
    """10,000 messages: every ledger is a whole chain of genuine records, and every page can be made of them."""
    hold_out(file, 10_000, 1, square_agency)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 21))
def test_a_million_messages_raise_and_spoil_nothing(seed: int, file: Path, square_agency: Agency) -> None:
    """The same with 50,000 messages a seed."""
    hold_out(file, 50_000, seed, square_agency)


@pytest.mark.timeout(400)  # as many rounds to a server
def test_none_spoils_a_ledger_on_a_server_either(square_agency: Agency) -> None:
    """5,000 messages into PostgreSQL, which takes no NUL in a text and nothing more after an error."""
    with empty_database() as url:
        hold_out(url, 5_000, 1, square_agency)


def hold_out(database: Address, count: int, seed: int, square_agency: Agency) -> None:
    siege = besiege(database, count, seed)
    with Store(database) as store:
        assert [check for check in verify_all(store) if not check.intact] == []
        for ledger in siege.honest:
            assert [body for _, body, _ in store.records(ledger.unit, ledger.id)] == ledger.bodies
        assert {(held.unit, held.id) for held in store.ledgers()} - {(ROGUE, siege.rogue.id)} == set(siege.told)
        assert siege.rogue_head[0] > 50  # the rogue was believed: it is the accepting side that is tried, too
        shifts = [shift for shift, _ in store.shifts(1000)]
    pages = client_of(Context(square_agency, database))
    assert pages.get("/").status_code == 200
    for shift in shifts:
        expected = {200} if shift == SHIFT else {200, 404}  # 404: the agency has no such shift
        for form in ("", ".json", ".csv"):
            assert pages.get(f"/reports/shift/{shift}{form}").status_code in expected
