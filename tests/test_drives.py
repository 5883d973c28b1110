"""Real drives in Chicago, metered by the rules and by the oracle, which shares no code with them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.domain.inputs import Fix
from edge.domain.plan import DirectedPatrol
from edge.domain.policy import Prescription
from edge.domain.state import Setting
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from tests.metering import RUN_ON_S, Metered, drive
from tests.oracle import OracleResult, oracle
from tests.traces import TraceFix, boxes_on_routes, fixes, interpolate_1hz, nmea, trips

pytestmark = pytest.mark.timeout(600)  # 118 hours of driving, metered twice

RECORDED_BEFORE = 1_400_000_000.0  # the traces are of 2011: nothing in them is later
TOLERANCE_S = 0.005  # records are rounded to the millisecond


def as_recorded(trip: Sequence[TraceFix]) -> list[Fix]:
    """The fixes of the trip, a few seconds apart, through a receiver's sentences and the vehicle's reader."""
    return list(fixes_of([nmea(trip)], Pipeline(ceiling=RECORDED_BEFORE)))


def at_1_hz(trip: Sequence[TraceFix]) -> list[Fix]:
    """A fix a second, straight to the rules: three times as many sentences would be read the same way."""
    return fixes(interpolate_1hz(trip))


@pytest.mark.parametrize("sampling", [as_recorded, at_1_hz])
def test_every_trip_is_metered_as_the_oracle_says(
    chicago_agency: Agency, shared_data: Path, sampling: Callable[[Sequence[TraceFix]], list[Fix]]
) -> None:
    """Each of 889 trips, a vehicle of its own: visits, minutes, counts and presence equal the oracle's."""
    agency, drives = chicago_agency, trips(shared_data)
    setting = Setting(agency.grid, agency.policy, agency.calendar, ())
    cells = boxes_on_routes(agency.grid, drives.values())
    assert len(cells) == 40
    patrols = [DirectedPatrol(cell, ("robbery",), Prescription()) for cell in cells]
    visits = counted = 0
    for name, trip in drives.items():
        driven = sampling(trip)
        expected = oracle(
            agency.grid,
            agency.policy,
            patrols,
            driven,
            calendar=agency.calendar,
            end_mono=driven[-1].mono + RUN_ON_S,
        )
        metered = drive(setting, patrols, driven)
        assert_same(metered, expected, name)
        visits += len(expected.visits)
        counted += sum(visit.counted for visit in expected.visits)
    assert visits > 7000
    assert counted > 80


def assert_same(metered: Metered, expected: OracleResult, name: str) -> None:
    """The same visits and stays, to the millisecond; a visit of no length at all is nothing."""
    ours = [(one.box, one.opened.timestamp(), one.ended.timestamp(), one.dosage_s) for one in metered.visits]
    theirs = [(one.box, one.opened, one.ended, one.dosage_s) for one in expected.visits]
    assert_close(ours, theirs, f"visits of {name}")
    flags = [(one.counted, one.early) for one in metered.visits]
    assert flags == [(one.counted, one.early) for one in expected.visits], name
    stays = [(str(one.box), one.began.timestamp(), one.ended.timestamp(), one.seconds) for one in metered.stays]
    theirs = [(str(one.box), one.began, one.ended, one.trusted_s) for one in expected.stays if one.ended > one.began]
    assert_close(stays, theirs, f"stays of {name}")


Row = tuple[str, float, float, float]


def assert_close(ours: Sequence[Row], theirs: Sequence[Row], what: str) -> None:
    """The same boxes in the same order, with the same three figures."""
    assert [one[0] for one in ours] == [one[0] for one in theirs], what
    for one, other in zip(ours, theirs, strict=True):
        assert one[1:] == pytest.approx(other[1:], abs=TOLERANCE_S), (what, one, other)
