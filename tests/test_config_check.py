"""`roundsman config check`: what a configuration names is looked at before a daemon stumbles over it."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from edge.contract.signing import create_private_key
from tests.commands import HQ, ROUNDSMAN, VEHICLE, command_town, here, refuse, tree

__all__ = ["command_town", "here", "refuse"]

CONFIG_CHECKS: Final = {
    "agency": ('agency = "agency"', 'agency = "nowhere"', "nowhere/agency.json: No such file"),
    "district": ('district = "1"', 'district = "9"', "district: Squaretown has no district '9'; it has 1, 2"),
    "data unwritable": ('data = "data"', 'data = "/sys/data"', "data: /sys/data: cannot be used"),
    "data a file": ('data = "data"', 'data = "plan.toml"', "data: plan.toml: cannot be used"),
    "data below a file": ('data = "data"', 'data = "plan.toml/data"', "data: plan.toml/data: cannot be used"),
    "record's folder": ('data = "data"', 'data = "data"\nrecord = "nowhere/inputs"', "its folder nowhere is not there"),
    "record a folder": ('data = "data"', 'data = "data"\nrecord = "data"', "record: data: is a directory"),
    "log": ("[broker]", '[gps]\nsource = "replay"\nlog = "nowhere.nmea"\n[broker]', "gps.log: nowhere.nmea"),
    "certificate": ("port = 1", 'ca = "nowhere.pem"', "broker.ca"),
    "database": ('database = "hq.sqlite"', 'database = "plan.toml"', "database: plan.toml: is no SQLite database"),
    "database's folder": ('database = "hq.sqlite"', 'database = "nowhere/hq"', "its folder nowhere is not there"),
    "database a folder": ('database = "hq.sqlite"', 'database = "data"', "database: data: is a directory"),
    "database unwritable": ('database = "hq.sqlite"', 'database = "/sys/hq"', "database: /sys/hq: cannot be used"),
    "no key": ('signing_key = "key.pem"', 'signing_key = "nowhere.pem"', "signing_key: nowhere.pem"),
    "an open key": ('signing_key = "key.pem"', 'signing_key = "open.pem"', "signing_key: open.pem: others than"),
    "another key": (
        'signing_key = "key.pem"',
        'signing_key = "other.pem"',
        "is not the key of the agency's public_key",
    ),
}


@pytest.mark.parametrize("mistake", CONFIG_CHECKS)
def test_config_check_looks_at_what_the_configuration_names(
    mistake: str, here: Path, refuse: Callable[..., str]
) -> None:
    """Agency, district, data folder, recording, log, certificates, database, keys: before a daemon stumbles."""
    for name in ("other.pem", "open.pem"):
        create_private_key(here / name)
    (here / "open.pem").chmod(0o644)
    old, new, says = CONFIG_CHECKS[mistake]
    kind, text = ("vehicle", VEHICLE) if old in VEHICLE and "database" not in mistake else ("hq", HQ)
    assert old in text
    (here / "my.toml").write_text(text.replace(old, new))
    said = refuse("config", "check", kind, "my.toml")
    assert "my.toml: " in said
    assert says in said


def test_config_check_tells_every_problem_at_once(here: Path, refuse: Callable[..., str]) -> None:
    """Three, a line each."""
    (here / "my.toml").write_text(VEHICLE.replace('"agency"', '"no"').replace('"data"', '"/sys/d"\nrecord = "no/r"'))
    assert len(refuse("config", "check", "vehicle", "my.toml").splitlines()) == 3


@pytest.mark.parametrize("kind", ["vehicle", "hq"])
def test_a_good_configuration_is_good(kind: str, here: Path) -> None:
    """Also with a byte order mark before it; and the look leaves nothing behind."""
    before = tree(here)
    toml = here / f"{kind}.toml"
    toml.write_bytes(b"\xef\xbb\xbf" + toml.read_bytes())
    done = subprocess.run([ROUNDSMAN, "config", "check", kind, toml], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(here).keys() == before.keys()
