"""The real daemon with a roster from its drop folder: in force at once and after a restart, and so is a lock."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.contract.agency import load_agency
from edge.contract.messages import encode
from edge.contract.signed_documents import sign
from edge.contract.signed_kinds import ROSTER
from edge.contract.signing import load_private_key
from edge.vehicle.config import VehicleConfig
from edge.vehicle.daemon import Vehicle
from edge.vehicle.documents.drop_folder import FOLDER
from tests.vehicle.access.rosters import OTHER, roster
from tests.waiting import wait_for


@pytest.fixture
def config(config: VehicleConfig) -> VehicleConfig:
    """A car that works alone."""
    return config.model_copy(update={"link": "off"})


@contextmanager
def running(config: VehicleConfig) -> Iterator[Vehicle]:
    """One life of the daemon."""
    vehicle = Vehicle(config)
    vehicle.start()
    try:
        yield vehicle
    finally:
        vehicle.stop()


def sign_in(vehicle: Vehicle, **said: str) -> int:
    """The status of a sign-in."""
    url = f"http://127.0.0.1:{vehicle.server.port}"
    with urllib.request.urlopen(url, timeout=60) as page:
        token = page.read().decode().split('name="roundsman-token" content="')[1].split('"', maxsplit=1)[0]
    headers = {"Content-Type": "application/json", "X-Roundsman-Token": token}
    request = urllib.request.Request(f"{url}/api/taps/sign-in", json.dumps(said).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_a_roster_by_hand_a_pin_a_role_a_restart_and_a_lock(config: VehicleConfig, tmp_path: Path) -> None:
    """Any id before it comes; then its ids by PIN. Five wrong PINs lock the id in the next life of the daemon, too."""
    body = roster().body.model_copy(update={"agency": load_agency(tmp_path / "agency").id})
    signed = sign(ROSTER, body, load_private_key(tmp_path / "key.pem")).signed
    with running(config) as vehicle:
        published = vehicle.parts.published
        assert not published.snapshot().sign_in.pin
        (config.data / FOLDER / "roster.json").write_bytes(encode(signed))
        wait_for(lambda: published.snapshot().sign_in.pin)
        assert published.snapshot().sign_in.letters == "-AK"
        assert sign_in(vehicle, officer="K9-2") == 401
        assert sign_in(vehicle, officer="K9-2", pin="111111") == 401
        assert sign_in(vehicle, officer="k9-2", pin=OTHER) == 202
        wait_for(lambda: published.state.officer == "K9-2")
        assert published.state.role == "supervisor"
        assert [sign_in(vehicle, officer="4711", pin="111111") for _ in range(6)] == [401] * 4 + [423] * 2
    with running(config) as vehicle:
        assert vehicle.parts.published.snapshot().sign_in.pin
        assert (vehicle.parts.published.state.officer, vehicle.parts.published.state.role) == ("K9-2", "supervisor")
        assert sign_in(vehicle, officer="4711", pin="739105") == 423
        assert sign_in(vehicle, officer="A1", pin="739105") == 202
        wait_for(lambda: vehicle.parts.published.state.officer == "A1")
