"""A sealed unit on a real systemd: a read-only root with an overlay in memory, records on a partition of their own."""

import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from provisioning.fleet.folder import Fleet
from provisioning.image.image_files import write_image
from tests.provisioning.fleets import Clock, new_fleet, signed_square
from tests.provisioning.services import serving
from tests.system.enrolled import NewUnit
from tests.system.machine import BOOT, REPOSITORY, make_debian
from tests.system.site import wait_for

__all__ = ["signed_square"]

pytestmark = pytest.mark.long

WRITABLE: Final = ("var/lib/roundsman", "boot/firmware", "var/log/journal")
"""The data partition; a Pi's boot partition; and, for the test to read, the journal, which a device has in memory."""


class SealedUnit(NewUnit):
    """A unit as from its second boot on: what is written elsewhere than on its partitions is gone at a power cut."""

    def boot(self) -> None:
        """Start it."""
        for name in WRITABLE:
            (self.root / name).mkdir(parents=True, exist_ok=True)
        binds = " ".join(f'--bind="/run/below/{name}:/{name}"' for name in WRITABLE)
        below = 'mkdir /run/below\nmount --bind "$1" /run/below\nexec systemd-nspawn'  # as it is below the overlay
        command = BOOT.replace("exec systemd-nspawn", below).replace("--boot", f"--volatile=overlay {binds} --boot")
        arguments = [str(self.root), sysconfig.get_path("purelib"), str(REPOSITORY)]
        with (self.root.parent / "debian.log").open("wb") as log:
            self._process = subprocess.Popen(
                ["unshare", "--mount", "bash", "-c", command, "boot", *arguments],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip


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
    (made.root / "var/lib/roundsman").mkdir()
    subprocess.run(["chroot", made.root, "chown", "roundsman:roundsman", "/var/lib/roundsman"], check=True)
    yield made
    made.halt()


def outside(root: Path) -> dict[str, float]:
    """When each file of the root was last written, but for those on partitions."""
    kept = tuple(str(root / name) for name in WRITABLE)
    files = (path for path in root.rglob("*") if not str(path).startswith(kept))
    return {str(path): path.stat().st_mtime for path in files if path.is_file() and not path.is_symlink()}


def test_a_sealed_unit_enrols_patrols_and_survives_a_power_cut(fleet: Fleet, unit: SealedUnit) -> None:
    """Certificate and records are on the partition; nothing was written into the root; cut, it is the same car."""
    before = outside(unit.root)
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
    assert outside(unit.root) == before
    shutil.rmtree(unit.root / "var/lib/roundsman")
    unit.boot()  # for its halt
