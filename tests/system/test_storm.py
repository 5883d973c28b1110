"""A reconnect storm: fifty cars with records under way, one headquarters, a broker that is killed and comes back."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.brokers import Mosquitto
from tests.system.fleet import Fleet, fleet, report, seconds_until, stands
from tests.system.site import wait_for

pytestmark = pytest.mark.timeout(400)  # in real time

CARS = 50


@pytest.fixture
def town(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Fleet]:
    """Squaretown's fleet; no car yet."""
    with fleet(tmp_path, mosquitto) as made:
        yield made


@pytest.mark.parametrize("records", [60, pytest.param(500, marks=pytest.mark.long)])
def test_fifty_cars_get_over_a_broker_that_dies(town: Fleet, records: int) -> None:
    """Killed while every car sends, and started again: all records are at headquarters once, and all links are well."""
    began = time.monotonic()
    for n in range(CARS):
        town.car(f"car-{n}")
    town.delivered()
    report("fifty cars", {"first record of each, s": round(time.monotonic() - began, 1)})
    for one in town.cars:
        one.record(records)
    wait_for("records under way", lambda: any(one.acknowledged > 1 for one in town.cars))
    town.broker.kill()
    noticed = seconds_until([(one.unit, partial(stands, one, "offline")) for one in town.cars], 60.0)
    for one in town.cars:
        one.record(records)
    time.sleep(3.0)  # the fleet is in the middle of its back-off
    town.broker.start()
    up = seconds_until([(one.unit, partial(stands, one, "connected")) for one in town.cars], 60.0)
    town.delivered(300.0)
    report("storm", {"noticed, slowest": max(noticed.values()), "connected": sorted(up.values())})
    report("storm", {"all delivered, s": round(time.monotonic() - began, 1)})
    town.records_are_the_same()
