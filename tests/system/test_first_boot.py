"""A unit's first boot on a real systemd, in its sandbox: enrolled by its token, and connected by its certificate."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from edge.contract.topics import Topics
from edge.mqtt.broker import BrokerConfig
from provisioning.authority.pem import common_name, read_chain
from provisioning.fleet.folder import Fleet
from provisioning.fleet.processes import issue_process
from provisioning.image.image_files import write_image
from tests.provisioning.clients import Client
from tests.provisioning.fleets import Clock, new_fleet, signed_square
from tests.provisioning.services import broker_of, serving
from tests.system.enrolled import UNITS, NewUnit
from tests.system.machine import make_debian
from tests.system.site import wait_for

__all__ = ["signed_square"]

pytestmark = pytest.mark.long

TOPICS: Final = Topics("squaretown")


@pytest.fixture
def fleet(tmp_path: Path, signed_square: Path) -> Iterator[Fleet]:
    """A fleet whose broker runs on this machine."""
    made = new_fleet(signed_square, tmp_path, Clock(), units=1)
    with broker_of(made):
        yield made


@pytest.fixture
def unit(fleet: Fleet, tmp_path: Path) -> Iterator[NewUnit]:
    """A card of car-1, not yet booted."""
    with fleet.registry() as registry:
        card = write_image(fleet, registry, registry.units()["car-1"], tmp_path / "cards", 7)
    made = NewUnit(make_debian())
    made.lay_out(card)
    yield made
    made.halt()


def receiver(fleet: Fleet, folder: Path) -> Client:
    """Headquarters' receiver at the broker."""
    with fleet.registry() as registry:
        cert, key = issue_process(fleet, registry, "receiver-1", folder)
    ca = fleet.folder / "root.pem"
    broker = fleet.settings.broker
    return Client(BrokerConfig(host=broker.host, port=broker.port, ca=ca, cert=cert, key=key), "receiver-1")


def test_a_card_becomes_a_connected_car_at_its_first_boot(fleet: Fleet, unit: NewUnit, tmp_path: Path) -> None:
    """The units do all of it within their sandboxes; the token is wiped; a power cut later it is the same car."""
    hq = receiver(fleet, tmp_path / "receiver")
    hq.listens(TOPICS.status("car-1"))
    with serving(fleet):
        unit.boot()
        wait_for("its certificate", (unit.identity / "1/cert.pem").exists, 90.0)
        wait_for("the wiping of its token", lambda: not unit.token.exists())
    assert common_name(read_chain(unit.identity / "1/cert.pem", "")[0]) == "car-1"
    assert (unit.identity / "1/key.pem").stat().st_mode & 0o777 == 0o600
    assert (unit.identity / "1/key.pem").stat().st_uid != 0
    wait_for("its status at headquarters", lambda: TOPICS.status("car-1") in hq.heard, 90.0)
    for name in UNITS:
        written = unit.journal(name)
        assert "Traceback" not in written
        assert "denied" not in written
    before = (unit.identity / "1/cert.pem").read_bytes()
    unit.cut()
    hq.heard.clear()
    unit.boot()
    wait_for("its status after the power cut", lambda: TOPICS.status("car-1") in hq.heard, 90.0)
    wait_for("the look for a renewal", lambda: "the next certificate is due" in unit.journal(UNITS[2]), 90.0)
    assert "Unknown key name" not in unit.whole_journal()  # in a file of firmware_config/
    assert (unit.identity / "1/cert.pem").read_bytes() == before
    assert (unit.identity / "current").is_symlink()
    with fleet.registry() as registry:
        assert len(registry.certificates("car-1")) == 1
    hq.close()


def test_without_headquarters_a_new_car_patrols_and_enrols_when_it_can(fleet: Fleet, unit: NewUnit) -> None:
    """Its screen is served meanwhile; the token stays, and is tried again each minute."""
    unit.boot()
    wait_for("its screen", lambda: unit.answers("vehicle"), 90.0)
    wait_for("an attempt", lambda: "does not answer" in unit.journal(UNITS[0]), 90.0)
    assert unit.token.exists()
    with serving(fleet):
        wait_for("its certificate", (unit.identity / "1/cert.pem").exists, 120.0)
        wait_for("the wiping of its token", lambda: not unit.token.exists())


def test_the_enrolment_service_works_in_its_sandbox(fleet: Fleet, unit: NewUnit) -> None:
    """Started by systemd as its own user: it says that it is ready, and issues the certificate."""
    unit.serve(fleet.folder)
    unit.boot()
    wait_for("its certificate", (unit.identity / "1/cert.pem").exists, 120.0)
    written = unit.journal("roundsman-enrolment.service")
    assert "Started roundsman-enrolment.service" in written or "Started Roundsman" in written
    assert "Traceback" not in written
