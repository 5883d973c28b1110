"""A fleet's folder for tests: an authority for Squaretown, its signed bundle, and a clock that a test sets."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.agency.build import build_agency
from edge.contract.signing import create_private_key
from edge.demo.broker import free_port
from provisioning.fleet import folder as fleets
from provisioning.fleet.folder import Fleet
from provisioning.units.units_file import read_units
from tests.agency.square import LASTING, write_square

KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(32))
HOST: Final = "127.0.0.1"


@dataclass
class Clock:
    """POSIX seconds, from now on as a test says."""

    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        """The time."""
        return self.now

    def later(self, days: float) -> None:
        """So many days pass."""
        self.now += days * 86_400.0


def csv_of(count: int, board: str = "rpi5") -> str:
    """A fleet of so many units, as an admin writes it."""
    return "unit,board,district\n" + "".join(f"car-{number},{board},1\n" for number in range(1, count + 1))


@pytest.fixture(scope="session")
def signed_square(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Squaretown's signed bundle."""
    folder = tmp_path_factory.mktemp("signed square")
    create_private_key(folder / "key.pem", KEY)
    build_agency(write_square(folder), folder / "agency", key=folder / "key.pem", terms=LASTING)
    return folder / "agency"


@pytest.fixture
def clock() -> Clock:
    """The time of a test."""
    return Clock()


def new_fleet(bundle: Path, folder: Path, clock: Callable[[], float], units: int = 0) -> Fleet:
    """A fleet below a folder: all of headquarters on this machine, on ports that are free."""
    shutil.copytree(bundle, folder / "agency")
    fleets.init(folder / "fleet", folder / "agency", HOST, clock)
    (folder / "fleet/fleet.toml").write_text(
        f'agency = "{folder}/agency"\n'
        f'[broker]\nhost = "{HOST}"\nport = {free_port()}\nfiles = "{folder}/broker"\n'
        f'reload = ["sh", "-c", "kill -HUP $(cat {folder}/broker/pid)"]\n'
        f'[enrolment]\nhost = "{HOST}"\nport = {free_port()}\nlisten = "{HOST}"\n'
    )
    fleet = Fleet(folder / "fleet", clock)
    if units:
        (folder / "units.csv").write_text(csv_of(units))
        with fleet.registry() as registry, registry.transaction():
            registry.put_units(read_units(folder / "units.csv", fleet.agency.areas))
    return fleet


@pytest.fixture
def fleet(signed_square: Path, tmp_path: Path, clock: Clock) -> Fleet:
    """A new fleet of three units."""
    return new_fleet(signed_square, tmp_path, clock, units=3)
