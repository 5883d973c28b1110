"""A sealed unit on a real systemd: a read-only root with an overlay in memory, records on a partition of their own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.fleet.folder import Fleet
from provisioning.image.image_files import write_image
from tests.provisioning.fleets import Clock, new_fleet, signed_square
from tests.provisioning.services import serving
from tests.system.machine import make_debian
from tests.system.sealed import SealedUnit
from tests.system.site import wait_for

__all__ = ["signed_square"]

pytestmark = pytest.mark.long


@pytest.fixture
def fleet(tmp_path: Path, signed_square: Path) -> Fleet:
    """A fleet of one, whose broker is away."""
    return new_fleet(signed_square, tmp_path, Clock(), units=1)


@pytest.fixture
def unit(fleet: Fleet, tmp_path: Path) -> Iterator[SealedUnit]:
    """A card of car-1, sealed before it was enrolled."""
    with fleet.registry() as registry:
        card = write_image(fleet, registry, registry.units()["car-1"], tmp_path / "cards", 7)
    made = SealedUnit(make_debian())
    made.lay_out(card)
    yield made
    made.halt()


def outside(unit: SealedUnit) -> dict[str, float]:
    """When each file of the root was last written, but for those on partitions."""
    kept = tuple(str(unit.root / name) for name in unit.partitions)
    files = (path for path in unit.root.rglob("*") if not str(path).startswith(kept))
    return {str(path): path.stat().st_mtime for path in files if path.is_file() and not path.is_symlink()}


def test_a_sealed_unit_enrols_patrols_and_survives_a_power_cut(fleet: Fleet, unit: SealedUnit) -> None:
    """Certificate and records are on the partition; nothing was written into the root; cut, it is the same car."""
    before = outside(unit)
    ledger = unit.root / "var/lib/roundsman/ledger.sqlite3"
    with serving(fleet):
        unit.boot()
        wait_for("its certificate", (unit.identity / "1/cert.pem").exists, 120.0)
        wait_for("its records", ledger.exists, 120.0)
        wait_for("its screen", lambda: unit.answers("vehicle"), 120.0)
    written, number = (unit.identity / "1/cert.pem").read_bytes(), ledger.stat().st_ino
    unit.cut()
    unit.boot()
    wait_for("its screen after the power cut", lambda: unit.answers("vehicle"), 120.0)
    assert (unit.identity / "1/cert.pem").read_bytes() == written
    assert ledger.stat().st_ino == number
    unit.cut()
    assert outside(unit) == before
    shutil.rmtree(unit.root / "var/lib/roundsman")
    unit.boot()  # for its halt
