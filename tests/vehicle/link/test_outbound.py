"""What the vehicle says: a record's CloudEvents attributes, its standing without a position, its own visits alone."""

import json
from dataclasses import replace
from typing import Any

import pytest

from edge.contract.agency import Agency
from edge.contract.records import GENESIS, chain, encode_event
from edge.domain.events import Event, instant
from edge.domain.grid import box_id
from edge.domain.patrol import decide
from edge.domain.policy import Metering
from edge.domain.state import Clock, State
from edge.vehicle.link.outbound import now_of, own_visits, record_properties, status
from tests.contract.samples import EVENTS
from tests.vehicle.town_shift import UTC, cells, inputs, other_visit, setting, shift_id

UNIT = "car-1"


def after(agency: Agency, mono: float) -> tuple[State, list[Event]]:
    """The sample shift up to a second."""
    state, events = State(UNIT, "x"), list[Event]()
    for given in inputs(agency):
        if given.mono > mono:
            break
        state, more = decide(setting(agency), state, given)
        events += more
    return state, events


def test_a_records_properties_are_cloudevents_attributes() -> None:
    """CloudEvents 1.0 in MQTT 5's binary mode: the required four, time, the place in the chain, the wire's version."""
    body = encode_event(EVENTS[0])
    head = chain(GENESIS, body)
    properties: Any = record_properties(UNIT, body, head)  # paho leaves its attributes untyped
    assert properties.ContentType == "application/json"
    assert dict(properties.UserProperty) == {
        "specversion": "1.0",
        "id": EVENTS[0].id,
        "source": "/vehicles/car-1",
        "type": "roundsman.started",
        "time": json.loads(body)["time"],
        "ledger": EVENTS[0].ledger,
        "seq": "1",
        "hash": head.hex(),
        "wire": "5",
    }


def test_attribute_names_are_ones_that_cloudevents_allows() -> None:
    """Lower-case letters and digits, each once."""
    properties: Any = record_properties(UNIT, encode_event(EVENTS[0]), GENESIS)
    names = [name for name, _ in properties.UserProperty]
    assert all(name.isalnum() and name.islower() for name in names)
    assert len(names) == len(set(names))


def test_a_status_says_the_box_and_never_the_position(square_agency: Agency) -> None:
    """Headquarters learns where a unit was from its record of presence, not live to the metre."""
    state, _ = after(square_agency, 100.0)
    said = status(state, Metering(), acknowledged=3, software="0.1.0", agency_hash="ab", time=now_of(state))
    assert state.track.last is not None
    assert said.box == box_id(cells(square_agency)[0])
    assert str(state.track.last.lat)[:7] not in said.model_dump_json()
    assert (said.recorded, said.acknowledged, said.gps, said.clock) == (state.seq, 3, "good", "gps")
    assert said.plan_version == 1
    assert said.time == instant(UTC + 100.0)


def test_a_status_says_how_the_gps_stands(square_agency: Agency) -> None:
    """None before the first fix, lost after the time that loses it."""
    for second, expected in ((2.0, "none"), (100.0, "good"), (260.0, "lost")):
        state, _ = after(square_agency, second)
        said = status(state, Metering(), acknowledged=0, software="", agency_hash="", time=now_of(state))
        assert said.gps == expected


def test_a_vehicle_tells_its_own_visits_of_seven_days(square_agency: Agency) -> None:
    """Not the other vehicle's that it has merged, not those no cap asks for any more; in the order they opened."""
    state, _ = after(square_agency, 375.0)
    assert other_visit(square_agency) in list(state.visits.all())
    before = replace(other_visit(square_agency), id="car-1:x:1", unit=UNIT, shift="2026-10-12/day")
    too_old = replace(before, id="car-1:x:0", opened=before.opened - 8 * 86_400.0)
    state = replace(state, visits=state.visits.merge([before, too_old]))
    said = own_visits(state)
    assert (said.unit, said.shift) == (UNIT, shift_id(square_agency))
    assert "car-1:x:1" in [visit.id for visit in said.visits]
    assert all(visit.id.startswith("car-1:") and visit.id != "car-1:x:0" for visit in said.visits)
    assert [visit.opened for visit in said.visits] == sorted(visit.opened for visit in said.visits)


def test_without_a_shift_there_are_no_visits_to_tell() -> None:
    """Before trusted time."""
    assert own_visits(State(UNIT, "x")).model_dump() == {"unit": UNIT, "shift": None, "visits": ()}


@pytest.mark.parametrize("utc", [4.3e9, -1e8])
def test_a_clock_beyond_all_dates_is_no_end_of_the_link(utc: float, square_agency: Agency) -> None:
    """2106 or 1966 by a computer without a battery: the status names the nearest instant that a message may."""
    state, _ = after(square_agency, 375.0)
    lost = replace(state, clock=Clock(utc, "saved", 0.0))
    said = status(lost, Metering(), acknowledged=0, software="", agency_hash="", time=now_of(lost))
    assert 1970 <= said.time.year < 2100
    assert own_visits(lost) == own_visits(state), "what the caps need goes by the last trusted shift"
