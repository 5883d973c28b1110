"""The basemap in a whole car: named in its configuration, looked over, served; a broken one stops nothing."""

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from edge.agency.basemap import make_basemap
from edge.contract.agency import load_agency
from edge.text.words import say
from edge.vehicle import daemon
from edge.vehicle.checks import notes
from edge.vehicle.config import TouchscreenConfig, VehicleConfig
from edge.vehicle.daemon import Vehicle
from tests.agency.osm_town import write_extract
from tests.waiting import wait_for
from tests.words import shown


@pytest.fixture
def mapped(config: VehicleConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VehicleConfig:
    """A car of the demo city with a basemap, and with what draws it."""
    software = tmp_path / "basemap.js"
    software.write_text("export {};")
    monkeypatch.setattr(daemon, "MAP_SOFTWARE", software)
    monkeypatch.setattr("edge.vehicle.checks.basemap.MAP_SOFTWARE", software)
    agency, file = load_agency(config.agency), tmp_path / "basemap.pmtiles"
    make_basemap(write_extract(tmp_path / "osm.pbf", agency.grid.lat0, agency.grid.lon0), agency, file)
    return config.model_copy(update={"touchscreen": TouchscreenConfig(port=0, basemap=file)})


def get(vehicle: Vehicle, path: str, **headers: str) -> tuple[int, bytes]:
    """Status and body."""
    request = urllib.request.Request(f"http://127.0.0.1:{vehicle.server.port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status, answer.read()


def test_the_screen_hears_of_it_and_gets_its_bytes(mapped: VehicleConfig) -> None:
    """The version in the snapshot once it was looked over, and a range of it by that."""
    vehicle = Vehicle(mapped)
    vehicle.start()
    try:
        wait_for(lambda: vehicle.parts.basemap.view.version is not None)
        state: dict[str, Any] = json.loads(get(vehicle, "/api/state")[1])
        version = state["basemap"]["version"]
        assert get(vehicle, f"/basemap/{version}.pmtiles", Range="bytes=0-6") == (206, b"PMTiles")
        assert notes(mapped, time.time()) == []
        vehicle.threads.check()
    finally:
        vehicle.stop()


def test_a_broken_one_is_said_and_all_else_works(mapped: VehicleConfig) -> None:
    """In the status and by `config check`, as a note: no problem, no alarm on the screen."""
    path = mapped.touchscreen.basemap
    assert path is not None
    path.write_bytes(path.read_bytes()[:-1])
    sentence = f"Street map {path} is damaged."
    assert notes(mapped, time.time()) == [f"touchscreen.basemap: {sentence}"]
    vehicle = Vehicle(mapped)
    vehicle.start()
    try:
        wait_for(lambda: vehicle.parts.basemap.view.notice is not None)
        state: dict[str, Any] = json.loads(get(vehicle, "/api/state")[1])
        assert shown(state["basemap"]["notice"]) == sentence
        assert not any("Street map" in say(one) for one in vehicle.parts.published.notices())
        assert sentence in get(vehicle, "/status")[1].decode()
        vehicle.threads.check()
    finally:
        vehicle.stop()


def test_the_configuration_takes_a_path(config: VehicleConfig) -> None:
    """And none is the usual case."""
    assert config.touchscreen.basemap is None
    assert TouchscreenConfig.model_validate({"basemap": "a/b.pmtiles"}).basemap == Path("a/b.pmtiles")
