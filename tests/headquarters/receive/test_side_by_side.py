"""Receivers side by side: a broker deals a ledger's records to them in turn, and each ends up once, in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

import psycopg
import pytest

from edge.contract.messages import Ack
from edge.headquarters.address import Address, DatabaseUrl
from edge.headquarters.receive.acceptance import EARLY_MOST
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.receive.receiver import ALONE_S, GRACE_S, SEEN_S, Receiver
from edge.headquarters.store import Store
from tests.headquarters.databases import sql
from tests.headquarters.ledgers import TOPICS, a_busy_ledger
from tests.headquarters.receive.test_receiver import a_ledger, bodies, kinds


@dataclass
class Pair:
    """Two receivers into one database, each over its own connection, and one clock."""

    one: Receiver
    two: Receiver
    store: Store
    now: list[float] = field(default_factory=lambda: [1_000.0])

    def sleep(self, seconds: float) -> list[Ack]:
        """Time passes; each looks after what is due."""
        self.now[0] += seconds
        return [*self.one.handle([]), *self.two.handle([])]


@pytest.fixture
def pair(database: Address) -> Iterator[Pair]:
    """Both know of each other."""
    now = [1_000.0]
    with Store(database) as first, Store(database) as second:
        made = Pair(
            Receiver(first, TOPICS, lambda: now[0], "receiver-1"),
            Receiver(second, TOPICS, lambda: now[0], "receiver-2"),
            first,
            now,
        )
        made.sleep(0.0)
        made.sleep(SEEN_S)
        yield made


def test_records_dealt_in_turn_end_up_once_in_order(pair: Pair) -> None:
    """Odd ones to the one, even ones to the other: nothing is asked for again, the last answer is the head."""
    ledger = a_busy_ledger(40)
    odd, even = ledger.messages()[::2], ledger.messages()[1::2]
    acks = [*pair.one.handle(odd), *pair.two.handle(even)]
    assert [(ack.seq, ack.problem) for ack in acks] == [(1, None), (40, None)]
    assert bodies(pair.store, ledger) == ledger.bodies
    assert pair.store.ledgers()[0].duplicates == 0
    assert [check.problem for check in verify_all(pair.store)] == [None]


def test_nothing_waits_when_the_gap_is_closed(pair: Pair, database: Address) -> None:
    """Whatever was let wait is forgotten when it is accepted, or held already."""
    ledger = a_ledger(6)
    pair.one.handle([ledger.message(3), ledger.message(5)])
    pair.two.handle([ledger.message(seq) for seq in (1, 2, 3)])
    pair.two.handle([ledger.message(seq) for seq in (4, 6)])
    assert bodies(pair.store, ledger) == ledger.bodies
    assert sql(database, "SELECT count(*) FROM early_records") == [(0,)]


def test_a_gap_is_left_to_the_other_for_a_while(pair: Pair) -> None:
    """Only when it has lasted is the vehicle asked to send again, without a further message."""
    ledger = a_ledger(3)
    assert pair.one.handle([ledger.message(1), ledger.message(3)])[0].problem is None
    assert pair.one.handle([ledger.message(3)]) == []
    assert pair.sleep(GRACE_S / 2) == []
    (ack,) = pair.sleep(GRACE_S)
    assert (ack.seq, ack.problem) == (1, "missing: record 2")


def test_a_receiver_that_is_alone_again_asks_at_once(pair: Pair) -> None:
    """The other one has given no sign of life for long."""
    pair.now[0] += ALONE_S + 1.0
    pair.one.handle([])
    ledger = a_ledger(3)
    (ack,) = pair.one.handle([ledger.message(1), ledger.message(3)])
    assert ack.problem == "missing: record 2"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_ledger_that_another_has_locked_is_not_waited_for(pair: Pair, database: DatabaseUrl) -> None:
    """What came waits; as soon as the other is through, it is accepted and acknowledged without a further message."""
    ledger = a_ledger(4)
    pair.one.handle([ledger.message(1)])
    with locked_head(database):
        assert pair.one.handle([ledger.message(1), ledger.message(2), ledger.message(3)]) == [
            Ack(unit="car-1", ledger="ledger-a", seq=1, head=ledger.hashes[1].hex())
        ]
        assert pair.one.idle_s() < SEEN_S
    (ack,) = pair.sleep(0.1)
    assert (ack.seq, ack.problem) == (3, None)
    assert pair.store.ledgers()[0].duplicates == 1
    assert pair.sleep(0.1) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_under_load_each_stores_its_share_and_leaves_the_other_its_own(pair: Pair, database: DatabaseUrl) -> None:
    """So both write at once; when less comes, what was left is looked after without a further message."""
    ledgers = [a_busy_ledger(60, f"car-{number}") for number in range(8)]
    dealt = [message for together in zip(*(one.messages() for one in ledgers), strict=True) for message in together]
    pair.one.handle(dealt[::2])
    pair.two.handle(dealt[1::2])
    pair.one.handle(dealt[1::2])
    stored = {unit for (unit,) in sql(database, "SELECT DISTINCT unit FROM events")}
    assert 0 < len(stored) < len(ledgers)
    pair.sleep(0.1)
    assert [bodies(pair.store, ledger) for ledger in ledgers] == [ledger.bodies for ledger in ledgers]
    assert sql(database, "SELECT count(*) FROM early_records") == [(0,)]
    assert [check.problem for check in verify_all(pair.store)] == [None] * len(ledgers)


@contextmanager
def locked_head(database: DatabaseUrl) -> Iterator[None]:
    """Another receiver is amid its transaction."""
    with psycopg.connect(database.secret.replace("+psycopg", "")) as other:
        other.execute("SELECT * FROM heads FOR UPDATE")
        yield
        other.rollback()


def test_no_ledger_lets_more_wait_than_a_vehicle_has_under_way(receiver: Receiver, database: Address) -> None:
    """A record far beyond the head is not stored: its vehicle sends it again."""
    far = [forged(seq) for seq in (2, EARLY_MOST, EARLY_MOST + 1, 10**9)]
    (ack,) = receiver.handle(far)
    assert ack.problem == "missing: record 1"
    assert sql(database, "SELECT seq FROM early_records ORDER BY seq") == [(2,), (EARLY_MOST,)]


def forged(seq: int) -> Received:
    """A record of any number that does not fit the chain."""
    own = {"id": f"car-1:ledger-a:{seq}", "ledger": "ledger-a", "seq": str(seq), "hash": "ab" * 32}
    record = a_ledger(1).bodies[0].replace(b'car-1:ledger-a:1"', f'car-1:ledger-a:{seq}"'.encode())
    return Received(TOPICS.events("car-1"), record.replace(b'"seq":1', f'"seq":{seq}'.encode()), own)


def test_an_early_record_that_does_not_fit_is_refused_in_its_turn_and_does_not_block(
    receiver: Receiver, store: Store, database: Address
) -> None:
    """It is a finding, the true one is asked for, and is accepted when it comes."""
    ledger = a_ledger(3)
    receiver.handle([forged(2)])
    (ack,) = receiver.handle([ledger.message(1)])
    assert ack.seq == 1
    assert str(ack.problem).startswith("chain: record 2")
    assert kinds(store) == ["chain"]
    (ack,) = receiver.handle([ledger.message(2), ledger.message(3)])
    assert (ack.seq, ack.problem) == (3, None)
    assert sql(database, "SELECT count(*) FROM early_records") == [(0,)]


def test_a_true_record_is_accepted_beside_a_forged_one_that_waits(receiver: Receiver, store: Store) -> None:
    """Whatever came first: the chain says which is the ledger's."""
    ledger = a_ledger(2)
    receiver.handle([forged(2)])
    (ack,) = receiver.handle(ledger.messages())
    assert (ack.seq, ack.problem) == (2, None)
    assert bodies(store, ledger) == ledger.bodies


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_dealt_repeated_or_lost_with_a_receiver_no_record_is(pair: Pair, seed: int) -> None:
    """Three cars' records dealt at random to two receivers, one of which falls for a while with what it has."""
    dice = Random(seed)  # noqa: S311 - a test's dice
    cars = [a_ledger(60), a_ledger(60, unit="car-2"), a_ledger(60, unit="car-2", id="ledger-b")]
    messages = [(car, seq) for seq in range(1, 61) for car in cars]
    for start in range(0, len(messages), 20):
        part = [car.message(seq) for car, seq in messages[start : start + 20]]
        part += dice.sample(part, dice.randint(0, 3))
        mine = [message for message in part if dice.random() < 0.5]
        pair.one.handle(mine)
        if dice.random() < 0.7:
            pair.two.handle([message for message in part if message not in mine])
        pair.sleep(0.1)
    for car in cars:
        held = pair.store.head(car.unit, car.id).seq
        dice.choice((pair.one, pair.two)).handle([car.message(seq) for seq in range(held + 1, 61)])
    assert [bodies(pair.store, car) for car in cars] == [car.bodies for car in cars]
    assert all(check.intact for check in verify_all(pair.store))
    assert pair.store.findings() == []


def test_two_processes_with_one_name_find_out(pair: Pair) -> None:
    """Each sees that the last sign of its name was not its own; it passes when the other ends."""
    with Store(pair.store.address) as third:
        twin = Receiver(third, TOPICS, lambda: pair.now[0], "receiver-1")
        for _ in range(3):
            pair.sleep(SEEN_S)
            twin.handle([])
        assert (pair.one.twin, pair.two.twin, twin.twin) == (True, False, True)
    pair.sleep(SEEN_S)
    pair.sleep(SEEN_S)
    assert not pair.one.twin


def test_a_receiver_that_is_started_again_is_no_twin_of_the_one_before(pair: Pair) -> None:
    """Killed and started at once under its name."""
    again = Receiver(pair.store, TOPICS, lambda: pair.now[0], "receiver-1")
    for _ in range(2):
        again.handle([])
        pair.now[0] += SEEN_S
    assert not again.twin
