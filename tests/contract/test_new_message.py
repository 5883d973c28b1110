"""A message that is added to the table: model, row, what a car makes it of, who reads it; and it goes the whole way."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from edge.contract.agency import Agency
from edge.contract.asyncapi import documents
from edge.contract.messages import OfVehicle, decode, encode
from edge.contract.vehicle_messages import MESSAGES, VehicleMessage
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.intake import Intake
from edge.headquarters.receive.link import Link
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig
from edge.text.words import Notice
from edge.vehicle.link.outbound import OF_STATE, OfState
from edge.vehicle.link.troubles import Troubles
from tests.brokers import Mosquitto
from tests.headquarters.ledgers import TOPICS
from tests.vehicle.link.headquarters import car
from tests.waiting import PATIENCE_S, wait_for
from tests.words import shown

TOPIC = "roundsman/v1/squaretown/vehicles/car-1/availability"


class Availability(OfVehicle):
    """Whether a car can be sent somewhere."""

    available: bool


AVAILABILITY = VehicleMessage("availability", Availability, "Whether the vehicle can be sent somewhere.")
MADE = OfState(
    lambda state: (state.officer, state.pause),
    lambda state: Availability(unit=state.unit, available=state.officer is not None and state.pause is None),
)


def available(store: Store) -> dict[str, bool]:
    """Who reads it: a report, say."""
    held = store.documents(AVAILABILITY.name)
    return {one.unit: decode(Availability, one.body).available for one in held}


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table with the new row, and how a car makes it; both are gone after each test."""
    monkeypatch.setitem(MESSAGES, AVAILABILITY.name, AVAILABILITY)
    monkeypatch.setitem(OF_STATE, AVAILABILITY.name, MADE)


@pytest.fixture
def agency(square_agency: Agency) -> Agency:
    return square_agency


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "hq.sqlite") as opened:
        yield opened


@contextmanager
def receiving(port: int, database: Path) -> Iterator[None]:
    """Headquarters' link and intake, each in its thread."""

    def offer(message: Received) -> None:
        intake.offer(message)

    stop, link = threading.Event(), Link(BrokerConfig(port=port), TOPICS, offer)
    intake = Intake(partial(Store, database, make=False), TOPICS, link.send, lambda: 1000.0, lambda _store: None)
    threads = [threading.Thread(target=run, args=(stop,)) for run in (link.run, intake.run)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE_S)


@pytest.mark.usefixtures("added")
def test_it_goes_from_the_cars_state_to_headquarters_store(
    mosquitto: Mosquitto, agency: Agency, store: Store, tmp_path: Path
) -> None:
    """Over a real broker: as the car starts, and again whenever the state says something else."""
    with receiving(mosquitto.port, tmp_path / "hq.sqlite"), car(agency, mosquitto.port, tmp_path) as one:
        wait_for(lambda: available(store) == {"car-1": False})
        one.state = replace(one.state, officer="4711")
        wait_for(lambda: available(store) == {"car-1": True})
        one.record(1)
        wait_for(lambda: one.acknowledged == 1)


@pytest.mark.usefixtures("added")
def test_another_cars_and_a_malformed_one_are_refused_by_name(store: Store) -> None:
    """As any vehicle's message: a finding, and what was stored stays."""
    receiver = Receiver(store, TOPICS, lambda: 1000.0)
    good, foreign = (Availability(unit=unit, available=True) for unit in ("car-1", "car-2"))
    for payload in (encode(good), encode(foreign), b'{"unit":"car-1"}'):
        receiver.handle([Received(TOPIC, payload)])
    assert available(store) == {"car-1": True}
    assert {(one.kind, one.detail.partition(":")[0]) for one in store.findings()} == {
        ("mismatch", "availability of unit 'car-2'"),
        ("malformed", "not an Availability message"),
    }


WHY = "(Not authorized); contact your fleet admin."


def _rejected(what: str) -> Notice:
    return Notice("broker.rejected", {"party": "vehicle", "what": what, "reason": "not_authorized"})


@pytest.mark.usefixtures("added")
def test_a_broker_that_refuses_it_is_reported() -> None:
    """By its name, after what is graver."""
    troubles = Troubles()
    troubles.say("availability", _rejected("availability"))
    assert shown(troubles.gravest()) == f"The broker rejected this vehicle's availability {WHY}"
    troubles.say("records", _rejected("records"))
    assert shown(troubles.gravest()) == f"The broker rejected this vehicle's records {WHY}"


@pytest.mark.usefixtures("added")
def test_the_schemas_and_the_description_of_the_wire_have_it() -> None:
    """`make schemas` writes them; nothing but the row says so."""
    made: dict[str, Any] = documents()
    assert made["availability.json"]["required"] == ["unit", "available"]
    described = made["asyncapi.json"]
    assert described["channels"]["availability"]["address"] == "roundsman/v1/{agency}/vehicles/{unit}/availability"
    operation = described["operations"]["send_availability"]
    assert operation["bindings"]["mqtt"]["retain"] is True
    assert "receive_availability" not in described["operations"]


def test_without_its_row_it_is_nobodys(store: Store) -> None:
    """What a test adds is gone after it: headquarters passes over a message that it does not know."""
    Receiver(store, TOPICS, lambda: 1000.0).handle([Received(TOPIC, json.dumps({"unit": "car-1"}).encode())])
    assert (store.documents("availability"), store.findings()) == ([], [])
    assert "availability.json" not in documents()
