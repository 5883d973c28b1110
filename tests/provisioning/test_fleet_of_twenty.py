"""Twenty units, from a CSV to the broker: the commands an admin gives, the real service, a real mosquitto with mTLS.

The service is a process of its own; each unit is what its image files make of it.
"""

import json
import shutil
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from edge.cli import roundsman
from edge.contract.topics import Topics
from edge.errors import UserError
from edge.mqtt.broker import BrokerConfig, make_client
from edge.text.config import load
from edge.vehicle.config import VehicleConfig
from provisioning.authority.certificates import DAY_S, sign_client
from provisioning.authority.pem import certificate_pem, key_pem, new_key
from provisioning.device import enrolment
from provisioning.device.config import EnrolmentConfig
from provisioning.device.service import asking
from provisioning.fleet.folder import Fleet
from provisioning.image.places import BUNDLE, ETC, SEED, STATE
from tests.brokers import Mosquitto
from tests.provisioning.clients import Client
from tests.provisioning.fleets import csv_of, new_fleet
from tests.provisioning.served import service
from tests.provisioning.services import broker_of
from tests.waiting import wait_for

TOPICS: Final = Topics("squaretown")
UNITS: Final = 20


@dataclass
class Town:
    """A fleet, its broker, and the folder of its units' disks."""

    fleet: Fleet
    broker: Mosquitto
    disks: Path
    seconds: float

    def vehicle(self, name: str) -> VehicleConfig:
        """A unit's configuration as rendered, with the paths of its disk here."""
        return load(VehicleConfig, self.disks / name / "vehicle.toml")

    def connected(self, name: str) -> Client:
        """A unit at the broker, as its configuration says."""
        return Client(self.vehicle(name).broker, name)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(roundsman, ["provision", *arguments])
    if result.exception is not None:
        raise result.exception
    return result.output


def first_boot(card: Path, disk: Path) -> None:
    """What cloud-init and the units' first boot do with a card: lay out its files, enrol."""
    disk.mkdir()
    shutil.copytree(card, disk / "seed")
    config = json.loads((disk / "seed/user-data").read_text().partition("\n")[2])
    for one in config["write_files"]:
        text = one["content"]
        for there, here in ((ETC, disk), (STATE, disk / "state"), (SEED["rpi5"], disk / "seed")):
            text = text.replace(f'"{there}/', f'"{here}/').replace(f'"{there}"', f'"{here}"')
        (disk / Path(one["path"]).name).write_text(text)
    (disk / "state").mkdir()
    shutil.move(disk / "seed/roundsman/enrolment.json", disk / "state/enrolment.json")
    enrolled = load(EnrolmentConfig, disk / "enrolment.toml")
    enrolment.enrol(enrolled, asking(enrolled.service, enrolled.ca, time.time))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, signed_square: Path) -> Iterator[Town]:
    """Twenty units, enrolled."""
    folder = tmp_path_factory.mktemp("town")
    fleet = new_fleet(signed_square, folder, time.time)
    (folder / "units.csv").write_text(csv_of(UNITS))
    disks = folder / "disks"
    disks.mkdir()
    with broker_of(fleet) as broker, service(fleet.folder):
        began = time.monotonic()
        run("fleet", "import", str(folder / "units.csv"), "--fleet", str(fleet.folder))
        run("image-files", "--all", "--out", str(folder / "cards"), "--fleet", str(fleet.folder))
        cards = sorted((folder / "cards").iterdir())
        with ThreadPoolExecutor(UNITS) as boots:
            list(boots.map(lambda card: first_boot(card, disks / card.name), cards))
        seconds = time.monotonic() - began
        print(f"\n2 commands, {len(cards)} units from CSV to enrolled in {seconds:.1f} s")  # noqa: T201 - the figure
        yield Town(fleet, broker, disks, seconds)


def test_two_commands_lead_from_a_csv_to_twenty_enrolled_units(town: Town) -> None:
    """Each has the certificate of its name, and no token any more; the fleet's status says so."""
    with town.fleet.registry() as registry:
        held = {name: registry.certificates(name) for name in registry.units()}
    assert len(held) == UNITS
    assert all(len(certificates) == 1 for certificates in held.values())
    assert not list(town.disks.rglob("enrolment.json"))
    result = CliRunner().invoke(roundsman, ["provision", "status", "--fleet", str(town.fleet.folder)])
    assert result.output.count("enrolled") == UNITS
    assert "root.key" in result.output


def test_every_unit_publishes_by_its_rendered_configuration(town: Town) -> None:
    """Its status; the bundle that the configuration names is there, too."""
    clients = [town.connected(f"car-{number}") for number in range(1, UNITS + 1)]
    for number, client in enumerate(clients, 1):
        assert client.writes(TOPICS.status(f"car-{number}"))
        client.close()
    assert (town.vehicle("car-1").agency / "agency.json").exists()
    assert str(town.vehicle("car-1").agency).endswith(BUNDLE)


def test_a_unit_neither_writes_as_another_nor_reads_what_is_not_for_it(town: Town) -> None:
    """Of another unit only the fleet's visits; of headquarters no acknowledgment but its own."""
    first, second = town.connected("car-1"), town.connected("car-2")
    try:
        assert not first.writes(TOPICS.status("car-2"))
        assert not first.writes(TOPICS.hq("plan/1/2026-11-22/night"))
        assert not first.writes(TOPICS.acks("car-1"))
        first.listens("#", f"{TOPICS.base}/#")
        for topic in (TOPICS.status("car-2"), TOPICS.events("car-2"), TOPICS.visits("car-2")):
            assert second.writes(topic)
        assert first.writes(TOPICS.status("car-1"))
        wait_for(lambda: {TOPICS.status("car-1"), TOPICS.visits("car-2")} <= set(first.heard))
        assert {TOPICS.status("car-2"), TOPICS.events("car-2")}.isdisjoint(first.heard)
    finally:
        first.close()
        second.close()


@pytest.mark.parametrize(
    ("starts_days", "ends_days", "why"),
    [(-90.0, -1 / 1440, "expired"), (1.0, 91.0, "certificate|not yet valid|bad certificate")],
)
def test_a_certificate_of_another_time_is_refused(
    town: Town, tmp_path: Path, starts_days: float, ends_days: float, why: str
) -> None:
    """Expired a minute ago; beginning tomorrow: though the fleet's own issuing key signed it."""
    issuing, key = town.fleet.authority.newest()[1], new_key()
    begins = time.time() + starts_days * DAY_S
    made = sign_client(issuing, "car-3", key.public_key(), begins + 3600.0, (ends_days - starts_days) * DAY_S - 3600.0)
    (tmp_path / "cert.pem").write_bytes(certificate_pem(made, issuing.certificate))
    (tmp_path / "key.pem").write_bytes(key_pem(key))
    reached = town.vehicle("car-3").broker
    other = reached.model_copy(update={"cert": tmp_path / "cert.pem", "key": tmp_path / "key.pem"})
    with pytest.raises(OSError, match=f"(?i){why}|alert"):
        make_client("car-3", other).connect(other.host, other.port)


def test_without_a_certificate_nobody_connects(town: Town) -> None:
    """Whatever name it gives."""
    reached = town.vehicle("car-3").broker
    bare = BrokerConfig(host=reached.host, port=reached.port, ca=reached.ca)
    with pytest.raises(OSError, match=r"(?i)certificate|alert|reset"):
        make_client("car-3", bare).connect(bare.host, bare.port)


def test_a_revoked_units_session_is_ended_and_it_is_refused_within_a_minute(town: Town) -> None:
    """By one command; another unit's session goes on. Given again, the command still holds."""
    victim, other = town.connected("car-7"), town.connected("car-8")
    try:
        began = time.monotonic()
        said = run("revoke", "car-7", "--reason", "stolen", "--fleet", str(town.fleet.folder))
        wait_for(lambda: victim.ended)
        assert time.monotonic() - began < 60.0
        assert "1 certificate revoked" in said
        reached = town.vehicle("car-7").broker
        with pytest.raises(OSError, match=r"(?i)revoked"):
            make_client("car-7", reached).connect(reached.host, reached.port)
        assert other.writes(TOPICS.status("car-8"))
        assert other.ended == []
        run("revoke", "car-7", "--reason", "stolen", "--fleet", str(town.fleet.folder))
    finally:
        victim.close()
        other.close()


def test_a_revoked_unit_enrols_again_only_by_new_image_files(town: Town, tmp_path: Path) -> None:
    """`--all` leaves it alone; named, it gets a token, and has a new certificate that the broker accepts."""
    fleet = ("--fleet", str(town.fleet.folder))
    run("revoke", "car-9", "--reason", "new device", *fleet)
    assert "0 units" in run("image-files", "--all", "--out", str(tmp_path / "none"), *fleet)
    run("image-files", "car-9", "--out", str(tmp_path / "card"), *fleet)
    first_boot(tmp_path / "card/car-9", tmp_path / "disk")
    again = Client(load(VehicleConfig, tmp_path / "disk/vehicle.toml").broker, "car-9")
    assert again.writes(TOPICS.status("car-9"))
    again.close()


def test_units_of_two_issuing_keys_are_accepted_and_revoked_side_by_side(town: Town, tmp_path: Path) -> None:
    """After a rotation the earlier certificates hold, new ones come from the new key, and either can be revoked."""
    fleet = ("--fleet", str(town.fleet.folder))
    run("ca", "rotate", *fleet)
    run("broker", "render", "--reload", *fleet)
    run("revoke", "car-11", "--reason", "test", *fleet)
    run("image-files", "car-11", "--out", str(tmp_path / "card"), *fleet)
    first_boot(tmp_path / "card/car-11", tmp_path / "disk")
    new = Client(load(VehicleConfig, tmp_path / "disk/vehicle.toml").broker, "car-11")
    old = town.connected("car-12")
    try:
        assert new.writes(TOPICS.status("car-11"))
        assert old.writes(TOPICS.status("car-12"))
        for name, one in (("car-12", old), ("car-11", new)):
            run("revoke", name, "--reason", "test", *fleet)
            wait_for(lambda one=one: one.ended)  # type: ignore[misc]
    finally:
        new.close()
        old.close()


def test_a_broker_that_does_not_reload_is_named(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unit is revoked in the registry all the same; the sentence says what to do."""
    monkeypatch.setenv("ROUNDSMAN_FLEET__BROKER__RELOAD", '["false"]')
    with pytest.raises(UserError, match=r"broker.reload: `false` failed \(exit status 1\)"):
        run("revoke", "car-20", "--reason", "test", "--fleet", str(town.fleet.folder))
    with town.fleet.registry() as registry:
        assert registry.certificates("car-20")[-1].revoked is not None
    monkeypatch.delenv("ROUNDSMAN_FLEET__BROKER__RELOAD")
    run("revoke", "car-20", "--reason", "test", "--fleet", str(town.fleet.folder))


def test_headquarters_processes_get_their_certificates(town: Town, tmp_path: Path) -> None:
    """By their names of the access list; a unit's name is refused."""
    fleet = ("--fleet", str(town.fleet.folder))
    said = run("ca", "issue", "receiver-1", "--out", str(tmp_path), *fleet)
    below = tomllib.loads(said.partition("\n")[2])
    assert below["cert"] == str(tmp_path / "receiver-1.pem")
    assert below["ca"] == str(town.fleet.folder / "root.pem")
    reached = town.vehicle("car-1").broker
    own = reached.model_copy(update={"cert": tmp_path / "receiver-1.pem", "key": tmp_path / "receiver-1.key"})
    receiver = Client(own, "receiver-1")
    assert receiver.writes(TOPICS.acks("car-1"))
    receiver.close()
    with pytest.raises(UserError, match="car-1: not the name of a process of headquarters"):
        run("ca", "issue", "car-1", "--out", str(tmp_path), *fleet)
