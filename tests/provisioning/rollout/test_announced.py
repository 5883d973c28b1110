"""A retained download notice through a real mosquitto: cars hear it at once, and headquarters decides who gets what."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from edge.cli import roundsman
from edge.contract.signed_kinds import DOWNLOAD
from edge.contract.signing import create_private_key
from edge.contract.topics import Topics
from edge.errors import UserError
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig
from edge.vehicle.announced import FILE
from edge.vehicle.config import GpsConfig, TouchscreenConfig, VehicleConfig
from edge.vehicle.daemon import Vehicle
from provisioning.fleet.folder import Fleet
from tests.provisioning.clients import Client
from tests.provisioning.devices import Device
from tests.provisioning.fleets import KEY, Clock
from tests.provisioning.release.town import PUBLIC, write_release
from tests.provisioning.rollout.test_over_https import Car
from tests.provisioning.services import broker_of, serving
from tests.provisioning.update.units import Unit
from tests.waiting import wait_for

WHO: Final = ("--role", "fleet admin", "--reason", "streets of district 2")


@dataclass
class Town:
    """A fleet, and a folder for the disks of its units and of headquarters."""

    fleet: Fleet
    folder: Path

    def run(self, *words: str) -> Result:
        """A command of headquarters."""
        return CliRunner().invoke(roundsman, list(words))

    def set_up(self) -> None:
        """Headquarters: its database, its key, the certificate of the commands that publish."""
        create_private_key(self.folder / "key.pem", KEY)
        broker, certs = self.fleet.settings.broker, self.folder / "certs"
        issued = self.run(
            "provision", "ca", "issue", "publisher", "--out", str(certs), "--fleet", str(self.fleet.folder)
        )
        assert issued.exit_code == 0, issued.output
        (self.folder / "hq.toml").write_text(
            f'agency = "{self.fleet.settings.agency}"\ndatabase = "{self.folder}/hq.sqlite3"\n'
            f'signing_key = "{self.folder}/key.pem"\n'
            f'[broker]\nhost = "{broker.host}"\nport = {broker.port}\nca = "{broker.files}/ca.pem"\n'
            f'cert = "{certs}/publisher.pem"\nkey = "{certs}/publisher.key"\n'
        )
        Store(self.folder / "hq.sqlite3").close()

    def announce(self, *words: str) -> Result:
        """As an admin does."""
        where = ("--fleet", str(self.fleet.folder), "--config", f"{self.folder}/hq.toml")
        return self.run("provision", "announce", *where, *WHO, *words)

    def device(self, name: str) -> Device:
        """A unit that has enrolled."""
        device = Device(self.fleet, name, self.folder / name).with_token()
        device.enrol()
        return device

    def broker_for(self, device: Device) -> BrokerConfig:
        """How a unit reaches the broker."""
        own, held = self.fleet.settings.broker, device.config.identity / "current"
        certificate = {"ca": device.config.ca, "cert": held / "cert.pem", "key": held / "key.pem"}
        return BrokerConfig(host=own.host, port=own.port, **certificate)

    @contextmanager
    def driven(self, device: Device) -> Iterator[Vehicle]:
        """A unit's daemon, which runs."""
        vehicle = Vehicle(
            VehicleConfig(
                unit=device.name,
                agency=self.fleet.settings.agency,
                agency_key=str(self.fleet.agency.public_key),
                district="1",
                data=device.folder / "records",
                gps=GpsConfig(source="serial", device=str(device.folder / "no-receiver")),
                broker=self.broker_for(device),
                touchscreen=TouchscreenConfig(port=0),
            )
        )
        vehicle.start()
        try:
            yield vehicle
        finally:
            vehicle.stop()

    def fetching(self, device: Device) -> Car:
        """A unit as ``roundsman-fetch.service`` finds it."""
        return Car(device, Unit(device.folder / "unit").first_installed(), device.folder / "downloads")


def woken(vehicle: Vehicle) -> bool:
    """Whether the file that ``roundsman-fetch.path`` watches has been written."""
    vehicle.tend()
    return (vehicle.config.data / FILE).exists()


@pytest.fixture
def town(fleet: Fleet, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A fleet that pins a release key and has 0.2.0; its broker and enrolment service run. Cars ask without delay."""
    monkeypatch.setattr("edge.vehicle.daemon.SPREAD_S", 0.0)
    path = fleet.folder / "fleet.toml"
    path.write_text(f'release_key = "{PUBLIC}"\n{path.read_text()}')
    pinned = Fleet(fleet.folder, fleet.utc)
    write_release(pinned.folder / "releases/new", epoch=int(clock.now))
    made = Town(pinned, tmp_path)
    with broker_of(pinned), serving(pinned):
        made.set_up()
        yield made


def test_every_car_hears_it_and_the_stages_hold_all_the_same(town: Town) -> None:
    """Both are woken; the first to ask gets the release, the other one nothing. A later car hears it, too."""
    with ExitStack() as stack:
        devices = [town.device(name) for name in ("car-1", "car-2")]
        vehicles = [stack.enter_context(town.driven(one)) for one in devices]
        assert not any(map(woken, vehicles))
        done = town.announce()
        assert done.exit_code == 0, done.output
        assert "bundle: 1 (" in done.output
        assert "release: 0.2.0 (" in done.output
        for vehicle in vehicles:
            wait_for(lambda: woken(vehicle))  # noqa: B023 - called before the next
        first, second = (town.fetching(one).fetch() for one in devices)
        assert "Roundsman 0.2.0" in first
        assert "is here" in first
        assert "no other release" in second
        late = stack.enter_context(town.driven(town.device("car-3")))
        wait_for(lambda: woken(late))


def test_a_car_cannot_announce(town: Town) -> None:
    """The broker takes no download notice from a car; headquarters' publisher may."""
    client = Client(town.broker_for(town.device("car-1")), "car-1")
    try:
        assert not client.writes(DOWNLOAD.topic_of_slot(Topics("squaretown"), ""))
    finally:
        client.close()


def test_it_is_written_for_a_car_without_a_link_and_numbered(town: Town) -> None:
    """``--out`` writes a file for the drop folder; without a bundle or a release there is nothing to announce."""
    for number in (1, 2):
        done = town.announce("--out", f"{town.folder}/notice.json")
        assert f"notice.json: download {number}" in done.output
    with town.driven(town.device("car-1")) as vehicle:
        (vehicle.config.data / "incoming/notice.json").write_bytes((town.folder / "notice.json").read_bytes())
        wait_for(lambda: woken(vehicle))
        held = vehicle.disk.in_force.get(DOWNLOAD)
        assert held is not None
        assert held.body.release is not None
        assert (held.body.number, held.body.release.version) == (2, "0.2.0")
    (town.fleet.settings.agency / "manifest.json").write_text("{}")
    (town.fleet.folder / "releases").rename(town.folder / "away")
    nothing = town.announce()
    assert isinstance(nothing.exception, UserError)
