"""A unit killed at every step that writes, while it enrols and while it renews: it ends with one identity."""

import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Final

import pytest

from edge.errors import UserError
from provisioning.authority.pem import public_bytes, serial_of
from provisioning.device.identity import CURRENT
from provisioning.fleet.folder import Fleet
from tests.provisioning import killed as killed_at
from tests.provisioning.devices import Device
from tests.provisioning.fleets import Clock, new_fleet
from tests.provisioning.served import service, started
from tests.provisioning.services import serving

UNITS: Final = 60
"""More than there are steps."""


def made(bundle: Path, folder: Path, clock: Clock, units: int) -> list[Device]:
    """Units of a new fleet, with a token each."""
    fleet = new_fleet(bundle, folder, clock, units=units)
    (folder / "disks").mkdir()
    devices = [Device(fleet, f"car-{number}", folder / "disks" / f"car-{number}") for number in range(1, units + 1)]
    for one in devices:
        one.with_token().toml()
    return devices


@pytest.fixture
def devices(signed_square: Path, tmp_path: Path, clock: Clock) -> Iterator[list[Device]]:
    """Units with a token each, and the service that they ask."""
    units = made(signed_square, tmp_path, clock, UNITS)
    with serving(units[0].fleet):
        yield units


def killed(devices: list[Device], what: str) -> list[Device]:
    """Those that were killed, and lived through it in the end."""
    folder = devices[0].folder.parent
    command = [sys.executable, "-m", "tests.provisioning.killed", str(folder), what]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return devices[: len(done.stdout.splitlines())]


def serials(fleet: Fleet, name: str) -> list[str]:
    with fleet.registry() as registry:
        return [one.serial for one in registry.certificates(name)]


def whole(device: Device) -> None:
    """One folder, its key and certificate a pair, for its owner alone; nothing else, and no token."""
    pair, folder = device.pair, device.config.identity
    assert public_bytes(pair.key.public_key()) == public_bytes(pair.certificate.public_key())
    assert {one.name for one in folder.iterdir()} == {CURRENT, pair.folder.name}
    assert (folder / CURRENT).resolve() == pair.folder.resolve()
    assert {one.name for one in pair.folder.iterdir()} == {"key.pem", "cert.pem", "purpose"}
    assert {stat.S_IMODE(one.stat().st_mode) for one in pair.folder.iterdir()} == {0o600}
    assert {path.name for path in device.folder.iterdir()} == {"ca.pem", "enrolment.toml", "identity"}


def test_a_unit_killed_anywhere_while_it_enrols_and_renews_has_one_identity(
    devices: list[Device], clock: Clock
) -> None:
    """The service has issued one certificate for each token and renewal, and the unit has it."""
    enrolled = killed(devices, "enrol")
    assert len(enrolled) > 20
    for one in enrolled:
        whole(one)
        assert serials(one.fleet, one.name) == [serial_of(one.pair.certificate)]
    for one in devices[len(enrolled) :]:
        one.enrol()
    clock.later(days=killed_at.DAYS)
    renewed = killed(devices, "renew")
    assert len(renewed) > 20
    for one in renewed:
        whole(one)
        first, second = serials(one.fleet, one.name)
        assert (first, serial_of(one.pair.certificate)) == (first, second)


@pytest.mark.long
def test_a_service_killed_again_and_again_gives_each_unit_one_certificate(
    signed_square: Path, tmp_path: Path, clock: Clock
) -> None:
    """A hundred units at once ask until they are answered; the service is killed twenty times meanwhile."""
    units = made(signed_square, tmp_path, clock, 100)
    chance = Random(1)  # noqa: S311 - reproducible chance

    def enrol(device: Device) -> None:
        until = time.monotonic() + 300.0
        while True:
            try:
                device.enrol()
            except UserError as error:
                if "answer" not in str(error) or time.monotonic() > until:  # only that nobody did
                    raise
                time.sleep(0.1)
            else:
                return

    with ThreadPoolExecutor(20) as boots:
        waiting = [boots.submit(enrol, one) for one in units]
        for _ in range(20):
            process = started(units[0].fleet.folder)
            time.sleep(chance.uniform(0.0, 0.1))
            process.kill()
            process.wait(60)
            assert process.stdout is not None
            process.stdout.close()
        with service(units[0].fleet.folder):
            for one in waiting:
                one.result(300.0)
    for unit in units:
        whole(unit)
        assert serials(unit.fleet, unit.name) == [serial_of(unit.pair.certificate)]
