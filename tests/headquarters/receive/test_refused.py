"""What the receiver refuses: hostile, malformed, too long, useless to a report. It is found, and told if it can be."""

import json

import pytest

from edge.contract.agency import Agency
from edge.contract.records import GENESIS, chain
from edge.domain.events import PresenceRecorded
from edge.headquarters.receive.decoding import LONGEST, MAX_PAYLOAD, Received
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.reports.reading import read_report
from edge.headquarters.store import Store
from tests.headquarters.ledgers import SHIFT, TOPICS, Ledger, at
from tests.headquarters.receive.test_receiver import a_ledger, kinds, status


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


def refused() -> dict[str, Received]:
    ledger = a_ledger(1)
    body = ledger.bodies[0]
    return {
        "too_long": ledger.message(1, b" " * (MAX_PAYLOAD + 1)),
        "malformed: record": ledger.message(1, b"{}"),
        "malformed: user properties: hash": ledger.message(1, hash="zz"),
        "malformed: user properties: id": Received(TOPICS.events("car-1"), body),  # as an old bridge would pass it on
        "malformed: user properties: seq": ledger.message(1, b"junk", seq="first"),
    }


@pytest.mark.parametrize("problem", refused())
def test_a_vehicle_is_told_what_is_wrong_with_its_record(problem: str, receiver: Receiver) -> None:
    """Where unit and ledger can be known, what was refused is answered with the head held and the problem."""
    (ack,) = receiver.handle([refused()[problem]])
    assert (ack.unit, ack.ledger, ack.seq) == ("car-1", "ledger-a", 0)
    assert ack.problem is not None
    assert ack.problem.startswith(problem)


def test_what_is_said_of_a_refused_message_is_short(receiver: Receiver, store: Store) -> None:
    """However much is wrong with it."""
    said = {f"key-{number}" * 9: 1 for number in range(900)}
    receiver.handle([Received(TOPICS.status("car-1"), json.dumps(said).encode())])
    (finding,) = store.findings()
    assert len(finding.detail) <= LONGEST + 1


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b'"time":"2026-11-23T04:00:00Z"', b'"time":"9999-11-23T04:00:00Z"'),
        (b'"began":"2026-11-23T03:58:00Z"', b'"began":"2026-11-23T03:58:00"'),
        (b'"seconds":120', b'"seconds":1e999'),
        (b'"box":"1400-17000"', b'"box":"[[["'),
    ],
)
def test_a_record_no_report_can_use_is_stored_and_found(
    good: bytes, bad: bytes, receiver: Receiver, store: Store, square_agency: Agency
) -> None:
    """A vehicle's word is kept as it was given; the shift's report lists it as unreadable, and can be made."""
    ledger = Ledger()
    ledger.add(0.0, PresenceRecorded("1400-17000", at(-2.0), at(0.0), 120.0, at_cap=False))
    body = ledger.bodies[0].replace(good, bad)
    assert body != ledger.bodies[0]
    (ack,) = receiver.handle([ledger.message(1, body, hash=chain(GENESIS, body).hex())])
    assert (ack.seq, kinds(store)) == (1, ["unreadable"])
    report, cover = read_report(store, square_agency, SHIFT, at(600.0).timestamp())
    assert (cover.unreadable, cover.complete) == (1, False)
    (other,) = report.units[0].others
    assert (other.id, other.kind) == ("car-1:ledger-a:1", "presence")
    assert other.problem
