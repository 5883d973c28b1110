"""`roundsman config check`: what a configuration names is looked at before a daemon stumbles over it."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from edge.contract.signing import create_private_key
from tests.bundles import EXPIRED, signed_agency
from tests.certificates import Authority
from tests.commands import HQ, ROUNDSMAN, VEHICLE, command_town, here, refuse, tree

__all__ = ["command_town", "here", "refuse"]

CONFIG_CHECKS: Final = {
    "agency": ('agency = "agency"', 'agency = "nowhere"', "nowhere/agency.json: No such file"),
    "district": ('district = "1"', 'district = "9"', "district: Squaretown has no district '9'; it has 1, 2"),
    "data unwritable": ('data = "data"', 'data = "/sys/data"', "data: /sys/data: cannot be used"),
    "data a file": ('data = "data"', 'data = "plan.toml"', "data: plan.toml: cannot be used"),
    "data below a file": ('data = "data"', 'data = "plan.toml/data"', "data: plan.toml/data: cannot be used"),
    "record's folder": ('data = "data"', 'data = "data"\nrecord = "nowhere/inputs"', "folder nowhere does not exist"),
    "record a folder": ('data = "data"', 'data = "data"\nrecord = "data"', "record: data: is a directory"),
    "log": (
        "[broker]",
        '[gps]\nsource = "replay"\nlog = "nowhere.nmea"\n[broker]',
        "gps.log: nowhere.nmea: does not exist",
    ),
    "log a folder": ("[broker]", '[gps]\nsource = "replay"\nlog = "tls"\n[broker]', "gps.log: tls: is a directory"),
    "no receiver": (
        "[broker]",
        '[gps]\nsource = "serial"\ndevice = "/dev/no-receiver"\n[broker]',
        "/dev/no-receiver: not found",
    ),
    "a receiver that is none": (
        "[broker]",
        '[gps]\nsource = "serial"\ndevice = "key.pem"\n[broker]',
        "is not a serial port",
    ),
    "authority": (
        "port = 1",
        'ca = "nowhere.pem"',
        "broker.ca: nowhere.pem: cannot be read (No such file or directory)",
    ),
    "authority's form": ("port = 1", 'ca = "plan.toml"', "broker.ca: plan.toml: contains no certificate in PEM form"),
    "certificate": (
        "port = 1",
        'ca = "tls/ca.crt"\ncert = "nowhere.pem"\nkey = "tls/car.key"',
        "broker.cert: nowhere.pem: cannot be read (No such file or directory)",
    ),
    "certificate's form": (
        "port = 1",
        'ca = "tls/ca.crt"\ncert = "tls/car.key"\nkey = "tls/car.key"',
        "broker.cert: tls/car.key: contains no certificate in PEM form",
    ),
    "private key": (
        "port = 1",
        'ca = "tls/ca.crt"\ncert = "tls/car.crt"\nkey = "tls"',
        "broker.key: tls: cannot be read (Is a directory)",
    ),
    "private key's form": (
        "port = 1",
        'ca = "tls/ca.crt"\ncert = "tls/car.crt"\nkey = "tls/car.crt"',
        "broker.key: tls/car.crt: contains no private key in PEM form",
    ),
    "another's private key": (
        "port = 1",
        'ca = "tls/ca.crt"\ncert = "tls/car.crt"\nkey = "tls/other.key"',
        "broker.key: tls/other.key: does not belong to the certificate in tls/car.crt",
    ),
    "a private key with a passphrase": (
        "port = 1",
        'ca = "tls/ca.crt"\ncert = "tls/car.crt"\nkey = "tls/locked.key"',
        "broker.key: tls/locked.key: is protected by a passphrase",
    ),
    "publisher's certificate": (
        'signing_key = "key.pem"\n[broker]\n',
        '[publisher]\nca = "nowhere.pem"\n[broker]\n',
        "publisher.ca: nowhere.pem: cannot be read",
    ),
    "database": ('database = "hq.sqlite"', 'database = "plan.toml"', "database: plan.toml: is not a SQLite database"),
    "database's folder": ('database = "hq.sqlite"', 'database = "nowhere/hq"', "folder nowhere does not exist"),
    "database a folder": ('database = "hq.sqlite"', 'database = "data"', "database: data: is a directory"),
    "database unwritable": ('database = "hq.sqlite"', 'database = "/sys/hq"', "database: /sys/hq: cannot be used"),
    "no key": ('signing_key = "key.pem"', 'signing_key = "nowhere.pem"', "signing_key: nowhere.pem"),
    "an open key": ('signing_key = "key.pem"', 'signing_key = "open.pem"', "signing_key: open.pem: other users"),
    "a role's key": ('signing_key = "key.pem"', '[keys]\nplan = "nowhere.pem"', "keys.plan: nowhere.pem"),
    "a role's other key": (
        'signing_key = "key.pem"',
        '[keys]\ncontext = "other.pem"',
        "keys.context: other.pem is a key that is not in the current bundle",
    ),
    "another key": (
        'signing_key = "key.pem"',
        'signing_key = "other.pem"',
        "is a key that is not in the current bundle",
    ),
}


@pytest.mark.parametrize("mistake", CONFIG_CHECKS)
def test_config_check_looks_at_what_the_configuration_names(
    mistake: str, here: Path, refuse: Callable[..., str]
) -> None:
    """Agency, district, data folder, recording, log, certificates, database, keys: before a daemon stumbles."""
    certificates(here / "tls")
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


def test_a_vehicle_needs_a_signed_bundle_and_headquarters_is_told_so(here: Path, refuse: Callable[..., str]) -> None:
    """A mistake in one's configuration, a note in the other's."""
    (here / "agency" / "signature.json").unlink()
    said = refuse("config", "check", "vehicle", "vehicle.toml")
    assert said == (
        "roundsman: vehicle.toml: agency: agency/signature.json: not signed; "
        "sign the bundle with `roundsman agency sign`\n"
    )
    assert checked("hq").startswith("hq.toml: note: agency: agency/signature.json: not signed;")


def test_an_expired_bundle_is_noted_for_both(here: Path) -> None:
    """Neither daemon minds; somebody should."""
    signed_agency(here, version=2, **EXPIRED)
    for kind in ("vehicle", "hq"):
        note, good = checked(kind).splitlines()
        assert note.startswith(f"{kind}.toml: note: agency: Agency bundle version 2 expired on 2026-02-02")
        assert good == f"{kind}.toml: OK"


def test_the_key_that_a_vehicle_trusts_must_be_the_bundles(here: Path, refuse: Callable[..., str]) -> None:
    """It is the configuration that vouches for the bundle."""
    (here / "vehicle.toml").write_text(re.sub('(?<=agency_key = ").*(?=")', "00" * 32, VEHICLE))
    assert "not signed with the trusted agency key" in refuse("config", "check", "vehicle", "vehicle.toml")


def certificates(folder: Path) -> None:
    """An authority's certificate, ``car.crt`` with its key, another's key, and one with a passphrase."""
    folder.mkdir()
    authority = Authority(folder, "ca")
    authority.issue("car")
    locked = load_pem_private_key(authority.issue("other").key.read_bytes(), password=None)
    secret = BestAvailableEncryption(b"open sesame")
    (folder / "locked.key").write_bytes(locked.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))


def test_a_vehicle_says_what_it_patrols_without_before_it_is_ready(here: Path) -> None:
    """Receiver and certificates are named before the address; and it runs, as officers patrol all the same."""
    gps = '[gps]\nsource = "serial"\ndevice = "/dev/no-receiver"\n[touchscreen]\nport = 0\n[broker]\nca = "plan.toml"'
    (here / "my.toml").write_text(VEHICLE.replace("[broker]", gps))
    with subprocess.Popen(
        [ROUNDSMAN, "vehicle", "run", "--config", "my.toml"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as daemon:
        assert daemon.stdout is not None
        said = [daemon.stdout.readline().rstrip() for _ in range(3)]
        daemon.terminate()
    assert said[0].startswith("my.toml: gps.device: /dev/no-receiver: not found; plug in the receiver")
    assert (
        said[1]
        == "my.toml: broker.ca: plan.toml: contains no certificate in PEM form; replace the file, or use another"
    )
    assert "http://127.0.0.1:" in said[2] or said[2].startswith(("link:", "gps:"))
    assert daemon.returncode == 0


def checked(kind: str) -> str:
    """What a good configuration's check says."""
    done = subprocess.run(
        [ROUNDSMAN, "config", "check", kind, f"{kind}.toml"], capture_output=True, text=True, check=True
    )
    return done.stdout
