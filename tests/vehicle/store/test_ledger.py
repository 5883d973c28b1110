"""The ledger: a commit is whole or nothing, the chain holds, and a reopened one goes on where it stopped."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from edge.contract.records import GENESIS, chain, encode_event
from edge.domain.events import Event, SignedIn
from edge.vehicle.store.ledger import CURSOR_STEP, Ledger, Reader
from tests.contract.samples import event
from tests.vehicle.store.killing import write_and_kill

UNIT = "car-1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with closing(Ledger(path, UNIT)) as opened:
        yield opened


def records(ledger: Ledger, first: int, count: int) -> list[Event]:
    """Records of this ledger, in order."""
    return [event(SignedIn(), seq, UNIT, ledger.id) for seq in range(first, first + count)]


def read(path: Path) -> list[tuple[int, bytes, bytes]]:
    """Everything that another thread can see."""
    with closing(Reader(path)) as reader:
        return reader.after(0, 10_000)


def test_a_commit_stores_canonical_bytes_in_a_chain(ledger: Ledger, path: Path) -> None:
    """Each record's hash is of the one before and its own bytes; the ledger knows its head and last number."""
    events = records(ledger, 1, 3)
    ledger.commit(events, b"state")
    head = GENESIS
    for row, record in zip(read(path), events, strict=True):
        head = chain(head, encode_event(record))
        assert row == (record.seq, encode_event(record), head)
    assert (ledger.seq, ledger.head, ledger.checkpoint()) == (3, head, b"state")


def test_a_reopened_ledger_goes_on(path: Path) -> None:
    """The same id, number, head, state, visits and cursor; the chain runs through."""
    with closing(Ledger(path, UNIT)) as ledger:
        ledger.acknowledged = 1
        ledger.commit(records(ledger, 1, 2), b"first", [("a", b"A"), ("b", b"B")])
        before = (ledger.id, ledger.seq, ledger.head)
    with closing(Ledger(path, UNIT)) as ledger:
        assert (ledger.id, ledger.seq, ledger.head) == before
        assert (ledger.acknowledged, ledger.checkpoint(), sorted(ledger.visits())) == (1, b"first", [b"A", b"B"])
        ledger.commit(records(ledger, 3, 2), b"second")
    rows = read(path)
    assert [seq for seq, _, _ in rows] == [1, 2, 3, 4]
    assert all(chain(one[2], two[1]) == two[2] for one, two in pairwise(rows))


def test_a_commit_that_fails_stores_nothing(ledger: Ledger, path: Path) -> None:
    """A number given twice in the middle: no record of the batch, no state, no visit, no cursor; and it goes on."""
    ledger.commit(records(ledger, 1, 2), b"good", [("a", b"A")])
    head = ledger.head
    ledger.acknowledged = 2
    with pytest.raises(sqlite3.IntegrityError):
        ledger.commit([*records(ledger, 3, 2), *records(ledger, 2, 1)], b"bad", [("b", b"B")])
    assert [seq for seq, _, _ in read(path)] == [1, 2]
    assert (ledger.seq, ledger.head, ledger.checkpoint(), ledger.visits()) == (2, head, b"good", [b"A"])
    with closing(Ledger(path, UNIT)) as other:
        assert other.acknowledged == 0
    ledger.commit(records(ledger, 3, 1), b"better")
    assert [seq for seq, _, _ in read(path)] == [1, 2, 3]


def test_a_state_that_cannot_be_stored_takes_the_records_with_it(ledger: Ledger, path: Path) -> None:
    """Records, state and cursor are one transaction: the records came first and are rolled back."""
    with pytest.raises(sqlite3.Error):
        ledger.commit(records(ledger, 1, 2), object())  # type: ignore[arg-type]  # what SQLite cannot hold
    assert read(path) == []
    assert (ledger.seq, ledger.head) == (0, GENESIS)


def test_the_cursor_reaches_the_disk_with_a_commit_once_it_has_moved_far_enough(path: Path) -> None:
    """Lost, it costs a question. It may also go back, at once, for a headquarters that has lost its database."""
    with closing(Ledger(path, UNIT)) as ledger:
        ledger.commit(records(ledger, 1, 40), b"")
        for acknowledged, stored in ((CURSOR_STEP - 1, 0), (CURSOR_STEP, CURSOR_STEP), (40, 40), (39, 39)):
            ledger.acknowledged = acknowledged
            before = ledger.stored_cursor
            with closing(Ledger(path, UNIT)) as other:
                assert other.acknowledged == before
            ledger.commit([], b"")
            with closing(Ledger(path, UNIT)) as other:
                assert other.acknowledged == stored
        ledger.acknowledged = 0
        ledger.commit([], b"")
    with closing(Ledger(path, UNIT)) as ledger:
        assert ledger.acknowledged == 0


def test_visits_are_replaced_by_id_and_forgotten_by_id(ledger: Ledger) -> None:
    """The last telling stays."""
    ledger.commit([], b"", [("a", b"one"), ("b", b"B")])
    ledger.commit([], b"", [("a", b"two")])
    assert sorted(ledger.visits()) == [b"B", b"two"]
    ledger.commit([], b"", gone=["a", "never heard of"])
    assert ledger.visits() == [b"B"]


def test_a_reader_knows_the_hash_at_every_number(ledger: Ledger, path: Path) -> None:
    """The genesis at 0, None where there is no record; reading goes in pages, in order."""
    ledger.commit(records(ledger, 1, 5), b"")
    with closing(Reader(path)) as reader:
        assert reader.hash_at(0) == GENESIS
        assert reader.hash_at(5) == ledger.head
        assert reader.hash_at(6) is None
        assert [seq for seq, _, _ in reader.after(1, 2)] == [2, 3]
        assert reader.after(5, 10) == []


def test_a_ledger_of_another_unit_is_refused(path: Path) -> None:
    """A card that was moved to another car: its records are that car's."""
    Ledger(path, UNIT).close()
    with pytest.raises(sqlite3.DatabaseError, match="the ledger belongs to unit 'car-1', not 'car-2'"):
        Ledger(path, "car-2")


def test_every_ledger_file_has_an_id_of_its_own(tmp_path: Path) -> None:
    """Numbers start at 1 again in a new file, so ids of records never meet."""
    made = [Ledger(tmp_path / name, UNIT) for name in ("a", "b")]
    assert made[0].id != made[1].id
    for ledger in made:
        ledger.close()


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    """As a database error, which the vault takes for damage."""
    path.write_bytes(b"no database at all " * 500)
    with pytest.raises(sqlite3.DatabaseError):
        Ledger(path, UNIT)


def write_until_killed(path: Path, told: "Connection[int, int]") -> None:
    """Commit two records at a time, and say so only when the commit has returned."""
    ledger = Ledger(path, UNIT)
    while True:
        ledger.commit(records(ledger, ledger.seq + 1, 2), str(ledger.seq + 2).encode())
        told.send(ledger.seq)


def test_what_was_committed_survives_a_kill(path: Path) -> None:
    """SIGKILL in the middle of writing, four lives: every confirmed record is there, in whole commits, chain intact."""
    lottery = random.Random(1)  # noqa: S311 - a dice, not a secret
    for _ in range(4):
        confirmed = write_and_kill(write_until_killed, path, lottery)
        rows = read(path)
        assert confirmed > 0
        assert len(rows) in (confirmed, confirmed + 2)
        assert [seq for seq, _, _ in rows] == list(range(1, len(rows) + 1))
        head = GENESIS
        for _, body, stored in rows:
            head = chain(head, body)
            assert head == stored
        with closing(Ledger(path, UNIT)) as ledger:
            assert ledger.checkpoint() == str(len(rows)).encode()
            assert (ledger.seq, ledger.head) == (len(rows), head)
