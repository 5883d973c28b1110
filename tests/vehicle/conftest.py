"""Fixtures of the vehicle's tests: a small square town, a broker, and a whole car."""

from pathlib import Path

import pytest

from edge.contract.agency import load_agency
from edge.mqtt.broker import BrokerConfig
from edge.vehicle.config import GpsConfig, TouchscreenConfig, VehicleConfig
from tests.agency.square import square_agency
from tests.brokers import free_port, mosquitto
from tests.vehicle.touchscreen.town import build_town

__all__ = ["mosquitto", "square_agency"]


@pytest.fixture
def config(tmp_path: Path) -> VehicleConfig:
    """A car of the demo city without a receiver and without a broker."""
    build_town(tmp_path)
    return VehicleConfig(
        unit="car-1",
        agency=tmp_path / "agency",
        agency_key=str(load_agency(tmp_path / "agency").public_key),
        district="1",
        data=tmp_path / "records",
        gps=GpsConfig(source="serial", device=str(tmp_path / "no-receiver")),
        broker=BrokerConfig(port=free_port()),
        touchscreen=TouchscreenConfig(port=0),
    )
