"""The files of a unit and of its boot partition: as kept in golden/, usable by the daemon, and without a secret."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, get_args

import pytest

from edge.text.config import load
from edge.vehicle.config import VehicleConfig
from provisioning.exchange import TokenFile
from provisioning.fleet.settings import BrokerSettings, EnrolmentSettings, FleetSettings
from provisioning.image.boot_files import Image, boot_files
from provisioning.image.device_files import device_files
from provisioning.image.places import UPDATE_TOML, VEHICLE_TOML
from provisioning.image.render import Site, render
from provisioning.units.unit import Board, Unit
from provisioning.update.config import UpdateConfig
from tests.schemas import validator

GOLDEN: Final = Path(__file__).with_name("golden")
DEBIAN: Final = Path(__file__).parents[2] / "build/checkers/usr/lib/python3/dist-packages/cloudinit/config/schemas"
CLOUD_CONFIG: Final = DEBIAN / "schema-cloud-config-v1.json"
SITE: Final = Site(
    agency="riverton",
    agency_key="ab" * 32,
    settings=FleetSettings(
        agency=Path("agency"),
        broker=BrokerSettings(host="mqtt.riverton.example"),
        enrolment=EnrolmentSettings(host="enrol.riverton.example"),
    ),
    root_pem="-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
)
TOKEN: Final = TokenFile(unit="Car_7", token="t" * 43, expires=datetime(2026, 12, 7, 12, tzinfo=UTC), serial="00c0ffee")


def unit(board: Board) -> Unit:
    return Unit(unit="Car_7", board=board, district="5 Süd", gps="serial", diagonal=10.1)


@pytest.mark.parametrize("board", get_args(Board))
def test_a_boards_files_are_those_in_golden(board: Board) -> None:
    """A changed template shows as a difference; ROUNDSMAN_GOLDEN=write writes them anew.

    The board's files stand whole in `user-data`, and are no files of their own here.
    """
    files = render(unit(board), SITE)
    own = {path: text for path, text in files.items() if path not in device_files(board)}
    made = {**own, **boot_files(Image(unit(board), files, TOKEN))}
    for name, text in made.items():
        kept = GOLDEN / board / name.lstrip("/")
        if os.environ.get("ROUNDSMAN_GOLDEN") == "write":
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(text, encoding="utf-8")
        assert kept.read_text(encoding="utf-8") == text, name
    held = {str(path.relative_to(GOLDEN / board)) for path in (GOLDEN / board).rglob("*") if path.is_file()}
    assert held == {name.lstrip("/") for name in made}


@pytest.mark.parametrize("board", get_args(Board))
def test_the_daemon_takes_its_rendered_configuration(board: Board, tmp_path: Path) -> None:
    """Every key of it."""
    path = tmp_path / "vehicle.toml"
    path.write_text(render(unit(board), SITE)[VEHICLE_TOML], encoding="utf-8")
    config = load(VehicleConfig, path)
    assert (config.unit, config.district, config.agency_key) == ("Car_7", "5 Süd", "ab" * 32)
    assert (config.broker.host, config.broker.port) == ("mqtt.riverton.example", 8883)
    assert (config.gps.source, config.touchscreen.diagonal) == ("serial", 10.1)


def test_the_same_unit_gives_the_same_text_and_the_token_stands_in_one_file() -> None:
    """cloud-init keeps a copy of its own files on the device: the token is in none of them."""
    assert render(unit("rpi5"), SITE) == render(unit("rpi5"), SITE)
    files = boot_files(Image(unit("rpi5"), render(unit("rpi5"), SITE), TOKEN))
    assert [name for name, text in files.items() if TOKEN.token in text] == ["roundsman/enrolment.json"]
    assert not [name for name, text in files.items() if "PRIVATE KEY" in text]


@pytest.mark.skipif(not CLOUD_CONFIG.exists(), reason="needs Debian's cloud-init, unpacked by tests/system.sh")
@pytest.mark.parametrize("board", get_args(Board))
def test_cloud_inits_own_schema_finds_no_fault(board: Board) -> None:
    """It refuses a key that is misspelled."""
    schema = validator(json.loads(CLOUD_CONFIG.read_text(encoding="utf-8")), "Draft4")
    text = boot_files(Image(unit(board), render(unit(board), SITE), TOKEN))["user-data"]
    config = json.loads(text.partition("\n")[2])
    assert not [error.message for error in schema.iter_errors(config)]
    assert [*schema.iter_errors({**config, "write_files": [{"pth": "/etc/motd"}]})]


def test_a_unit_pins_the_release_key_of_its_fleet(tmp_path: Path) -> None:
    """Where the fleet has one; the updater takes every key of its file. Else the unit takes bundles alone."""
    path = tmp_path / "update.toml"
    path.write_text(render(unit("rpi5"), SITE)[UPDATE_TOML], encoding="utf-8")
    bundles_alone = load(UpdateConfig, path)
    assert (bundles_alone.release_key, bundles_alone.folders) == (None, ())
    assert bundles_alone.headquarters is not None
    pinning = replace(SITE, settings=SITE.settings.model_copy(update={"release_key": "cd" * 32}))
    path.write_text(render(unit("rpi5"), pinning)[UPDATE_TOML], encoding="utf-8")
    config = load(UpdateConfig, path)
    assert (config.release_key, config.folders) == (
        "cd" * 32,
        (Path("/media/stick/roundsman"), Path("/var/lib/roundsman-downloads")),
    )
    assert config.headquarters is not None
    assert config.headquarters.service == "https://enrol.riverton.example:8443"
    assert (
        config.screen
        == f"http://127.0.0.1:{VehicleConfig.model_fields['touchscreen'].get_default(call_default_factory=True).port}"
    )


def test_cloud_inits_files_are_yaml_that_is_json() -> None:
    """Whatever a district is called, no line of a file can be read as another key."""
    files = boot_files(Image(unit("rpi4"), render(unit("rpi4"), SITE), TOKEN))
    head, _, body = files["user-data"].partition("\n")
    assert head == "#cloud-config"
    config = json.loads(body)
    assert config["hostname"] == "car-7"
    on_boot = {"/boot/firmware/config.txt"}
    assert {one["path"] for one in config["write_files"]} == set(render(unit("rpi4"), SITE)) - on_boot
    assert files["config.txt"] == device_files("rpi4")["/boot/firmware/config.txt"]
    assert ["systemctl", "mask", "--now", "gpsd.service", "gpsd.socket"] in config["runcmd"]
    modes = {one["path"]: one["permissions"] for one in config["write_files"]}
    assert (modes["/usr/lib/roundsman/seal"], modes["/etc/roundsman/vehicle.toml"]) == ("0755", "0644")
    assert all(wire["optional"] for wire in json.loads(files["network-config"])["ethernets"].values())


@pytest.mark.parametrize("gps", ["gpsd", "serial"])
def test_a_receiver_has_one_reader(gps: Literal["gpsd", "serial"]) -> None:
    """The daemon by gpsd, or the daemon itself; never both."""
    own = unit("rpi5").model_copy(update={"gps": gps})
    files = render(own, SITE)
    commands = json.loads(boot_files(Image(own, files, TOKEN))["user-data"].partition("\n")[2])["runcmd"]
    started = [one for one in commands if one[:2] == ["systemctl", "enable"] and "gpsd.service" in one]
    assert (len(started) == 1) == (gps == "gpsd")
    assert (["systemctl", "mask", "--now", "gpsd.service", "gpsd.socket"] in commands) == (gps == "serial")
    assert f'source = "{gps}"' in files[VEHICLE_TOML]
