"""A power cut while old records go: what was committed is there, and the chain is whole from its anchor on."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from edge.contract.records import GENESIS, chain, encode_event
from edge.domain.events import SignedIn
from edge.vehicle.store.ledger import Ledger, Reader
from tests.contract.samples import event
from tests.powercut.crashes import crashes, laid_out
from tests.powercut.mount import mounted
from tests.powercut.operations import Note, Operation
from tests.powercut.weakened import NEVER_SYNCHRONOUS

pytestmark = pytest.mark.usefixtures("can_mount")

ROUNDS: Final = 40
BATCH: Final = 6


@dataclass(slots=True)
class Run:
    """A ledger's life: every record's bytes, and what the file system was asked for."""

    bodies: list[bytes] = field(default_factory=list)
    log: list[Operation] = field(default_factory=list)


def record(folder: Path) -> Run:
    """Records come, are acknowledged, and the oldest of them go; a note behind each step that returned."""
    run = Run()
    with mounted(folder) as mount, closing(Ledger(mount.folder / "ledger.sqlite3", "car-1")) as ledger:
        mount.note("0 0")
        for number in range(1, ROUNDS + 1):
            events = [event(SignedIn(), ledger.seq + n, "car-1", ledger.id) for n in range(1, BATCH + 1)]
            run.bodies += [encode_event(one) for one in events]
            ledger.commit(events, b"state")
            mount.note(f"{ledger.seq} {ledger.stored_cursor}")
            ledger.acknowledged = ledger.seq - BATCH
            if number % 4 == 0:
                ledger.purge(ledger.stored_cursor)
                mount.note(f"{ledger.seq} {ledger.stored_cursor}")
    run.log = mount.log
    return run


def survey(folder: Path, run: Run, note: Note) -> str | None:
    """What is wrong with what a power cut left; None where every promise is kept."""
    committed, acknowledged = map(int, note.text.split())
    path = folder / "ledger.sqlite3"
    with closing(Ledger(path, "car-1")) as ledger, closing(Reader(path)) as reader:
        rows = ledger.after(0, 10_000)
        head = reader.hash_at(ledger.purged)
        if ledger.seq < committed:
            return f"{committed - ledger.seq} records are lost"
        if ledger.purged > max(acknowledged, ledger.stored_cursor):
            return "a record went that was not acknowledged"
    for number, (seq, body, stored) in zip(count(ledger.purged + 1), rows, strict=False):
        head = chain(head or GENESIS, body)
        if (seq, body, stored) != (number, run.bodies[number - 1], head):
            return f"record {number} is missing or changed, or the chain does not hold"
    return None if rows or not committed else "nothing is left"


def broken(run: Run, points: int, seed: int) -> list[str]:
    """What is wrong after so many power cuts."""
    found = []
    for crash in crashes(run.log, points, seed):
        with laid_out(crash.image) as folder:
            try:
                found.append(survey(folder, run, crash.note))
            except sqlite3.DatabaseError as error:
                found.append(f"the file cannot be read: {error}")
    return [one for one in found if one is not None]


def test_whenever_the_power_goes_nothing_is_lost_and_the_chain_holds(tmp_path: Path) -> None:
    """200 cuts in a life in which records went ten times."""
    run = record(tmp_path)
    assert len(run.bodies) == ROUNDS * BATCH
    assert broken(run, points=200, seed=1) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 7))
def test_a_thousand_cuts_more(tmp_path: Path, seed: int) -> None:
    """At other places, with other luck."""
    assert broken(record(tmp_path), points=1000, seed=seed) == []


def test_a_ledger_that_does_not_sync_is_found_out(tmp_path: Path) -> None:
    """So the check can fail."""
    with NEVER_SYNCHRONOUS():
        run = record(tmp_path)
    assert broken(run, points=60, seed=1) != []
