"""The proof: what was changed, cut out or cut off shows, at once or when the walk comes by."""

from pathlib import Path

import pytest

from edge.headquarters.address import Address
from edge.headquarters.receive.proof import EVERY_S, STEP, ChainWalk, verify_all
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import ChainCheck, Store
from tests.headquarters.databases import sql
from tests.headquarters.ledgers import a_busy_ledger
from tests.headquarters.receive.test_receiver import a_ledger


def test_verify_says_what_was_changed_or_cut_out(receiver: Receiver, store: Store, database: Address) -> None:
    """A byte changed in the database, or a row deleted, shows by its number."""
    ledger = a_ledger(4)
    receiver.handle(ledger.messages())
    sql(database, "UPDATE events SET body=? WHERE seq=2", ledger.bodies[1].replace(b"117", b"118"))
    (check,) = verify_all(store)
    assert check.problem is not None
    assert "record 2" in check.problem
    sql(database, "UPDATE events SET body=? WHERE seq=2", ledger.bodies[1])
    sql(database, "DELETE FROM events WHERE seq=3")
    (check,) = verify_all(store)
    assert check.problem == "record 3 is missing"


def test_verify_sees_a_tail_cut_off(receiver: Receiver, store: Store, database: Address) -> None:
    """Records deleted at the end leave a head without them."""
    receiver.handle(a_ledger(4).messages())
    sql(database, "DELETE FROM events WHERE seq=4")
    (check,) = verify_all(store)
    assert check.problem == "the records end at 3, but the head is at 4"


def walked(store: Store, walk: ChainWalk, steps: int) -> ChainCheck | None:
    """What is stored of the only ledger's chain after some more steps."""
    for _ in range(steps):
        walk.step(store)
    return store.chain_checks().get(("car-1", "ledger-a"))


def test_headquarters_walks_the_chains_a_little_at_a_time(store: Store, receiver: Receiver) -> None:
    """A ledger is checked once its last record is reached, then another; the one checked longest ago is the next."""
    long, short = a_busy_ledger(2 * STEP + 1), a_busy_ledger(5, "car-2", "ledger-b")
    receiver.handle([*long.messages(), *short.messages()])
    times = iter(range(1, 9))
    walk = ChainWalk(lambda: float(next(times)))
    assert walked(store, walk, 2) is None
    assert walked(store, walk, 1) == ChainCheck("car-1", "ledger-a", 2 * STEP + 1, 1.0, None)
    walk.step(store)
    assert store.chain_checks()["car-2", "ledger-b"].checked == 2.0
    assert walked(store, walk, 3) == ChainCheck("car-1", "ledger-a", 2 * STEP + 1, 3.0, None)


def test_records_that_come_meanwhile_are_walked_the_next_time(store: Store, receiver: Receiver) -> None:
    """A check says how far it went."""
    ledger, walk = a_busy_ledger(STEP + 20), ChainWalk(lambda: 1.0)
    receiver.handle(ledger.messages()[: STEP + 1])
    walk.step(store)
    receiver.handle(ledger.messages()[STEP + 1 :])
    found = walked(store, walk, 1)
    assert found is not None
    assert (found.seq, found.problem) == (STEP + 1, None)
    found = walked(store, walk, 2)
    assert found is not None
    assert (found.seq, found.problem) == (STEP + 20, None)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            "UPDATE events SET body=hash WHERE seq=5",
            "record 5 does not fit the chain: this record or an earlier one was changed",
        ),
        (
            "UPDATE events SET hash=body WHERE seq=20",
            "record 20 does not fit the chain: this record or an earlier one was changed",
        ),
        ("DELETE FROM events WHERE seq=7", "record 7 is missing"),
        ("DELETE FROM events WHERE seq=20", "the records end at 19, but the head is at 20"),
        ("UPDATE heads SET hash=unit::bytea", "the head does not match the last record's hash"),
    ],
)
def test_what_was_changed_after_it_was_checked_is_found_by_the_next_walk(
    change: str, problem: str, store: Store, receiver: Receiver, database: Address
) -> None:
    """Whatever was changed, cut out or cut off: its number is stored, for every page to say."""
    receiver.handle(a_busy_ledger(20).messages())
    walk = ChainWalk(lambda: 1.0)
    found = walked(store, walk, 1)
    assert found is not None
    assert found.problem is None
    sql(database, change.replace("unit::bytea", "zeroblob(32)") if isinstance(database, Path) else change)
    found = walked(store, walk, 1)
    assert found is not None
    assert found.problem == problem


def test_the_walk_takes_its_time(store: Store, receiver: Receiver) -> None:
    """Called between batches however often, it steps twice a second at most."""
    receiver.handle(a_busy_ledger(3 * STEP).messages())
    now = 100.0
    walk = ChainWalk(lambda: now)
    for _ in range(9):
        walk.tend(store)
    assert store.chain_checks() == {}
    for _ in range(2):
        now += EVERY_S
        walk.tend(store)
    assert len(store.chain_checks()) == 1


def test_a_ledger_whose_head_is_gone_is_not_passed_over(receiver: Receiver, store: Store, database: Address) -> None:
    """Deleted from the table of heads, its records are still to be proved."""
    receiver.handle(a_busy_ledger(20).messages())
    sql(database, "DELETE FROM heads")
    assert [check.problem for check in verify_all(store)] == ["the records end at 20, but the head is at 0"]
