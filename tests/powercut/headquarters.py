"""Headquarters' store under a receiver on the recording file system, and what is found there after a power cut.

A note stands behind every batch whose acknowledgements `Receiver.handle` returned: how far each ledger was
acknowledged, and how many plans had been stored. Must not assert.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from edge.contract.messages import Visits, encode
from edge.domain.events import SignedIn
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store, StoredDocument
from tests.headquarters.ledgers import TOPICS, Ledger
from tests.powercut.mount import mounted
from tests.powercut.operations import Note, Operation
from tests.powercut.survey import DAMAGE

RECORDS: Final = 400
BATCH: Final = 15
OPENINGS: Final = 2
MORE: Final = 10
NAME: Final = "headquarters.sqlite3"


@dataclass(slots=True)
class Feed:
    """Three cars' ledgers, and what happened while they came in."""

    ledgers: list[Ledger]
    log: list[Operation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Promised:
    """How far each car's ledger was acknowledged, by unit, and the plans that were stored."""

    acknowledged: dict[str, int]
    plans: int

    @classmethod
    def of(cls, note: Note) -> "Promised":
        """As the note says."""
        return cls(**json.loads(note.text))


def three_cars() -> list[Ledger]:
    """Their ledgers, whole."""
    made = [Ledger(unit=f"car-{number}") for number in (1, 2, 3)]
    for ledger in made:
        for number in range(RECORDS):
            ledger.add(number / 10.0, SignedIn())
    return made


def receive(folder: Path) -> Feed:
    """Take in three ledgers, in batches of any make, over several openings of the store, on a recording file system."""
    feed = Feed(three_cars())
    chance = Random(3)  # noqa: S311 - reproducible chance
    acknowledged = dict.fromkeys((ledger.unit for ledger in feed.ledgers), 0)
    plans = 0
    with mounted(folder) as mount:
        mount.note(json.dumps({"acknowledged": acknowledged, "plans": plans}))
        for opening in range(1, OPENINGS + 1):
            with Store(mount.folder / NAME) as store:
                receiver = Receiver(store, TOPICS, lambda: 1.0)
                while min(acknowledged.values()) < RECORDS * opening // OPENINGS:
                    for ack in receiver.handle(_batch(feed.ledgers, acknowledged, chance)):
                        acknowledged[ack.unit] = ack.seq
                    mount.note(json.dumps({"acknowledged": acknowledged, "plans": plans}))
                store.put_signed(_plan(opening))
                plans = opening
                mount.note(json.dumps({"acknowledged": acknowledged, "plans": plans}))
    feed.log = mount.log
    return feed


def _batch(ledgers: list[Ledger], acknowledged: dict[str, int], chance: Random) -> list[Received]:
    """What a few cars send at once: the next records, some again, some too early, and their visits."""
    batch: list[Received] = []
    for ledger in chance.sample(ledgers, chance.randint(1, len(ledgers))):
        first = max(1, acknowledged[ledger.unit] - chance.randint(-1, 3))
        stop = min(RECORDS, first + chance.randint(1, BATCH))
        batch += [ledger.message(seq) for seq in range(first, stop + 1)]
        batch.append(Received(TOPICS.visits(ledger.unit), encode(Visits(unit=ledger.unit, shift=None, visits=()))))
    return batch


def _plan(version: int) -> StoredDocument:
    body = b'{"version": %d}' % version
    return StoredDocument("plan", "2026-11-22/night 2", version, "analyst", "because", "ab" * 32, body, 1.0, 1.0)


def survey(folder: Path, feed: Feed, promised: Promised) -> list[str]:
    """What is wrong with headquarters' database after a power cut; nothing where every promise is kept."""
    try:
        with Store(folder / NAME) as store:
            return list(_wrong(store, feed, promised))
    except DAMAGE as error:
        return [f"unusable: {error!r}"]


def _wrong(store: Store, feed: Feed, promised: Promised) -> Iterator[str]:
    yield from (f"chain: {check.problem}" for check in verify_all(store) if not check.intact)
    for ledger in feed.ledgers:
        bodies = [body for _, body, _ in store.records(ledger.unit, ledger.id)]
        acknowledged = promised.acknowledged[ledger.unit]
        if len(bodies) < acknowledged:
            yield f"lost: {acknowledged - len(bodies)} of {acknowledged} acknowledged records"
        if bodies != ledger.bodies[: len(bodies)]:
            yield "changed: the stored records are not those that came"
    kept = [plan.version for plan in store.plans()]
    if kept not in (list(range(1, promised.plans + 1)), list(range(1, promised.plans + 2))):
        yield f"plans: {kept} of {promised.plans}"
    yield from _go_on(store, feed)


def _go_on(store: Store, feed: Feed) -> Iterator[str]:
    """Every car sends what follows, with one record that is held already, and it is there, once."""
    receiver = Receiver(store, TOPICS, lambda: 2.0)
    for ledger in feed.ledgers:
        held = store.head(ledger.unit, ledger.id).seq
        goal = min(RECORDS, held + MORE)
        receiver.handle([ledger.message(seq) for seq in range(max(1, held), goal + 1)])
        if [body for _, body, _ in store.records(ledger.unit, ledger.id)] != ledger.bodies[:goal]:
            yield "receiving does not go on"
