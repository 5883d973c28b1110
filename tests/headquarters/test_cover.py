"""What a report says of itself: it is complete only where nothing is known to be missing, and something is there."""

from datetime import UTC, datetime

from edge.contract.agency import Agency
from edge.contract.messages import Status, encode
from edge.headquarters.incoming import Received
from edge.headquarters.reading import read_report
from edge.headquarters.receiver import Receiver
from edge.headquarters.store import Store
from tests.headquarters.ledgers import SHIFT, TOPICS

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
