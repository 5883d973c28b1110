"""The intake: nothing is acknowledged that is not in the database of that name, and every trouble of it passes."""

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg
import pytest

from edge.contract.messages import Ack, decode
from edge.headquarters.address import Address
from edge.headquarters.receive.intake import DROPS_TOLD_S, QUEUE, QUEUE_BYTES, Intake
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.store import Store
from tests.headquarters.databases import accept_events, refuse_events, sql
from tests.headquarters.ledgers import TOPICS, Ledger, a_busy_ledger
from tests.waiting import PATIENCE_S, wait_for


@dataclass
class Desk:
    """An intake with its thread, one car's ledger, and what the car was told."""

    database: Address
    busy_s: float = 10.0
    ledger: Ledger = field(default_factory=lambda: a_busy_ledger(300))
    acks: list[Ack] = field(default_factory=list)
    now: float = 1000.0
    tended: int = 0

    def __post_init__(self) -> None:
        opened = partial(Store, self.database, make=False, busy_s=self.busy_s)
        self.intake = Intake(opened, TOPICS, self._send, lambda: self.now, self._tend)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.intake.run, args=(self.stop,))

    def send(self, first: int, last: int) -> None:
        """The car sends some of its records."""
        for seq in range(first, last + 1):
            self.intake.offer(self.ledger.message(seq))

    def held(self) -> int:
        """What the car was told last that is held."""
        return self.acks[-1].seq if self.acks else 0

    def check(self, count: int) -> None:
        """So many records are in the file of that name, whole and once."""
        with Store(self.database, make=False) as store:
            assert [body for _, body, _ in store.records("car-1", "ledger-a")] == self.ledger.bodies[:count]
            assert [check.problem for check in verify_all(store)] == [None]

    def _send(self, _topic: str, payload: bytes) -> None:
        self.acks.append(decode(Ack, payload))

    def _tend(self, _store: Store) -> None:
        self.tended += 1


@pytest.fixture
def desk(database: Address) -> Iterator[Desk]:
    """A running intake with an empty database."""
    yield from running(database)


@pytest.fixture
def file_desk(file: Path) -> Iterator[Desk]:
    """A running intake with an empty SQLite database."""
    yield from running(file)


@pytest.fixture
def impatient(database: Address) -> Iterator[Desk]:
    """One that waits for a locked database for a moment only."""
    yield from running(database, busy_s=0.1)


def running(database: Address, busy_s: float = 10.0) -> Iterator[Desk]:
    Store(database).close()
    desk = Desk(database, busy_s)
    desk.thread.start()
    yield desk
    desk.stop.set()
    desk.thread.join(PATIENCE_S)
    assert not desk.thread.is_alive()


def test_a_database_that_refuses_is_told_and_tried_again(desk: Desk) -> None:
    """While the database refuses, no acknowledgement goes out; when it takes records again, they are all there."""
    refuse_events(desk.database)
    desk.send(1, 5)
    wait_for(lambda: desk.intake.trouble)
    assert "no room" in str(desk.intake.trouble)
    assert desk.acks == []
    accept_events(desk.database)
    wait_for(lambda: desk.held() == 5)
    wait_for(lambda: desk.intake.trouble is None)
    desk.check(5)


@contextmanager
def locked(database: Address) -> Iterator[None]:
    """Another program holds what the receiver writes to."""
    if isinstance(database, Path):
        with closing(sqlite3.connect(database, isolation_level=None)) as raw:
            raw.execute("BEGIN EXCLUSIVE")
            yield
            raw.execute("ROLLBACK")
        return
    with psycopg.connect(database.secret.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE heads")
        yield
        other.rollback()


def test_a_database_that_is_locked_is_told_and_tried_again(impatient: Desk) -> None:
    """Another program holds it for longer than is waited."""
    desk = impatient
    desk.send(1, 5)
    wait_for(lambda: desk.held() == 5)
    with locked(desk.database):
        desk.send(6, 10)
        wait_for(lambda: desk.intake.trouble)
        assert "lock" in str(desk.intake.trouble)
        assert desk.held() == 5
    wait_for(lambda: desk.held() == 10)
    desk.check(10)


def test_a_full_disk_is_told_and_what_came_is_stored_when_there_is_room(tmp_path: Path) -> None:
    """On a file system of 2 MB that something else has filled."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("needs to mount a file system of its own (root)")
    try:
        for desk in running(disk / "hq.sqlite"):
            desk.send(1, 5)
            wait_for(lambda desk=desk: desk.held() == 5)  # type: ignore[misc]
            _fill(disk / "filler")
            desk.send(6, 300)
            wait_for(lambda desk=desk: desk.intake.trouble)  # type: ignore[misc]
            assert "full" in str(desk.intake.trouble)
            assert desk.held() == 5
            (disk / "filler").unlink()
            wait_for(lambda desk=desk: desk.held() == 300)  # type: ignore[misc]
            desk.check(300)
    finally:
        subprocess.run(["umount", disk], check=True)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as filler:
        try:
            while filler.write(b"x" * 4096):
                pass
        except OSError:
            return


def test_a_database_put_back_from_a_backup_is_taken_up_and_the_vehicles_told(file_desk: Desk, tmp_path: Path) -> None:
    """What it does not hold is not acknowledged any more; the car hears where to go on, and all of it is there."""
    desk = file_desk
    desk.send(1, 5)
    wait_for(lambda: desk.held() == 5)
    sql(desk.database, f"VACUUM INTO '{tmp_path}/backup'")
    desk.send(6, 10)
    wait_for(lambda: desk.held() == 10)
    os.replace(tmp_path / "backup", tmp_path / "hq.sqlite")
    desk.send(11, 20)
    wait_for(lambda: desk.held() == 5)
    assert desk.acks[-1].problem == "missing: record 6"
    desk.send(6, 20)
    wait_for(lambda: desk.held() == 20)
    desk.check(20)


def test_a_database_taken_away_is_told_and_not_made_anew(file_desk: Desk, file: Path, tmp_path: Path) -> None:
    """Nothing is acknowledged into a file without a name; put back, it goes on."""
    desk = file_desk
    desk.send(1, 5)
    wait_for(lambda: desk.held() == 5)
    shutil.move(file, tmp_path / "aside")
    desk.send(6, 10)
    wait_for(lambda: desk.intake.trouble is not None and "not found" in desk.intake.trouble)
    assert desk.held() == 5
    assert not file.exists()
    shutil.move(tmp_path / "aside", file)
    wait_for(lambda: desk.held() == 10)
    wait_for(lambda: desk.intake.trouble is None)
    desk.check(10)


def test_a_full_queue_drops_and_tells_how_many_until_all_has_long_come_again(database: Address) -> None:
    """The broker's thread never waits; the trouble is told for ten minutes after the last drop, and then forgotten."""
    desk = Desk(database)
    message = desk.ledger.message(1)
    for _ in range(QUEUE + 3):
        desk.intake.offer(message)
    assert desk.intake.dropped == 3
    assert desk.intake.jam == "3 messages dropped (too many to store); the vehicles will send them again"
    Store(database).close()
    desk.thread.start()
    wait_for(lambda: desk.tended > QUEUE / 500)
    assert desk.intake.jam is not None
    desk.now += DROPS_TOLD_S + 1
    wait_for(lambda: desk.intake.jam is None)
    desk.stop.set()
    desk.thread.join(PATIENCE_S)


def test_large_messages_do_not_fill_the_memory(file: Path) -> None:
    """The queue is bounded by bytes, too."""
    desk = Desk(file)
    large = desk.ledger.message(1, bytes(120_000))
    for _ in range(QUEUE_BYTES // 120_000 + 10):
        desk.intake.offer(large)
    assert desk.intake.dropped == 10
