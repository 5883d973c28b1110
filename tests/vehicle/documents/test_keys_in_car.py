"""A real vehicle and the keys that its bundle names: it obeys what the right key signed, and names every other one."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC as UTC_ZONE
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.agency.bundle import sign_bundle, signature_of
from edge.contract.bundle import read_manifest
from edge.contract.keys import DailyKey
from edge.contract.manifest import COUNTERSIGNATURE, SIGNATURE
from edge.contract.messages import PlanDoc, encode
from edge.contract.signed_documents import sign
from edge.contract.signed_kinds import PLAN
from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.domain.inputs import Tick
from edge.vehicle import checks
from edge.vehicle.clock import StepClock
from edge.vehicle.config import GpsConfig, VehicleConfig
from edge.vehicle.daemon import Vehicle
from edge.vehicle.documents.bundle import choose, keep
from edge.vehicle.documents.drop_folder import FOLDER
from tests.bundles import key_in, sign_again, signed_agency
from tests.vehicle.town_shift import UTC, plan
from tests.waiting import wait_for
from tests.words import all_shown, shown

DISTRICT = "2"
PLAN_KEY, NEW_PLAN_KEY, CONTEXT_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
SIGNED_WITH = f"it is signed with the plan key {public_key_of(PLAN_KEY)[:8]}"
NOW = datetime.fromtimestamp(UTC, UTC_ZONE)


def named(private: Ed25519PrivateKey, days: float = 30.0) -> DailyKey:
    """A key as a bundle names it; ``days``: from the recorded drive to its expiry."""
    return DailyKey(key=public_key_of(private), expires=(NOW + timedelta(days=days)).replace(microsecond=0))


Keys = dict[str, tuple[DailyKey, ...]]
ROLES: Keys = {"plan": (named(PLAN_KEY),), "context": (named(CONTEXT_KEY),)}


@pytest.fixture
def config(tmp_path: Path) -> VehicleConfig:
    """A car of district 2 with a bundle in the form of before there were roles; its clock is a recording's."""
    signed_agency(tmp_path, "delivered")
    log = tmp_path / "nothing.nmea"
    log.touch()
    gps = GpsConfig(source="replay", log=log, speed=0.0)
    return VehicleConfig(
        unit="car-1",
        agency=tmp_path / "delivered",
        agency_key=key_in(tmp_path),
        district=DISTRICT,
        data=tmp_path / "data",
        gps=gps,
    )


def name_keys(config: VehicleConfig, keys: Keys, version: int = 2) -> None:
    """Deliver the agency's next bundle, which names keys."""
    sign_again(config.agency, config.agency.parent / "key.pem", keys=keys, version=version)


def agency_key(config: VehicleConfig) -> Ed25519PrivateKey:
    return load_private_key(config.agency.parent / "key.pem")


@contextmanager
def driving(config: VehicleConfig) -> Iterator[Vehicle]:
    """The car, started, with the time known."""
    vehicle = Vehicle(config)
    assert isinstance(vehicle.clock, StepClock)
    try:
        vehicle.open()
        vehicle.start_engine()
        vehicle.start_incoming()
        vehicle.parts.engine.post(Tick(vehicle.clock.mono(), UTC, ntp=True))
        wait_for(lambda: vehicle.parts.published.state.clock.trusted)
        yield vehicle
    finally:
        vehicle.stop()


def brought(vehicle: Vehicle, version: int, key: Ed25519PrivateKey) -> str:
    """A plan of a version comes on a stick; why it was refused, or empty where it is in force."""
    doc = PlanDoc.of(plan(vehicle.bundle.agency, version), vehicle.bundle.agency.id, "analyst", "because")
    doc = doc.model_copy(update={"approved": NOW})
    folder = vehicle.config.data / FOLDER
    written = folder / f"{version}.writing"
    written.write_bytes(encode(sign(PLAN, doc, key).signed))
    written.replace(folder / f"{version}.json")
    wait_for(lambda: not (folder / f"{version}.json").exists())
    refused = folder / f"{version}.refused"
    if refused.exists():
        refused.unlink()
        return next(one for one in all_shown(vehicle.parts.published.notices()) if FOLDER in one)
    wait_for(lambda: versions(vehicle) == [version])
    return ""


def versions(vehicle: Vehicle) -> list[int]:
    return [one.version for one in vehicle.parts.published.state.plans]


def test_without_roles_the_agencys_key_signs_plans_and_with_them_it_does_not(config: VehicleConfig) -> None:
    """What it signed before ends with the bundle that names a key for plans."""
    with driving(config) as vehicle:
        assert brought(vehicle, 1, agency_key(config)) == ""
        assert "not signed with this agency's key" in brought(vehicle, 2, PLAN_KEY)
    name_keys(config, ROLES)
    with driving(config) as vehicle:
        assert versions(vehicle) == []
        assert "is signed with the agency key, which signs bundles only" in " ".join(
            all_shown(vehicle.parts.published.notices())
        )
        assert "is signed with the agency key, which signs bundles only" in brought(vehicle, 2, agency_key(config))
        assert "is signed with the context key" in brought(vehicle, 3, CONTEXT_KEY)
        assert "which may not sign this" in brought(vehicle, 3, CONTEXT_KEY)
        assert brought(vehicle, 4, PLAN_KEY) == ""


def test_a_rotated_key_is_obeyed_beside_the_new_one(config: VehicleConfig) -> None:
    """Until a bundle names only the new one: then what the old one signed is out of force, by name."""
    name_keys(config, ROLES | {"plan": (named(PLAN_KEY), named(NEW_PLAN_KEY))})
    with driving(config) as vehicle:
        assert brought(vehicle, 1, PLAN_KEY) == ""
        assert brought(vehicle, 2, NEW_PLAN_KEY) == ""
        assert brought(vehicle, 3, PLAN_KEY) == ""


def test_what_a_lost_key_signed_ends_with_the_next_bundle(config: VehicleConfig) -> None:
    """Stored or new: the bundle names the key no more."""
    name_keys(config, ROLES)
    with driving(config) as vehicle:
        assert brought(vehicle, 1, PLAN_KEY) == ""
    name_keys(config, ROLES | {"plan": (named(NEW_PLAN_KEY),)}, version=3)
    nobodys = "not signed with a plan key listed in the current bundle"
    with driving(config) as vehicle:
        assert versions(vehicle) == []
        assert nobodys in " ".join(all_shown(vehicle.parts.published.notices()))
        assert nobodys in brought(vehicle, 9, PLAN_KEY)
        assert brought(vehicle, 2, NEW_PLAN_KEY) == ""


def test_an_expired_key_signs_nothing_new_and_what_it_signed_stays(config: VehicleConfig) -> None:
    """The plan in force is not taken from the car by a date; the refusal names key and date."""
    name_keys(config, ROLES)
    with driving(config) as vehicle:
        assert brought(vehicle, 1, PLAN_KEY) == ""
    name_keys(config, ROLES | {"plan": (named(PLAN_KEY, days=-1.0),)}, version=3)
    with driving(config) as vehicle:
        assert versions(vehicle) == [1]
        assert brought(vehicle, 1, PLAN_KEY) == ""
        refused = brought(vehicle, 2, PLAN_KEY)
        assert (
            f"the plan key {public_key_of(PLAN_KEY)[:8]}, which expired on {NOW - timedelta(days=1):%Y-%m-%d}"
            in refused
        )
        assert versions(vehicle) == [1]


def adopted(config: VehicleConfig) -> Any:
    """What a car does with bundles as it starts."""
    return keep(choose(config), config.data)


def test_a_bundle_signed_with_a_daily_key_is_refused_by_name(config: VehicleConfig, tmp_path: Path) -> None:
    """The machine that publishes every night cannot make a bundle, whatever keys it names in it."""
    name_keys(config, ROLES)
    adopted(config)
    directory = config.agency
    forged: Keys = {"plan": (named(CONTEXT_KEY),)}
    for keys in (ROLES, forged):
        manifest = read_manifest(directory).model_copy(update={"version": 3, "keys": keys})
        (directory / "manifest.json").write_bytes(manifest.canonical())
        (directory / SIGNATURE).write_bytes(signature_of(manifest, PLAN_KEY))
        choice = adopted(config)
        assert f"{SIGNED_WITH}, which may not sign this" in shown(choice.refusals[0])
        assert choice.manifest.version == 2


def next_agency(config: VehicleConfig, version: int) -> Path:
    """The same town's bundle, built with the agency's new key; not delivered."""
    signed_agency(config.agency.parent, f"new-{version}", key="new.pem", version=version)
    return config.agency.parent / f"new-{version}"


def deliver(config: VehicleConfig, directory: Path) -> None:
    shutil.rmtree(config.agency)
    shutil.copytree(directory, config.agency)


def test_a_new_agency_key_is_announced_by_a_bundle_that_both_sign(config: VehicleConfig) -> None:
    """The car then trusts the new one alone: neither a bundle nor its own configuration brings the old one back."""
    parent, old = config.agency.parent, agency_key(config)
    config = config.model_copy(update={"agency_key": public_key_of(old)})
    adopted(config)
    new = next_agency(config, 2)
    deliver(config, new)
    assert "not signed with the trusted agency key" in shown(adopted(config).refusals[0])
    sign_bundle(config.agency, load_private_key(parent / "new.pem"), old)
    choice = adopted(config)
    assert (choice.refusals, choice.manifest.version) == ((), 2)
    public = public_key_of(load_private_key(parent / "new.pem"))
    trusted = json.loads((config.data / "bundles" / "trusted.json").read_text())
    assert trusted["delivered"] == choice.manifest.digest()
    assert (trusted["key"], trusted["retired"]) == (public, [public_key_of(old)])
    assert (choice.directory / COUNTERSIGNATURE).exists()
    assert (
        f"agency_key: the agency has replaced this key; set it to {public}, which the car now trusts"
        in checks.notes(config, 0.0)
    )
    signed_agency(parent, "stolen", version=9)
    deliver(config, parent / "stolen")
    assert "trusted agency key" in shown(adopted(config).refusals[0])
    deliver(config, next_agency(config, 3))
    assert (adopted(config).refusals, adopted(config).manifest.version) == ((), 3)


def test_a_key_that_announces_itself_is_not_believed(config: VehicleConfig, tmp_path: Path) -> None:
    """The countersignature must be that of the key which the car trusts, and of this very manifest."""
    adopted(config)
    deliver(config, next_agency(config, 2))
    stranger = create_private_key(tmp_path / "stranger.pem")
    sign_bundle(config.agency, load_private_key(config.agency.parent / "new.pem"), stranger)
    assert "trusted agency key" in shown(adopted(config).refusals[0])
    other = read_manifest(config.agency).model_copy(update={"version": 5})
    (config.agency / COUNTERSIGNATURE).write_bytes(signature_of(other, agency_key(config)))
    assert "does not match its signature" in shown(adopted(config).refusals[0])
