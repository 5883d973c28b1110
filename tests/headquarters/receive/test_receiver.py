"""The receiver: each record once, in order, proved; whatever else comes is refused and answered."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.contract.messages import Ack, Status, Visits, encode
from edge.contract.records import GENESIS, chain
from edge.domain.events import SignedIn, Stopped
from edge.headquarters.address import Address
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store, StoreError
from tests.headquarters.databases import accept_events, refuse_events, sql
from tests.headquarters.ledgers import TOPICS, Ledger


def a_ledger(count: int, **changes: str) -> Ledger:
    ledger = Ledger(**changes)  # type: ignore[arg-type]
    for number in range(count):
        ledger.add(float(number), SignedIn())
    return ledger


def status(ledger: Ledger, /, **changes: object) -> Received:
    values = {"unit": ledger.unit, "online": True, "software": "1", "ledger": ledger.id, "recorded": 3}
    message = Status.model_validate({**values, "time": datetime(2026, 11, 23, tzinfo=UTC), **changes})
    return Received(TOPICS.status(ledger.unit), encode(message))


def kinds(store: Store) -> list[str]:
    return sorted(finding.kind for finding in store.findings())


def bodies(store: Store, ledger: Ledger) -> list[bytes]:
    return [body for _, body, _ in store.records(ledger.unit, ledger.id)]


def test_records_in_order_are_stored_and_acknowledged_with_the_head(receiver: Receiver, store: Store) -> None:
    """Three records in one batch: one acknowledgement, its head the hash over all three."""
    ledger = a_ledger(3)
    assert receiver.handle(ledger.messages()) == [
        Ack(unit="car-1", ledger="ledger-a", seq=3, head=ledger.hashes[3].hex())
    ]
    assert bodies(store, ledger) == ledger.bodies
    assert [check.problem for check in verify_all(store)] == [None]


def test_a_repeated_record_is_counted_and_not_stored_twice(receiver: Receiver, store: Store) -> None:
    """The same bytes again are a duplicate, answered like the first time."""
    ledger = a_ledger(2)
    receiver.handle(ledger.messages())
    (ack,) = receiver.handle(ledger.messages())
    assert (ack.seq, ack.problem) == (2, None)
    assert store.count() == 2
    assert store.ledgers()[0].duplicates == 2
    assert store.findings() == []


def test_a_gap_is_answered_with_what_is_held(receiver: Receiver, store: Store) -> None:
    """Record 3 without record 2: the acknowledgement says 1 and what is missing; 3 is no record of the ledger yet."""
    ledger = a_ledger(3)
    (ack,) = receiver.handle([ledger.message(1), ledger.message(3)])
    assert (ack.seq, ack.head) == (1, ledger.hashes[1].hex())
    assert ack.problem is not None
    assert "record 2" in ack.problem
    assert bodies(store, ledger) == ledger.bodies[:1]
    (ack,) = receiver.handle([ledger.message(2), ledger.message(3)])
    assert (ack.seq, ack.problem) == (3, None)


def test_records_out_of_order_in_one_batch_leave_no_hole(receiver: Receiver, store: Store) -> None:
    """What belongs together is accepted together, in order."""
    ledger = a_ledger(3)
    (ack,) = receiver.handle([ledger.message(3), ledger.message(1), ledger.message(2)])
    assert (ack.seq, ack.problem) == (3, None)
    assert bodies(store, ledger) == ledger.bodies


def test_a_changed_repeat_is_a_conflict_and_the_first_bytes_stay(receiver: Receiver, store: Store) -> None:
    """A record that comes again with other bytes is refused, recorded as a finding, and said in the answer."""
    ledger = a_ledger(2)
    receiver.handle(ledger.messages())
    changed = ledger.bodies[0].replace(b"117", b"118")
    (ack,) = receiver.handle([ledger.message(1, changed)])
    assert ack.seq == 2
    assert ack.problem is not None
    assert ack.problem.startswith("conflict")
    assert bodies(store, ledger) == ledger.bodies
    assert kinds(store) == ["conflict"]


def test_a_tampered_record_does_not_fit_the_chain(receiver: Receiver, store: Store) -> None:
    """Bytes changed on the way do not give the hash they came with: not stored."""
    ledger = a_ledger(2)
    changed = ledger.bodies[1].replace(b"117", b"118")
    (ack,) = receiver.handle([ledger.message(1), ledger.message(2, changed)])
    assert ack.seq == 1
    assert kinds(store) == ["chain"]
    assert bodies(store, ledger) == ledger.bodies[:1]


def test_a_rewritten_history_does_not_fit_the_head_held(receiver: Receiver, store: Store) -> None:
    """A ledger whose earlier record was changed, and rehashed, shows at its next record."""
    ledger, rewritten = a_ledger(3), a_ledger(0)
    receiver.handle(ledger.messages()[:2])
    rewritten.add(99.0, Stopped())
    for event in ledger.events[1:]:
        rewritten.append(event)
    (ack,) = receiver.handle([rewritten.message(3)])
    assert ack.seq == 2
    assert ack.head == ledger.hashes[2].hex()
    assert kinds(store) == ["chain"]


def test_two_ledgers_of_a_unit_are_kept_apart(receiver: Receiver, store: Store) -> None:
    """A new ledger file starts at 1 beside the old one; each is answered."""
    old, new = a_ledger(2), a_ledger(1, id="ledger-b")
    acks = receiver.handle([*old.messages(), *new.messages()])
    assert [(ack.ledger, ack.seq) for ack in acks] == [("ledger-a", 2), ("ledger-b", 1)]
    assert [ledger.id for ledger in store.ledgers("car-1")] == ["ledger-a", "ledger-b"]


def test_every_status_of_an_online_vehicle_is_answered_with_what_is_held(receiver: Receiver, store: Store) -> None:
    """Nothing held: number 0 and the genesis hash. A last will is kept and not answered."""
    ledger = a_ledger(1)
    assert receiver.handle([status(ledger)]) == [Ack(unit="car-1", ledger="ledger-a", seq=0, head=GENESIS.hex())]
    receiver.handle(ledger.messages())
    (ack,) = receiver.handle([status(ledger)])
    assert ack.seq == 1
    assert receiver.handle([status(ledger, online=False)]) == []
    assert len(store.documents("status")) == 1


def test_visits_are_kept_as_the_vehicle_said_them_last(receiver: Receiver, store: Store) -> None:
    """One document a vehicle."""
    for shift in ("2026-11-22/day", "2026-11-22/night"):
        payload = encode(Visits(unit="car-1", shift=shift, visits=()))
        assert receiver.handle([Received(TOPICS.visits("car-1"), payload)]) == []
    (kept,) = store.documents("visits")
    assert b"night" in kept.body


def test_a_record_of_a_kind_unknown_here_is_stored_all_the_same(receiver: Receiver, store: Store) -> None:
    """A newer vehicle's record is proved by its bytes, and nothing is wrong with it: it is no finding."""
    ledger = a_ledger(1)
    body = ledger.bodies[0].replace(b'"signed_in"', b'"teleported"')
    (ack,) = receiver.handle([ledger.message(1, body, hash=chain(GENESIS, body).hex())])
    assert ack.seq == 1
    assert kinds(store) == []
    assert [check.intact for check in verify_all(store)] == [True]


def test_the_same_finding_again_is_counted(receiver: Receiver, store: Store) -> None:
    """A vehicle that repeats itself does not fill the database."""
    ledger = a_ledger(1)
    for _ in range(5):
        receiver.handle([ledger.message(1, b"junk")])
    (finding,) = store.findings()
    assert finding.times == 5


def test_a_batch_is_stored_whole_or_not_at_all(database: Address, store: Store, receiver: Receiver) -> None:
    """A database error in the middle: nothing is stored, nothing acknowledged, and the same batch succeeds later."""
    ledger = a_ledger(3)
    refuse_events(database, when="NEW.seq=3")
    with pytest.raises(StoreError, match="no room"):
        receiver.handle([ledger.message(1, b"junk"), *ledger.messages()])
    assert (store.count(), store.ledgers(), store.findings()) == (0, [], [])
    accept_events(database)
    (ack,) = receiver.handle(ledger.messages())
    assert (ack.seq, ack.problem) == (3, None)


def test_a_record_twice_in_one_batch_is_stored_once(receiver: Receiver, store: Store) -> None:
    """Also where the first is not written yet; other bytes are a conflict, as ever."""
    ledger = a_ledger(2)
    changed = ledger.bodies[0].replace(b"117", b"118")
    (ack,) = receiver.handle([ledger.message(1), ledger.message(1), ledger.message(1, changed), ledger.message(2)])
    assert ack.seq == 2
    assert bodies(store, ledger) == ledger.bodies
    assert store.ledgers()[0].duplicates == 1
    assert kinds(store) == ["conflict"]


COUNT = 12


@pytest.mark.timeout(300)  # fifty databases
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_the_order_repeats_and_losses_each_record_ends_up_once_in_order(
    database: Address, data: st.DataObject
) -> None:
    """Any deliveries of two cars' records, then what is not acknowledged again in any order: all of it, each once."""
    cars = [a_ledger(COUNT), a_ledger(COUNT, unit="car-2"), a_ledger(COUNT, unit="car-2", id="ledger-b")]
    any_record = st.tuples(st.integers(0, 2), st.integers(1, COUNT))
    with Store(database) as store:
        clear(database)
        receiver = Receiver(store, TOPICS, lambda: 1.0)
        for batch in data.draw(st.lists(st.lists(any_record, max_size=12), max_size=20)):
            for ack in receiver.handle([cars[which].message(seq) for which, seq in batch]):
                ledger = next(one for one in cars if (one.unit, one.id) == (ack.unit, ack.ledger))
                assert ack.head == ledger.hashes[ack.seq].hex()
                assert bodies(store, ledger) == ledger.bodies[: ack.seq]
        rounds = 0
        while store.count() < len(cars) * COUNT:
            rest = [one.message(seq) for one in cars for seq in range(held(store, one) + 1, COUNT + 1)]
            receiver.handle(data.draw(st.permutations(rest)))
            rounds += 1
        assert rounds <= COUNT  # each one brought at least the next of every ledger
        assert [bodies(store, ledger) for ledger in cars] == [ledger.bodies for ledger in cars]
        assert all(check.intact for check in verify_all(store))
        assert store.findings() == []


def held(store: Store, ledger: Ledger) -> int:
    return store.head(ledger.unit, ledger.id).seq


def clear(database: Address) -> None:
    """An empty database without the price of making a new one."""
    for table in ("events", "heads", "documents", "findings", "early_records"):
        sql(database, f"DELETE FROM {table}")  # noqa: S608 - the test's own table names
