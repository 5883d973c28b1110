"""A release from headquarters over real TLS: who may ask, what is gone on with, and what is refused."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.errors import UserError
from edge.mqtt.tls_files import context_of
from provisioning.enrol.software import BOOK
from provisioning.fleet.folder import Fleet
from provisioning.rollout.rollout import Rollout
from provisioning.software.offering import Offer, Report
from provisioning.software.verified import MANIFEST
from provisioning.update.download import HALF
from provisioning.update.fetch import Headquarters, fetch
from provisioning.update.headquarters import OverHttps
from tests.provisioning.devices import Device
from tests.provisioning.fleets import Clock
from tests.provisioning.release.town import HERE, OTHER, PUBLIC, sign, write_release
from tests.provisioning.services import serving
from tests.provisioning.update.units import OLD, Unit, named


@dataclass
class Car:
    """A unit of the fleet: enrolled, with 0.1.0, and what it downloads."""

    device: Device
    unit: Unit
    downloads: Path

    def hq(self) -> OverHttps:
        """As the command asks."""
        held = self.device.config.identity / "current"
        context = context_of(self.device.config.ca, held / "cert.pem", held / "key.pem")
        return OverHttps(self.device.config.service, context)

    def fetch(self, hq: Headquarters | None = None) -> str:
        """As the command does."""
        runs, memory = self.unit.places.good, self.unit.memory
        return fetch(self.downloads, runs, memory, PUBLIC, HERE, hq or self.hq())


@dataclass
class Weak:
    """A link that ends after so many bytes."""

    hq: OverHttps
    left: int

    def report(self, report: Report) -> Offer:
        """That is short enough."""
        return self.hq.report(report)

    def pieces(self, release: str, name: str, start: int, end: int) -> Iterator[bytes]:
        """Until it ends."""
        for data in self.hq.pieces(release, name, start, end):
            if len(data) > self.left:
                yield data[: self.left]
                msg = "the link is gone"
                raise UserError(msg)
            self.left -= len(data)
            yield data


@pytest.fixture
def pinned(fleet: Fleet) -> Fleet:
    """A fleet that pins the release key."""
    path = fleet.folder / "fleet.toml"
    path.write_text(f'release_key = "{PUBLIC}"\n{path.read_text()}')
    return Fleet(fleet.folder, fleet.utc)


@pytest.fixture
def shelf(pinned: Fleet, clock: Clock) -> Path:
    """Headquarters' releases, with 0.2.0."""
    write_release(pinned.folder / "releases/new", epoch=int(clock.now))
    return pinned.folder / "releases"


@contextmanager
def cars(fleet: Fleet, folder: Path, *names: str) -> Iterator[list[Car]]:
    """Some units, enrolled; the service runs."""
    with serving(fleet):
        made = []
        for name in names:
            device = Device(fleet, name, folder / name).with_token()
            device.enrol()
            made.append(Car(device, Unit(folder / name / "unit").first_installed(), folder / name / "downloads"))
        yield made


def test_a_unit_downloads_what_it_is_offered_and_runs_it(
    pinned: Fleet, shelf: Path, tmp_path: Path, clock: Clock
) -> None:
    """Over a link that ends in the midst; a second unit waits until the first has run it for an hour."""
    name = named(shelf / "new")
    with cars(pinned, tmp_path, "car-1", "car-2") as (first, second):
        with pytest.raises(UserError, match="the link is gone"):
            first.fetch(Weak(first.hq(), (shelf / "new" / MANIFEST).stat().st_size + 100))
        assert [path.suffix for path in (first.downloads / name).iterdir()] == [HALF]
        assert f"Roundsman {name} is here" in first.fetch()
        assert {path.name: path.read_bytes() for path in (first.downloads / name).iterdir()} == {
            path.name: path.read_bytes() for path in (shelf / "new").iterdir()
        }
        assert "is here already" in first.fetch()
        assert "no other release" in second.fetch()
        assert "works" in first.unit.update(first.downloads / name)
        assert "no other release" in first.fetch()
        assert not (first.downloads / name).exists()
        clock.now += 3_600.0
        first.fetch()
        assert f"Roundsman {name} is here" in second.fetch()
        assert "works" in second.unit.update(second.downloads / name)


def test_a_release_that_failed_is_offered_to_nobody(pinned: Fleet, shelf: Path, tmp_path: Path) -> None:
    """The unit that went back says so."""
    with cars(pinned, tmp_path, "car-1", "car-2") as (first, second):
        first.unit.car.ways = {"0.2.0": "dead"}
        first.fetch()
        with pytest.raises(UserError, match="does not work here"):
            first.unit.update(first.downloads / named(shelf / "new"))
        assert "no other release" in first.fetch()
        assert "no other release" in second.fetch()
        write_release(shelf / "mended", "0.2.1", int(pinned.utc()) + 60)
        assert "0.2.1" in second.fetch()


def test_revoked_and_unknown_clients_get_nothing(pinned: Fleet, shelf: Path, tmp_path: Path) -> None:
    """Neither an offer nor a file."""
    name = named(shelf / "new")
    with cars(pinned, tmp_path, "car-1") as (car,):
        with pinned.registry() as registry, registry.transaction():
            registry.revoke("car-1")
        anonymous = OverHttps(car.device.config.service, context_of(car.device.config.ca, None, None))
        for hq in (car.hq(), anonymous):
            with pytest.raises(UserError, match="a valid certificate of a unit is needed"):
                car.fetch(hq)
            with pytest.raises(UserError, match="status 403"):
                list(hq.pieces(name, MANIFEST, 0, 100))


def test_nothing_else_is_served(pinned: Fleet, shelf: Path, tmp_path: Path) -> None:
    """Neither a release that was not offered to this unit, nor the fleet's keys, nor what a manifest does not list."""
    (shelf / "new/secret").write_text("secret")
    with cars(pinned, tmp_path, "car-1") as (car,):
        with pytest.raises(UserError, match="was not offered to this unit"):
            list(car.hq().pieces(named(shelf / "new"), MANIFEST, 0, 100))
        car.fetch()
        for name in ("secret", "../../issuing.key", "..%2f..%2ffleet.toml"):
            with pytest.raises(UserError, match="status 40"):
                list(car.hq().pieces(named(shelf / "new"), name, 0, 100))


def test_a_release_that_is_forged_or_changed_at_headquarters_is_not_taken(
    pinned: Fleet, shelf: Path, tmp_path: Path
) -> None:
    """What the key did not sign is not offered; a file that was changed is asked for again, and never put whole."""
    with cars(pinned, tmp_path, "car-1") as (car,):
        wheel = shelf / "new/lamp-1.0.0-py3-none-any.whl"
        whole = wheel.read_bytes()
        wheel.write_bytes(bytes(len(whole)))
        with pytest.raises(UserError, match="is not the file that was signed"):
            car.fetch()
        assert not (car.downloads / named(shelf / "new") / wheel.name).exists()
        assert not (car.downloads / named(shelf / "new") / MANIFEST).exists()
        wheel.write_bytes(whole)
        assert "is here" in car.fetch()
        shutil.rmtree(car.downloads)
        sign(shelf / "new", write_release(tmp_path / "forged", "0.9.0", int(pinned.utc())), OTHER)
        assert "no other release" in car.fetch()
        assert Rollout(pinned, "Roundsman", BOOK).book().units["car-1"].uses == OLD
