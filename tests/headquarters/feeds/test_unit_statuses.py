"""What reports of dispatch come to: accepted, repeated, late, contradictory, ahead, unknown; each is counted."""

import pytest

from edge.headquarters.feeds.dispatch_mapping import Reported, Unusable
from edge.headquarters.feeds.unit_statuses import take
from edge.headquarters.store import Store, UnitStatusRow
from edge.headquarters.store.documents import Document

NOW = 1_800_000_000.0
TODAY = "2027-01-15"


@pytest.fixture
def known(store: Store) -> Store:
    """A database that has heard of car-1."""
    with store.transaction():
        store.put_document("status", Document("car-1", b"{}", NOW))
    return store


def busy(since: float, unit: str = "car-1") -> Reported:
    return Reported(unit, busy=True, since=NOW + since)


def free(since: float, unit: str = "car-1") -> Reported:
    return Reported(unit, busy=False, since=NOW + since)


def test_every_report_is_counted_by_what_it_came_to(known: Store) -> None:
    """The newest status holds; what is late, ahead or of nobody changes nothing."""
    reports: list[Reported | Unusable] = [
        busy(-60), busy(-60), busy(-50), free(-100), free(-30), free(500), busy(-10, "car-9"), "unknown_status",
        "unreadable",
    ]  # fmt: skip
    assert take(known, reports, NOW) == [
        "accepted", "repeated", "repeated", "late", "accepted", "ahead", "unknown_unit", "unknown_status", "unreadable",
    ]  # fmt: skip
    assert known.unit_status("car-1") == UnitStatusRow("car-1", busy=False, since=NOW - 30, heard=NOW)
    assert known.dispatch_reports_of(TODAY) == {
        "accepted": 2, "repeated": 2, "late": 1, "ahead": 1, "unknown_unit": 1, "unknown_status": 1, "unreadable": 1,
    }  # fmt: skip


def test_of_two_that_contradict_each_other_busy_holds(known: Store) -> None:
    """Whichever came first: no minute of a call may count as dosage."""
    assert take(known, [busy(-60), free(-60)], NOW) == ["accepted", "contradictory"]
    assert known.unit_status("car-1") == UnitStatusRow("car-1", busy=True, since=NOW - 60, heard=NOW)
    assert take(known, [free(-40), busy(-40)], NOW) == ["accepted", "contradictory"]
    assert known.unit_status("car-1") == UnitStatusRow("car-1", busy=True, since=NOW - 40, heard=NOW)


def test_a_status_goes_on_since_it_began(known: Store) -> None:
    """Dispatch says it again under a later time: en route, on scene."""
    take(known, [busy(-600)], NOW - 500)
    take(known, [busy(-100)], NOW)
    assert known.unit_status("car-1") == UnitStatusRow("car-1", busy=True, since=NOW - 600, heard=NOW)


def test_dispatchs_clock_may_be_a_little_ahead(known: Store) -> None:
    """It then began now."""
    take(known, [busy(60)], NOW)
    assert known.unit_status("car-1") == UnitStatusRow("car-1", busy=True, since=NOW, heard=NOW)
