"""A real vehicle and its bundle: whatever is delivered, metering goes on, and the screen says what is wrong."""

import json
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.domain.inputs import AdoptPlan, Input, SignIn
from edge.errors import UserError
from edge.vehicle.clock import StepClock
from edge.vehicle.config import GpsConfig, VehicleConfig
from edge.vehicle.daemon import Vehicle
from edge.vehicle.view.snapshot import Snapshot
from tests.bundles import EXPIRED, WRONG, key_in, sign_again, signed_agency
from tests.commands import ROUNDSMAN
from tests.vehicle.town_shift import cells, fixes, plan
from tests.waiting import wait_for
from tests.words import shown


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Squaretown's bundles ``1``, ``2`` and ``expired``, which is version 3."""
    folder = tmp_path_factory.mktemp("made")
    signed_agency(folder, "1")
    signed_agency(folder, "2", version=2)
    signed_agency(folder, "expired", version=3, **EXPIRED)
    return folder


@pytest.fixture
def config(made: Path, tmp_path: Path) -> VehicleConfig:
    """A car of district 2 whose clock is a recording's."""
    log = tmp_path / "nothing.nmea"
    log.touch()
    gps = GpsConfig(source="replay", log=log, speed=0.0)
    return VehicleConfig(
        unit="car-1",
        agency=tmp_path / "delivered",
        agency_key=key_in(made),
        district="2",
        data=tmp_path / "data",
        gps=gps,
    )


def deliver(made: Path, name: str, config: VehicleConfig) -> Path:
    """Put a bundle where the vehicle looks for it."""
    shutil.rmtree(config.agency, ignore_errors=True)
    shutil.copytree(made / name, config.agency)
    return config.agency


def patrolled(config: VehicleConfig) -> tuple[Vehicle, Snapshot]:
    """A vehicle that has started, driven to its first box and stayed there for two minutes; what its screen says."""
    vehicle = Vehicle(config)
    clock, never = vehicle.clock, threading.Event()
    assert isinstance(clock, StepClock)
    try:
        vehicle.open()
        vehicle.start_engine()
        for given in _drive(vehicle):
            clock.wait_until(given.mono, never)
            vehicle.parts.engine.post_patiently(given, never)
        wait_for(lambda: (visit := vehicle.parts.published.state.visit) is not None and visit.counted)
        return vehicle, vehicle.parts.published.snapshot()
    finally:
        vehicle.stop()


def _drive(vehicle: Vehicle) -> list[Input]:
    adopted = plan(vehicle.disk.bundle.agency)
    return [
        AdoptPlan(1.5, adopted),
        SignIn(2.0, "4711"),
        *fixes(vehicle.disk.bundle.agency, cells(vehicle.disk.bundle.agency)[0], 3, 120),
    ]


def test_a_vehicle_says_which_bundle_is_in_force(made: Path, config: VehicleConfig) -> None:
    """In its status for headquarters, and in its documents for a technician."""
    deliver(made, "1", config)
    vehicle, seen = patrolled(config)
    assert seen.notices == ()
    documents = json.loads((config.data / "documents.json").read_text())["_default"].values()
    (in_force,) = [one["body"] for one in documents if one["name"] == "bundle in force"]
    assert (in_force["version"], in_force["hash"]) == (1, vehicle.disk.bundle.agency.hash)
    assert in_force["key"] == public_key_of(load_private_key(made / "key.pem"))
    assert vehicle.disk.bundle.agency.map_path.is_relative_to(config.data)


@pytest.mark.parametrize("wrong", WRONG)
def test_protection_8_a_bad_bundle_does_not_stop_metering(wrong: str, made: Path, config: VehicleConfig) -> None:
    """The last verified one is used; one sentence on the screen says why, and what stays in force."""
    deliver(made, "1", config)
    patrolled(config)
    spoil, says = WRONG[wrong]
    spoil(deliver(made, "2", config))
    vehicle, seen = patrolled(config)
    assert says in shown(seen.notices[-1])
    assert len(seen.notices) == 1
    assert vehicle.disk.bundle.manifest.version == 1
    assert seen.visit is not None
    assert seen.visit.counted


def test_an_expired_bundle_is_used_with_a_warning(made: Path, config: VehicleConfig) -> None:
    """By the clock that GPS has set; metering goes on."""
    deliver(made, "expired", config)
    vehicle, seen = patrolled(config)
    assert vehicle.disk.bundle.manifest.version == 3
    assert shown(seen.notices[-1]).startswith("Agency bundle version 3 expired on 2026-02-02; still in use.")
    assert seen.visit is not None
    assert seen.visit.counted


def test_before_its_clock_is_set_a_vehicle_warns_of_no_expiry(made: Path, config: VehicleConfig) -> None:
    """A Pi wakes up without knowing the date."""
    deliver(made, "expired", config)
    vehicle = Vehicle(config)
    try:
        vehicle.open()
        assert vehicle.parts.published.state.clock.state == "none"
        assert vehicle.parts.published.snapshot().notices == ()
    finally:
        vehicle.stop()


def test_a_bundle_signed_with_another_key_does_not_get_in(made: Path, config: VehicleConfig, tmp_path: Path) -> None:
    """Not at the next start, and not at the first where the configuration names the key."""
    deliver(made, "1", config)
    patrolled(config)
    create_private_key(tmp_path / "other.pem")
    sign_again(deliver(made, "2", config), tmp_path / "other.pem")
    vehicle, seen = patrolled(config)
    assert vehicle.disk.bundle.manifest.version == 1
    assert "not signed with the trusted agency key" in shown(seen.notices[-1])
    new_car = config.model_copy(update={"data": tmp_path / "new", "agency_key": vehicle.disk.bundle.key})
    with pytest.raises(UserError, match="trusted agency key"):
        Vehicle(new_car)


def test_the_daemon_ends_with_a_sentence_where_it_has_no_bundle_at_all(
    made: Path, config: VehicleConfig, tmp_path: Path
) -> None:
    """Status 2, no traceback, and nothing begun in the data folder."""
    (deliver(made, "1", config) / "signature.json").unlink()
    toml = tmp_path / "vehicle.toml"
    toml.write_text(
        f'unit = "car-1"\nagency = "{config.agency}"\nagency_key = "{config.agency_key}"\n'
        f'district = "2"\ndata = "{config.data}"\n'
    )
    done = subprocess.run([ROUNDSMAN, "vehicle", "run", "--config", toml], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"roundsman: {config.agency / 'signature.json'}: not signed; sign the bundle with `roundsman agency sign`"
    ]
    assert not config.data.exists()
