"""What a report says of itself: it is complete only where nothing is known to be missing, and something is there."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import Status, encode
from edge.headquarters.address import Address
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.projecting import catch_up
from edge.headquarters.receive.proof import record_checks, verify_all
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.reports.reading import read_report
from edge.headquarters.store import Store
from tests.headquarters.databases import sql
from tests.headquarters.ledgers import MORNING, SHIFT, TOPICS, a_busy_ledger, spoken

LATER = 1_900_000_000.0  # the shift is long over


def test_a_shift_without_a_record_is_not_complete(store: Store, square_agency: Agency) -> None:
    """Nothing held proves nothing."""
    _, cover = read_report(store, square_agency, SHIFT, LATER)
    assert cover.final
    assert not cover.complete


def test_a_vehicle_whose_records_are_all_to_come_is_named(
    store: Store, receiver: Receiver, square_agency: Agency
) -> None:
    """Its status says 300 records, headquarters holds none: 300 are missing, and no report is complete."""
    said = Status(
        unit="car-7", online=False, software="1", ledger="x", recorded=300, time=datetime(2026, 11, 22, tzinfo=UTC)
    )
    receiver.handle([Received(TOPICS.status("car-7"), encode(said))])
    _, cover = read_report(store, square_agency, SHIFT, LATER)
    assert [ledger.missing for ledger in cover.ledgers] == [300]
    assert not cover.complete


def test_a_last_will_does_not_hide_what_the_vehicle_said_it_has(
    receiver: Receiver, store: Store, square_agency: Agency
) -> None:
    """It was written when the vehicle connected: what was said since is missing still."""
    ledger = a_busy_ledger(20)
    receiver.handle([*ledger.messages()[:15], spoken(ledger, 20)])
    receiver.handle([spoken(ledger, 1, online=False)])
    _, cover = read_report(store, square_agency, SHIFT, square_agency.calendar.ends(SHIFT) + 1.0)
    assert [one.missing for one in cover.ledgers] == [5]
    assert not cover.complete


def test_a_vehicle_that_fell_silent_in_the_shift_may_have_more(
    receiver: Receiver, store: Store, square_agency: Agency
) -> None:
    """In a dead spot since midnight: complete only once it has spoken after the shift's end."""
    ledger, ends = a_busy_ledger(20), square_agency.calendar.ends(SHIFT) + 1.0
    receiver.handle([*ledger.messages(), spoken(ledger, time=MORNING - timedelta(hours=6))])
    assert not read_report(store, square_agency, SHIFT, ends)[1].complete
    receiver.handle([spoken(ledger)])
    assert read_report(store, square_agency, SHIFT, ends)[1].complete


def test_a_report_of_changed_records_is_not_complete_once_their_chain_was_walked(
    database: Address, square_agency: Agency
) -> None:
    """Its figures stay those of the records as they came; the cover says what is wrong now, and since when."""
    ends, ledger = square_agency.calendar.ends(SHIFT) + 1.0, a_busy_ledger(20)
    with Store(database) as store:
        Receiver(store, TOPICS, lambda: 1.0).handle([*ledger.messages(), spoken(ledger)])
        before, cover = read_report(store, square_agency, SHIFT, ends)
        assert (cover.complete, cover.ledgers[0].rechecked_to) == (True, None)
        record_checks(store, verify_all(store), ends)
        _, cover = read_report(store, square_agency, SHIFT, ends)
        assert (cover.complete, cover.ledgers[0].rechecked_to) == (True, 20)
    for seq, body in sql(database, "SELECT seq, body FROM events WHERE type='presence'"):
        changed = re.sub(rb'"seconds":[0-9.]+', b'"seconds":9', body)
        sql(database, "UPDATE events SET body=? WHERE seq=?", changed, seq)
    with Store(database) as store:
        record_checks(store, verify_all(store), ends)
        after, cover = read_report(store, square_agency, SHIFT, ends)
    assert after == before
    assert not cover.complete
    assert "does not fit the chain" in str(cover.ledgers[0].problem)


@pytest.mark.parametrize("statement", ["DELETE FROM events WHERE seq=20", "UPDATE events SET hash=body WHERE seq=20"])
def test_a_ledger_whose_last_record_is_not_what_its_head_says_is_never_complete(
    statement: str, database: Address, square_agency: Agency
) -> None:
    """Seen by every page, without a walk."""
    ends, ledger = square_agency.calendar.ends(SHIFT) + 1.0, a_busy_ledger(20)
    with Store(database) as store:
        Receiver(store, TOPICS, lambda: 1.0).handle([*ledger.messages(), spoken(ledger)])
    sql(database, statement)
    with Store(database) as store:
        _, cover = read_report(store, square_agency, SHIFT, ends)
    assert [one.problem for one in cover.ledgers] == ["record 20 is missing or was changed"]


def test_a_report_that_lacks_stored_records_says_so(database: Address, square_agency: Agency) -> None:
    """While the rows are made anew, after an update."""
    ends, ledger = square_agency.calendar.ends(SHIFT) + 1.0, a_busy_ledger(20)
    with Store(database) as store:
        Receiver(store, TOPICS, lambda: 1.0).handle([*ledger.messages(), spoken(ledger)])
        sql(database, "UPDATE projections SET version=0")
        _, cover = read_report(store, square_agency, SHIFT, ends)
        assert not cover.complete
        assert [one.problem for one in cover.ledgers] == ["this report has 0 of 20 records; the rest are being added"]
        list(catch_up(store))
        assert read_report(store, square_agency, SHIFT, ends)[1].complete
