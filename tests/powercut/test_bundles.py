"""A power cut while a car copies a bundle: whole bundles are there or none, and what was promised stays in force."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.errors import UserError
from edge.vehicle.config import VehicleConfig
from edge.vehicle.documents.bundle import Choice, choose, keep
from tests.bundles import key_in, signed_agency
from tests.powercut.crashes import crashes, laid_out
from tests.powercut.mount import mounted
from tests.powercut.operations import Operation
from tests.powercut.weakened import without_fsync

pytestmark = pytest.mark.usefixtures("can_mount")

CUTS = 100
FEW = 30


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Squaretown's bundles ``1``, ``2`` and ``3``, by version."""
    folder = tmp_path_factory.mktemp("made")
    for version in (1, 2, 3):
        signed_agency(folder, str(version), version=version)
    return folder


def car(delivered: Path, folder: Path, key: str) -> VehicleConfig:
    """A vehicle with its data in a folder, which trusts a key."""
    return VehicleConfig(unit="car-1", agency=delivered, agency_key=key, district="1", data=folder / "data")


def start(config: VehicleConfig) -> Choice:
    """What a vehicle does with bundles as it starts."""
    return keep(choose(config), config.data)


def record(made: Path, folder: Path) -> list[Operation]:
    """Three versions, one after the other, on a recording file system; a note says which are kept."""
    with mounted(folder) as mount:
        mount.note("0")
        for version in (1, 2, 3):
            assert start(car(made / str(version), mount.folder, key_in(made))).notices(0.0) == ()
            mount.note(str(version))
    return mount.log


def broken_promises(made: Path, log: list[Operation], cuts: int) -> list[str]:
    """What is wrong after power cuts: the bundle that was kept is not there, or the next start does not mend it."""
    found: list[str] = []
    key = key_in(made)
    for crash in crashes(log, cuts, seed=1):
        promised = int(crash.note.text)
        with laid_out(crash.image) as folder:
            try:
                there = choose(car(folder / "nothing", folder, key)).manifest.version
            except UserError:
                there = 0
            mended = start(car(made / "3", folder, key))
            if there < promised:
                found.append(f"lost: version {promised} was kept, and {there} is there (power cut {crash.after})")
            if mended.manifest.version != 3 or mended.notices(0.0) != ():
                found.append(f"broken: {mended.notices(0.0)} (power cut {crash.after})")
            if mended.key != key:
                found.append(f"key: another is trusted (power cut {crash.after})")
    return found


def test_a_power_cut_leaves_the_bundle_before_or_the_new_one_whole(made: Path, tmp_path: Path) -> None:
    """Never neither, never half of one; and the next start with the bundle delivered is as if nothing had been."""
    assert broken_promises(made, record(made, tmp_path / "mount"), CUTS) == []


@pytest.mark.parametrize("is_kind", [stat.S_ISREG, stat.S_ISDIR])
def test_without_syncing_a_bundle_is_lost_and_that_is_found_out(
    is_kind: Callable[[int], bool], made: Path, tmp_path: Path
) -> None:
    """So the check can fail: files or folders not synced before the name is given."""
    with without_fsync(is_kind):
        log = record(made, tmp_path / "mount")
    assert any(one.startswith("lost") for one in broken_promises(made, log, FEW))
