"""The receiver: each record once, in order, proved; whatever else comes is refused and answered."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.contract.messages import Ack, Status, Visits, encode
from edge.contract.records import GENESIS, chain
from edge.domain.events import SignedIn, Stopped
from edge.headquarters.receiver import MAX_PAYLOAD, Received, Receiver
from edge.headquarters.store import Store
from edge.headquarters.verify import verify_all
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


def test_a_gap_is_not_stored_and_is_answered_with_what_is_held(receiver: Receiver, store: Store) -> None:
    """Record 3 without record 2: the acknowledgement says 1 and what is missing."""
    ledger = a_ledger(3)
    (ack,) = receiver.handle([ledger.message(1), ledger.message(3)])
    assert (ack.seq, ack.head) == (1, ledger.hashes[1].hex())
    assert ack.problem is not None
    assert "record 2" in ack.problem
    assert bodies(store, ledger) == ledger.bodies[:1]
    (ack,) = receiver.handle([ledger.message(2), ledger.message(3)])
    assert (ack.seq, ack.problem) == (3, None)


def test_records_out_of_order_in_one_batch_leave_no_hole(receiver: Receiver, store: Store) -> None:
    """What came too early is not kept; the vehicle sends it again."""
    ledger = a_ledger(3)
    (ack,) = receiver.handle([ledger.message(3), ledger.message(1), ledger.message(2)])
    assert ack.seq == 2
    assert bodies(store, ledger) == ledger.bodies[:2]


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


def hostile() -> dict[str, Received]:
    ledger, other = a_ledger(1), a_ledger(1, unit="car-2")
    good = ledger.message(1)
    events = TOPICS.events("car-1")
    return {
        "no JSON": ledger.message(1, b"\xff\xfe not JSON"),
        "no record": ledger.message(1, b"[]"),
        "deep": ledger.message(1, b"[" * 60_000),
        "too long": ledger.message(1, b" " * (MAX_PAYLOAD + 1)),
        "no properties": Received(events, good.payload),
        "a number that is none": ledger.message(1, seq="1; DROP TABLE events"),
        "a number too large": ledger.message(1, seq=str(2**70)),
        "negative": ledger.message(1, seq="-1"),
        "a hash that is none": ledger.message(1, hash="zz"),
        "another's record": Received(events, other.bodies[0], dict(other.message(1).properties)),
        "another's id": ledger.message(1, id="car-2:ledger-a:1"),
        "another ledger": ledger.message(1, ledger="ledger-b"),
        "lone surrogate": ledger.message(1, good.payload.replace(b"signed_in", b"\\ud800")),
        "a ledger like a path": ledger.message(1, ledger="../../etc"),
        "status of another": Received(TOPICS.status("car-1"), status(other).payload),
        "status like a path": status(ledger, ledger="../x"),
        "status that is none": Received(TOPICS.status("car-1"), b"{}"),
        "visits that are none": Received(TOPICS.visits("car-1"), b"null"),
    }


@pytest.mark.parametrize("name", hostile())
def test_a_hostile_message_is_a_finding_and_nothing_else(name: str, receiver: Receiver, store: Store) -> None:
    """It is not stored, it raises nothing, and good records after it are taken."""
    for ack in receiver.handle([hostile()[name]]):
        assert ack.seq == 0
    assert store.count() == 0
    assert len(store.findings()) == 1
    (ack,) = receiver.handle(a_ledger(1).messages())
    assert ack.seq == 1


@pytest.mark.parametrize(
    "topic",
    [
        "roundsman/v1/elsewhere/vehicles/car-1/events",
        "roundsman/v1/squaretown/vehicles/car-1/other",
        "roundsman/v1/squaretown/vehicles/car-1/events/more",
        "roundsman/v1/squaretown/vehicles//events",
        "roundsman/v1/squaretown/vehicles/../events",
        "roundsman/v1/squaretown/hq/acks/car-1",
        "",
    ],
)
def test_a_topic_that_is_no_vehicles_is_ignored(topic: str, receiver: Receiver, store: Store) -> None:
    """It is nobody's, so there is nothing to record of it."""
    message = a_ledger(1).message(1)
    assert receiver.handle([Received(topic, message.payload, message.properties)]) == []
    assert store.findings() == []


def test_a_record_of_a_kind_unknown_here_is_stored_all_the_same(receiver: Receiver, store: Store) -> None:
    """A newer vehicle's record is proved by its bytes; that it cannot be read yet is a finding."""
    ledger = a_ledger(1)
    body = ledger.bodies[0].replace(b'"signed_in"', b'"teleported"')
    (ack,) = receiver.handle([ledger.message(1, body, hash=chain(GENESIS, body).hex())])
    assert ack.seq == 1
    assert kinds(store) == ["unknown"]


def test_the_same_finding_again_is_counted(receiver: Receiver, store: Store) -> None:
    """A vehicle that repeats itself does not fill the database."""
    ledger = a_ledger(1)
    for _ in range(5):
        receiver.handle([ledger.message(1, b"junk")])
    (finding,) = store.findings()
    assert finding.times == 5


def test_a_batch_is_stored_whole_or_not_at_all(store: Store, database: Path) -> None:
    """A database error in the middle: nothing is stored, nothing acknowledged, and the same batch succeeds later."""
    ledger = a_ledger(3)
    clock = iter([1.0, 2.0])

    def now() -> float:
        moment = next(clock, None)
        if moment is None:
            message = "disk I/O error"
            raise sqlite3.OperationalError(message)
        return moment

    with pytest.raises(sqlite3.OperationalError):
        Receiver(store, TOPICS, now).handle(ledger.messages())
    assert store.count() == 0
    with Store(database) as other:
        (ack,) = Receiver(other, TOPICS, lambda: 1.0).handle(ledger.messages())
    assert ack.seq == 3


def test_verify_says_what_was_changed_or_cut_out(receiver: Receiver, store: Store, database: Path) -> None:
    """A byte changed in the database, or a row deleted, shows by its number."""
    ledger = a_ledger(4)
    receiver.handle(ledger.messages())
    with sqlite3.connect(database) as raw:
        raw.execute("UPDATE events SET body=? WHERE seq=2", (ledger.bodies[1].replace(b"117", b"118"),))
    raw.close()
    (check,) = verify_all(store)
    assert check.problem is not None
    assert "record 2" in check.problem
    with sqlite3.connect(database) as raw:
        raw.execute("UPDATE events SET body=? WHERE seq=2", (ledger.bodies[1],))
        raw.execute("DELETE FROM events WHERE seq=3")
    raw.close()
    (check,) = verify_all(store)
    assert check.problem == "record 3 is missing"


def test_verify_sees_a_tail_cut_off(receiver: Receiver, store: Store, database: Path) -> None:
    """Records deleted at the end leave a head without them."""
    receiver.handle(a_ledger(4).messages())
    with sqlite3.connect(database) as raw:
        raw.execute("DELETE FROM events WHERE seq=4")
    raw.close()
    (check,) = verify_all(store)
    assert check.problem == "the records end at 3, the head says 4"


COUNT = 12


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 1), st.integers(1, COUNT)), max_size=12), max_size=25),
)
def test_whatever_the_order_repeats_and_losses_each_record_ends_up_once_in_order(
    tmp_path: Path, deliveries: list[list[tuple[int, int]]]
) -> None:
    """After any deliveries of two ledgers, vehicles that go on from each acknowledgement bring all, each once."""
    pair = [a_ledger(COUNT), a_ledger(COUNT, id="ledger-b")]
    with Store(tmp_path / "any.sqlite") as store:
        clear(store)
        receiver = Receiver(store, TOPICS, lambda: 1.0)
        for batch in deliveries:
            for ack in receiver.handle([pair[which].message(seq) for which, seq in batch]):
                ledger = next(one for one in pair if one.id == ack.ledger)
                assert ack.head == ledger.hashes[ack.seq].hex()
                assert bodies(store, ledger) == ledger.bodies[: ack.seq]
        for ledger in pair:
            (ack,) = receiver.handle([status(ledger)])
            receiver.handle([ledger.message(seq) for seq in range(ack.seq + 1, COUNT + 1)])
            assert bodies(store, ledger) == ledger.bodies
        assert all(check.intact for check in verify_all(store))
        assert store.findings() == []


def clear(store: Store) -> None:
    """An empty database without the price of making a new one."""
    with store.transaction():
        for table in ("events", "heads", "documents", "findings"):
            store._db.execute(f"DELETE FROM {table}")  # noqa: S608 - the test's own table names
