"""Quotas: one vehicle fills neither the disk nor the first page, loses nothing, and harms no other."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from edge.contract.agency import Agency
from edge.contract.records import GENESIS, chain
from edge.domain.events import PresenceRecorded, Started
from edge.headquarters.console.context import Context
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.proof import verify_all
from edge.headquarters.receive.quotas import BURST, MOST, PER_S, Quotas, cost
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.reports.latest import latest_shifts
from edge.headquarters.store import Store, StoreError
from tests.headquarters.databases import accept_events, refuse_events
from tests.headquarters.ledgers import SHIFT, TOPICS, Ledger, a_busy_ledger, at
from tests.headquarters.visitors import client_of

MORNING: Final = datetime(2026, 11, 23, 13, tzinfo=UTC).timestamp()
LONG: Final = 250_000


class Clock:
    """Headquarters'."""

    now = MORNING

    def __call__(self) -> float:
        """POSIX seconds."""
        return self.now


def a_flood(count: int) -> Ledger:
    """A rogue's ledger of records that are well formed, chained, and 250 kB long."""
    flood = Ledger(unit="rogue", id="flood")
    for number in range(count):
        flood.add(float(number), Started("x" * LONG))
    return flood


def test_records_far_longer_than_any_fill_no_disk_and_are_not_lost(store: Store) -> None:
    """Of 10 MB in one go 2 MB are stored; nobody else waits, a finding says so, and what is left is taken by and by."""
    clock, flood, honest = Clock(), a_flood(40), a_busy_ledger(300)
    receiver = Receiver(store, TOPICS, clock)
    acks = receiver.handle([*flood.messages(), *honest.messages()])
    held = store.head("rogue", "flood").seq
    assert 0 < held * LONG < 3_000_000
    assert {ack.unit: (ack.seq, ack.problem) for ack in acks} == {"rogue": (held, None), "car-1": (300, None)}
    (finding,) = store.findings()
    assert (finding.kind, finding.unit, finding.seq) == ("rate", "rogue", 0)
    assert f"({40 - held} deferred)" in finding.detail
    assert receiver.handle(flood.messages()[held:]) == []
    clock.now += cost(LONG) / PER_S + cost(LONG) / PER_S
    assert next(ack.seq for ack in receiver.handle(flood.messages()[held:])) > held
    assert all(check.intact for check in verify_all(store))


def test_a_long_backlog_passes_at_once() -> None:
    """As after two months without a link: 200,000 records one behind the other, with no time in between."""
    quotas, batch = Quotas(), a_busy_ledger(500).messages()
    for _ in range(400):
        admitted = quotas.admit(batch, MORNING)
        assert (admitted.messages, admitted.over) == (batch, {})
        quotas.stored(admitted, MORNING)


def test_a_batch_that_the_database_refused_costs_nothing(store: Store) -> None:
    """It is handed in again, however often, and stored when there is room."""
    receiver, flood = Receiver(store, TOPICS, Clock()), a_flood(4)
    refuse_events(store.address)
    for _ in range(20):
        with pytest.raises(StoreError):
            receiver.handle(flood.messages())
    accept_events(store.address)
    receiver.handle(flood.messages())
    assert store.head("rogue", "flood").seq == 4


def test_a_vehicle_that_has_all_it_may_have_is_forgotten() -> None:
    """However many names come by; one that has spent what it may is not."""
    quotas, spent = Quotas(), "roundsman/v1/a/vehicles/rogue/events"
    full = [Received(spent, bytes(LONG))] * 20
    quotas.stored(quotas.admit(full, 1.0), 1.0)
    for number in range(MOST + 10):
        quotas.stored(quotas.admit([Received(f"roundsman/v1/a/vehicles/car-{number}/events", b"x")], 1.0), 1.0)
    later = 2.0 + LONG / PER_S
    quotas.stored(quotas.admit([], later), later)
    assert len(quotas._buckets) == 1
    assert quotas.admit(full, later).over == {spent: 20}
    assert quotas.admit(full, later + BURST / PER_S * 2).over[spent] < 20


def made_up(shifts: list[str], time: datetime) -> Ledger:
    """A rogue's records of such shifts and time, chained."""
    rogue = Ledger(unit="rogue", id="made-up")
    for number, shift in enumerate(shifts):
        rogue.shift = shift
        event = rogue.add(0.0, PresenceRecorded("1400-17000", at(0.0), at(1.0), 60.0, at_cap=False))
        body = rogue.bodies[-1].replace(
            event.time.strftime("%Y-%m-%dT%H:%M:%S").encode(), time.strftime("%Y-%m-%dT%H:%M:%S").encode()
        )
        rogue.bodies[-1] = body
        rogue.hashes[-1] = chain(rogue.hashes[-2] if number else GENESIS, body)
    return rogue


@pytest.mark.parametrize(
    ("shifts", "listed", "finding"),
    [
        ([f"9999-{month:02d}-{day:02d}/night" for month in (10, 11, 12) for day in range(1, 21)], 59, "unreadable"),
        ([f"2026-12-{day:02d}/night" for day in range(1, 32)], 31, "time"),
        ([f"2026-11-23/made-up-{number}" for number in range(80)], 0, ""),
    ],
    ids=["the year 9999", "next month", "names that the agency has not"],
)
def test_records_of_impossible_shifts_are_stored_and_proved_and_head_no_list(
    shifts: list[str], listed: int, finding: str, store: Store, square_agency: Agency
) -> None:
    """60 records of the year 9999: the real shift stays first; a finding names who sent them."""
    receiver, honest = Receiver(store, TOPICS, Clock()), a_busy_ledger(30)
    receiver.handle(honest.messages())
    rogue = made_up(shifts, datetime(int(shifts[0][:4]), 12, 1, tzinfo=UTC) if finding else at(0.0))
    receiver.handle(rogue.messages())
    assert store.head("rogue", "made-up").seq == len(shifts)
    assert all(check.intact for check in verify_all(store))
    found = latest_shifts(store, square_agency, MORNING)
    assert (found[0], len(found)) == ((SHIFT, 1), 1 + listed)
    assert {(one.kind, one.unit) for one in store.findings()} == ({(finding, "rogue")} if finding else set())
    pages = client_of(Context(square_agency, store.address, now=lambda: MORNING))
    assert f"/reports/shift/{SHIFT}" in pages.get("/").text.partition("9999")[0]


def test_shifts_of_long_ago_are_listed_after_those_of_this_year(store: Store, square_agency: Agency) -> None:
    """A database that was filled before; nothing is hidden by the bounds."""
    old = Ledger(unit="car-2", id="old", shift="2024-03-01/night")
    old.add(0.0, Started("1"))
    Receiver(store, TOPICS, Clock()).handle([*old.messages(), *a_busy_ledger(5).messages()])
    assert latest_shifts(store, square_agency, MORNING) == [(SHIFT, 1), ("2024-03-01/night", 1)]
    behind = (datetime(2026, 11, 22, tzinfo=UTC) - timedelta(days=30)).timestamp()
    assert [shift for shift, _ in latest_shifts(store, square_agency, behind)] == ["2024-03-01/night", SHIFT]


def test_a_vehicles_findings_hide_no_other_vehicles(store: Store, square_agency: Agency) -> None:
    """200 things refused of a rogue, later than the one of an honest car: both are on the first page."""
    with store.transaction():
        store.record_finding("conflict", "car-1", "a", 7, "record 7 came again with other bytes", b"", MORNING)
        for number in range(100):
            for kind in ("malformed", "unreadable"):
                store.record_finding(kind, "rogue", "x", number + 1, "no record", b"", MORNING + number)
    pages = client_of(Context(square_agency, store.address, now=lambda: MORNING))
    text = pages.get("/").text
    assert "record 7 came again with other bytes" in text
    assert text.count("no record") == 10
