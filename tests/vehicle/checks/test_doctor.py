"""`roundsman doctor`: every check is asked, none ends the others, and the exit status is that of the worst."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from edge.errors import UserError
from edge.text.config import load
from edge.vehicle.checks.doctor import CHECKS, examine
from edge.vehicle.checks.doctor_command import STATUS, doctor, worst_of
from edge.vehicle.checks.finding import Finding
from edge.vehicle.config import VehicleConfig
from tests.commands import VEHICLE, command_town, here

__all__ = ["command_town", "here"]

NO_RECEIVER = '[gps]\nsource = "serial"\ndevice = "/dev/no-receiver"\n[broker]'


@pytest.fixture
def config(here: Path) -> VehicleConfig:
    """A car's configuration, whose receiver is not plugged in."""
    (here / "vehicle.toml").write_text(VEHICLE.replace("[broker]", NO_RECEIVER))
    return load(VehicleConfig, here / "vehicle.toml")


def test_a_check_that_cannot_look_ends_no_other(config: VehicleConfig) -> None:
    """A folder that may not be read, a file that is wrong: each a finding of its own."""

    def forbidden(_: VehicleConfig) -> Iterator[Finding]:
        raise PermissionError(13, "Permission denied", "/sys/secret")

    def wrong(_: VehicleConfig) -> Iterator[Finding]:
        msg = "agency.json: is cut short; copy it anew"
        raise UserError(msg)

    def fine(_: VehicleConfig) -> Iterator[Finding]:
        yield Finding("ok", "well")

    assert list(examine(config, {"a": forbidden, "b": wrong, "c": fine})) == [
        ("a", Finding("warning", "could not be looked at (/sys/secret: Permission denied)")),
        ("b", Finding("fault", "agency.json: is cut short; copy it anew")),
        ("c", Finding("ok", "well")),
    ]


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(doctor, ["--config", "vehicle.toml", *arguments])


def test_every_check_says_something_and_the_status_is_that_of_the_worst(config: VehicleConfig) -> None:
    """A line each, in the order of the table; a receiver that is not there is a fault, with what to do."""
    done = asked()
    assert done.exit_code == STATUS["fault"]
    lines = done.output.splitlines()
    names = [line[9:].partition(":")[0] for line in lines]
    assert list(dict.fromkeys(names)) == list(CHECKS)
    assert "FAULT    gps: gps.device: /dev/no-receiver: not found; plug in the receiver" in done.output
    assert "OK       bundle: version 1, in force until" in done.output
    assert not [line for line in lines if "Traceback" in line]
    assert config.unit == "car-1"


def test_json_has_the_same_for_a_program(config: VehicleConfig) -> None:
    """One object: unit, instant, the worst grade, every finding."""
    done = asked("--json")
    told: dict[str, Any] = json.loads(done.output)
    assert (told["unit"], told["worst"], done.exit_code) == (config.unit, "fault", 2)
    assert {one["check"] for one in told["findings"]} == set(CHECKS)
    assert all(set(one) == {"check", "grade", "text"} for one in told["findings"])


def test_the_status_is_0_for_all_well_1_for_warnings_and_2_for_a_fault() -> None:
    """For a script over a fleet."""
    assert STATUS[worst_of([])] == STATUS[worst_of(["ok"])] == 0
    assert STATUS[worst_of(["ok", "warning", "ok"])] == 1
    assert STATUS[worst_of(["fault", "warning"])] == 2


def test_a_configuration_that_is_wrong_is_said_before_anything_is_looked_at(here: Path) -> None:
    """As by `config check`: one sentence, by the command line's own way."""
    (here / "vehicle.toml").write_text(VEHICLE.replace('unit = "car-1"', 'unit = ""'))
    done = asked()
    assert isinstance(done.exception, UserError)
    assert done.output == ""
